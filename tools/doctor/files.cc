// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "onem2m/json.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxConfiguration = 1 << 20;

}  // namespace

std::optional<rapidjson::Document> ExamineJson(const fs::path& path, Findings* findings) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) {
    findings->push_back(BadFinding(
        ExitCode::kUsage,
        path.string() + ": can't be read: " + (error ? error.message() : std::strerror(errno)),
        "name a party's configuration with --config; `saef provision` writes them"));
    return std::nullopt;
  }
  if (size > kMaxConfiguration) {
    findings->push_back(BadFinding(ExitCode::kUsage, path.string() + ": is larger than 1 MiB",
                                   "name a party's configuration, not another file"));
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto document = onem2m::ParseJson(text);
  if (!document || !document->IsObject()) {
    findings->push_back(BadFinding(ExitCode::kUsage, path.string() + ": is not a JSON object",
                                   "compare it with the example in docs/configuration.md"));
    return std::nullopt;
  }
  findings->push_back(GoodFinding(path.string() + ": is JSON"));
  return std::move(*document);
}

Finding ExamineKeyFile(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return BadFinding(ExitCode::kUsage, "key file " + path.string() + ": " + std::strerror(errno),
                      "put the key there as hexadecimal digits, with mode 0600");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return BadFinding(ExitCode::kUsage,
                      "key file " + path.string() + ": can be read or written by others",
                      "chmod 600 " + path.string() +
                          "; if others could have read it, replace the key on both sides too");
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return BadFinding(ExitCode::kUsage, "key file " + path.string() + ": belongs to another user",
                      "chown it to the user that runs the program");
  }
  return GoodFinding("key file " + path.string() + ": only its owner can read it");
}

Finding ExamineStateFile(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
      return GoodFinding("state file " + path.string() + ": only its owner can read it");
    return BadFinding(ExitCode::kUsage,
                      "state file " + path.string() + ": can be read or written by others",
                      "chmod 600 " + path.string() +
                          "; if others could have read it, remove it: the next "
                          "enrolment makes fresh keys");
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return BadFinding(ExitCode::kUsage,
                      "state file " + path.string() + ": can't be made: " + std::strerror(errno),
                      "let the user that runs the program write in " + folder.string());
  }
  return GoodFinding("state file " + path.string() + ": will be made by the first enrolment");
}

}  // namespace saef::tools
