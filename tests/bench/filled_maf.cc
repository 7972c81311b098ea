// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/filled_maf.h"

#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string_view>
#include <utility>
#include <variant>

#include "tests/bench/filled_store.h"
#include "tests/bench/maf_credential.h"

namespace saef::bench {
namespace {

constexpr std::chrono::minutes kStartTimeout{5};
const std::string kStoreKey(64, '7');  // in hexadecimal digits

std::string Hex(std::string_view octets) {
  std::string text;
  char digits[3];
  for (const char octet : octets) {
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned char>(octet));
    text += digits;
  }
  return text;
}

void WriteFile(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
  chmod(path.c_str(), S_IRUSR | S_IWUSR);
}

}  // namespace

std::string FilledMaf::Configuration() const {
  std::string text = R"({"fqdn": "maf.example.com", "listen": ["coaps://127.0.0.1:0"],
"store": "store", "storeKeyFile": "store.key", "maxKeysPerClient": 10000000,
"sweepIntervalSeconds": 86400, "threads": 1, "clients": [
{"kmId": ")" + kTargetKmId +
                     R"(", "kmFile": "km", "entityType": "CSE", "entityId": ")" + kTargetId +
                     R"("})";
  for (std::size_t i = 0; i < ids_.size(); i += kKeysOfSource) {
    text += R"(, {"kmId": ")" + SourceKmId(i) +
            R"(", "kmFile": "km", "entityType": "AE", "entityId": ")" + SourceAeId(i) +
            R"(", "mayRegisterFor": [")" + kTargetId + R"("]})";
  }
  return text + "]}\n";
}

std::optional<std::string> FilledMaf::Start(const std::string& program) {
  WriteFile(folder_.path() / "store.key", kStoreKey);
  WriteFile(folder_.path() / "km", Hex(kMasterKey));
  WriteFile(folder_.path() / "maf.json", Configuration());
  if (auto problem = FillStore((folder_.path() / "store").string(), kStoreKey, ids_)) {
    return problem;
  }
  auto started = tools::ChildProcess::Start(
      program, {"maf", "--config", (folder_.path() / "maf.json").string()}, folder_.path() / "log",
      kStartTimeout);
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  process_.emplace(std::move(std::get<tools::ChildProcess>(started)));
  return std::nullopt;
}

}  // namespace saef::bench
