// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/provision/writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "onem2m/json.h"
#include "onem2m/key_derivation.h"
#include "tools/certificate_authority.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using rapidjson::Document;
using rapidjson::Value;

constexpr mode_t kForOwner = S_IRUSR | S_IWUSR;
constexpr mode_t kForAll = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;

bool WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

ProvisionWriter::ProvisionWriter(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) Fail(folder_.string() + ": cannot be made: " + error.message());
}

void ProvisionWriter::Write(const std::string& name, std::string_view content, mode_t mode) {
  if (failed()) return;
  const fs::path path = folder_ / name;
  // O_EXCL: what exists is somebody's working configuration.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) {
    Fail(path.string() + ": " + std::strerror(errno) +
         (errno == EEXIST ? "; nothing is overwritten: choose another folder or remove it first"
                          : ""));
    return;
  }
  const bool written = WriteAll(fd, content);
  if (::close(fd) != 0 || !written) {
    Fail(path.string() + ": could not be written: " + std::strerror(errno));
    return;
  }
  written_.push_back(path);
}

void ProvisionWriter::WriteKey(const std::string& name) {
  auto key = onem2m::Secret::Random(onem2m::kKeyLength);
  if (!key) return Fail(name + ": no key could be made: " + key.error().message());
  std::string text = key->ToHex() + "\n";
  Write(name, text, kForOwner);
  onem2m::Wipe(text);
}

void ProvisionWriter::WritePrivateKey(const std::string& name, const onem2m::Secret& der) {
  std::string text = ToPem("EC PRIVATE KEY", der);
  Write(name, text, kForOwner);
  onem2m::Wipe(text);
}

void ProvisionWriter::WritePem(const std::string& name, std::string_view label,
                               std::string_view der) {
  Write(name, ToPem(label, der), kForAll);
}

void ProvisionWriter::WriteDocument(const std::string& name, const Document& document) {
  Write(name, onem2m::WritePrettyJson(document) + "\n", kForAll);
}

void ProvisionWriter::Fail(std::string text) {
  if (error_.empty()) error_ = std::move(text);
}

Written ProvisionWriter::Result() && {
  if (failed()) return std::move(error_);
  return std::move(written_);
}

void AddMember(Document& document, Value& object, const char* member, const std::string& text) {
  object.AddMember(Value(member, document.GetAllocator()),
                   Value(text.c_str(), document.GetAllocator()), document.GetAllocator());
}

void AddMember(Document& document, Value& object, const char* member,
               const std::vector<std::string>& texts) {
  Value array(rapidjson::kArrayType);
  for (const std::string& text : texts) {
    array.PushBack(Value(text.c_str(), document.GetAllocator()), document.GetAllocator());
  }
  object.AddMember(Value(member, document.GetAllocator()), array, document.GetAllocator());
}

void AddMember(Document& document, Value& object, const char* member, Value value) {
  object.AddMember(Value(member, document.GetAllocator()), value, document.GetAllocator());
}

}  // namespace saef::tools
