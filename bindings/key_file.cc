// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>

#include "bindings/log.h"

namespace saef::bindings {
namespace {

constexpr std::size_t kMinKeySize = 16;
constexpr std::size_t kMaxKeySize = 64;
constexpr std::string_view kWhiteSpace = " \t\r\n";

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

}  // namespace

std::string CheckOwnerAndMode(const File& file, const std::string& path) {
  const struct stat& status = file.status();
  const std::string name = Quote(path, 4096);
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return name + " belongs to another user; a key file must belong to the user who reads it: " +
           "chown " + std::to_string(geteuid()) + " " + name;
  }
  if ((status.st_mode & 077) != 0) {
    return name + " can be read or changed by other users; do this: chmod 600 " + name;
  }
  return {};
}

std::variant<onem2m::Secret, std::string> ReadKeyFile(const std::string& path) {
  auto opened = File::Open(path);
  if (auto* error = std::get_if<std::string>(&opened)) {
    return std::move(*error);
  }
  File& file = std::get<File>(opened);
  if (std::string error = CheckOwnerAndMode(file, path); !error.empty()) {
    return error;
  }
  std::array<char, kMaxKeyFileSize + 1> text;
  const auto length = file.Read(text);
  const std::span<std::uint8_t> used(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  if (!length || *length > kMaxKeyFileSize) {
    onem2m::Wipe(used);
    return Quote(path, 4096) + (length ? " is larger than a key file can be (" +
                                             std::to_string(kMaxKeyFileSize) + " octets)"
                                       : std::string(" can't be read"));
  }
  auto key = onem2m::Secret::FromHex(Trim({text.data(), *length}));
  onem2m::Wipe(used);
  if (!key) {
    return Quote(path, 4096) + " holds no key in hexadecimal digits: " + key.error().message();
  }
  if (key->size() < kMinKeySize || key->size() > kMaxKeySize) {
    return Quote(path, 4096) + " holds a key of " + std::to_string(key->size()) +
           " octets; 16 to 64 are needed (32 is usual: 64 digits)";
  }
  return std::move(*key);
}

}  // namespace saef::bindings
