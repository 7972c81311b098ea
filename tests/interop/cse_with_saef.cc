// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/cse_with_saef.h"

#include <fstream>

namespace saef::interop_test {

std::string CseWithSaef::WriteFile(const std::string& name, const std::string& text) const {
  const std::string path = folder_ + "/" + name;
  std::ofstream(path, std::ios::trunc) << text;
  return path;
}

void CseWithSaef::StartCse(const std::string& saef, const std::string& more) {
  cse.reset();
  cse_log.Clear();
  WriteFile("saef.json",
            R"({"cse":{"id":"/cse1","serviceProvider":"sp.example.com"},)" + saef + "}");
  cse = Started(
      cse::Cse::Start(WriteFile("cse.json", R"({"id":"/cse1","serviceProvider":"sp.example.com",
        "listen":["coaps://127.0.0.1:0","https://127.0.0.1:0"],
        "plugins":[{"module":")" SAEF_MODULE_FILE R"(","config":"saef.json"}])" +
                                                more + "}"),
                      cse_log.log()));
}

std::string CseWithSaef::Uri(const std::string& scheme) const {
  for (const std::string& uri : cse->uris()) {
    if (uri.starts_with(scheme + ":")) {
      return uri;
    }
  }
  throw std::runtime_error("the CSE doesn't listen there");
}

std::unique_ptr<entity_a::EntityA> CseWithSaef::Entity(const std::string& scheme,
                                                       const std::string& members,
                                                       const std::string& cse_id) const {
  return Started(entity_a::EntityA::Open(
      WriteFile("entity.json", "{" + members + R"(,"cse":{"id":")" + cse_id + R"(","uris":[")" +
                                   Uri(scheme) + R"("]},"timeoutMs":20000})"),
      {}));
}

}  // namespace saef::interop_test
