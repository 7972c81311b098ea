// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/two_cses.h"

#include <stdexcept>

namespace saef::interop_test {
namespace {

struct Client {
  const char* name;
  const char* id;
  const char* type;
};

constexpr Client kMafClients[] = {
    {"in", "//sp.example.com/in", "CSE"},      {"mn", "//sp.example.com/mn", "CSE"},
    {"bmn", "//sp.example.com/mn/Cbmn", "AE"}, {"mn2", "//sp.example.com/mn2", "CSE"},
    {"ain", "//sp.example.com/in/Cain", "AE"}, {"amn", "//sp.example.com/mn/Camn", "AE"},
    {"adm", "//sp.example.com/in/Cadm", "AE"},
};

std::string KmOf(const std::string& name) {
  std::string hex(64, '1');
  for (std::size_t i = 0; i < name.size(); ++i) {
    hex[i] = "0123456789abcdef"[name[i] & 15];
  }
  return hex;
}

std::string MafFile() {
  std::string clients;
  for (const Client& client : kMafClients) {
    const std::string name = client.name;
    clients += (clients.empty() ? "" : ",") + (R"({"kmId":")" + name) +
               R"(@maf.example.com","kmFile":")" + name + R"(.km","entityId":")" + client.id +
               R"(","entityType":")" + client.type +
               R"(","mayRegisterFor":["//sp.example.com/in","//sp.example.com/mn"]})";
  }
  return R"({"fqdn":"maf.example.com","listen":["coaps://127.0.0.1:0"],"store":"maf.sqlite",
    "storeKeyFile":"store.key","clients":[)" +
         clients + "]}";
}

std::string PluginFile(const std::string& cse, const std::string& maf_uri,
                       const std::string& more) {
  return R"({"cse":{"id":"/)" + cse + R"(","serviceProvider":"sp.example.com"},
    "mafs":[{"fqdn":"maf.example.com","keyRetrieval":")" +
         maf_uri + R"(/kr","kmId":")" + cse + R"(@maf.example.com","kmFile":")" + cse +
         R"(.km"}])" + more + "}";
}

std::string CseFile(const std::string& cse, const std::string& listen, const std::string& more) {
  return R"({"id":"/)" + cse + R"(","serviceProvider":"sp.example.com","listen":[)" + listen +
         R"(],"plugins":[{"module":")" SAEF_MODULE_FILE R"(","config":")" + cse +
         R"(-saef.json"}],)" + more + "}";
}

constexpr const char* kAnyPorts = R"("coaps://127.0.0.1:0","https://127.0.0.1:0")";

}  // namespace

TwoCses::TwoCses(TwoCsesOptions options) : options_(std::move(options)), in_listen_(kAnyPorts) {
  folder_.Write("store.key", std::string(64, '5'));
  for (const Client& client : kMafClients) {
    folder_.Write(std::string(client.name) + ".km", KmOf(client.name));
  }
  maf_ = Started(maf::Maf::Start(folder_.Write("maf.json", MafFile()), logs_[0].log()));
  const std::string& maf_uri = maf_->uris().front();
  folder_.Write("in-saef.json", PluginFile("in", maf_uri, ""));
  folder_.Write("mn-saef.json", PluginFile("mn", maf_uri, options_.mn_rules));
  // IN learns from MN's registration where MN is; the port here is nobody's.
  WriteEntity("in", "mn", options_.link_scheme + "://127.0.0.1:1", "link-");
  StartIn();
  in_listen_ = "\"" + UriOf(*in_, "coaps") + "\",\"" + UriOf(*in_, "https") + "\"";
  WriteEntity("mn", "in", UriOf(*in_, options_.link_scheme), "link-");
  StartMn();
}

void TwoCses::StartIn() {
  const std::string path =
      folder_.Write("in.json", CseFile("in", in_listen_,
                                       R"("cseType":"IN","administrators":["Cadm"],
                            "remoteCses":[{"entity":"link-in-mn.json"}])"));
  in_ = Started(cse::Cse::Start(path, logs_[1].log()));
}

void TwoCses::StartMn() {
  mn_.reset();
  const std::string path = folder_.Write(
      "mn.json",
      CseFile("mn", kAnyPorts,
              R"("remoteCses":[{"entity":"link-mn-in.json","register":true,"refreshSeconds":1}])"));
  mn_ = Started(cse::Cse::Start(path, logs_[2].log()));
}

std::string TwoCses::UriOf(const cse::Cse& cse, const std::string& scheme) const {
  for (const std::string& uri : cse.uris()) {
    if (uri.starts_with(scheme + ":")) {
      return uri;
    }
  }
  throw std::runtime_error("the CSE doesn't listen there");
}

std::string TwoCses::WriteEntity(const std::string& name, const std::string& cse,
                                 const std::string& uri, const std::string& prefix) const {
  const Client* client = nullptr;
  for (const Client& one : kMafClients) {
    client = one.name == name ? &one : client;
  }
  const int seconds = prefix.empty() ? 3600 : options_.link_key_seconds;
  return folder_.Write(
      prefix + name + "-" + cse + ".json",
      R"({"entityId":")" + std::string(client->id) + R"(","entityType":")" + client->type +
          R"(","maf":{"fqdn":"maf.example.com","keyRegistration":")" + maf_->uris().front() +
          R"(/kr","kmId":")" + name + R"(@maf.example.com","kmFile":")" + name +
          R"(.km"},"cse":{"id":"//sp.example.com/)" + cse + R"(","uris":[")" + uri +
          R"("]},"lifetimeSeconds":)" + std::to_string(seconds) + R"(,"timeoutMs":20000})");
}

void TwoCses::WaitForRegistration() {
  if (!Eventually([&] { return mn_->registered(); })) {
    throw std::runtime_error("MN doesn't come to be registered with IN; the MAF:\n" +
                             logs_[0].text() + "IN:\n" + logs_[1].text() + "MN:\n" +
                             logs_[2].text());
  }
}

std::unique_ptr<entity_a::EntityA> TwoCses::Entity(const std::string& name, const std::string& cse,
                                                   const std::string& scheme) const {
  const std::string uri = UriOf(cse == "in" ? *in_ : *mn_, scheme);
  return Started(entity_a::EntityA::Open(WriteEntity(name, cse, uri, ""), {}));
}

}  // namespace saef::interop_test
