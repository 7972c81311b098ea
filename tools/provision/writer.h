// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProvisionWriter: writes the files of a provisioning into its folder: keys and private keys with
// mode 0600, everything else readable. What exists is somebody's working configuration and is never
// overwritten. The first thing that goes wrong is kept, and nothing is written after it.
//
// Threads: one thread at a time.
#ifndef SAEF_TOOLS_PROVISION_WRITER_H_
#define SAEF_TOOLS_PROVISION_WRITER_H_

#include <rapidjson/document.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/secret.h"
#include "tools/provision/provision.h"

namespace saef::tools {

class ProvisionWriter {
 public:
  explicit ProvisionWriter(std::filesystem::path folder);

  // A fresh key of 32 octets as hexadecimal digits.
  void WriteKey(const std::string& name);
  void WritePrivateKey(const std::string& name, const onem2m::Secret& der);
  void WritePem(const std::string& name, std::string_view label, std::string_view der);
  void WriteDocument(const std::string& name, const rapidjson::Document& document);
  void Fail(std::string text);
  bool failed() const { return !error_.empty(); }

  // The names of the files, or the sentence that says what went wrong.
  Written Result() &&;

 private:
  void Write(const std::string& name, std::string_view content, mode_t mode);

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> written_;
  std::string error_;
};

// Members are added through these, so that every string is the document's own.
void AddMember(rapidjson::Document& document, rapidjson::Value& object, const char* member,
               const std::string& text);
void AddMember(rapidjson::Document& document, rapidjson::Value& object, const char* member,
               const std::vector<std::string>& texts);
void AddMember(rapidjson::Document& document, rapidjson::Value& object, const char* member,
               rapidjson::Value value);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_PROVISION_WRITER_H_
