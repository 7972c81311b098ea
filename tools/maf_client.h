// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client of the MAF that an entity.json names, for the procedures that Entity A doesn't do by
// itself (roles/entity-a/key_use.h).
#ifndef SAEF_TOOLS_MAF_CLIENT_H_
#define SAEF_TOOLS_MAF_CLIENT_H_

#include <rapidjson/document.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "bindings/client.h"
#include "roles/entity-a/key_use.h"

namespace saef::tools {

// Fills `options` with the credential of a block ("kmId" and "kmFile", "kpmId" and "kpmFile", or
// "certificate") whose files are relative to `folder`. Or a sentence.
std::optional<std::string> TakeCredential(const rapidjson::Value& block,
                                          const std::filesystem::path& folder,
                                          bindings::ClientOptions& options);

class MafOfEntity {
 public:
  // From an entity.json. Nothing is sent yet. Or a sentence: what is wrong with it.
  static std::variant<MafOfEntity, std::string> Open(const std::filesystem::path& configuration);

  // For one procedure after the other.
  entity_a::MafAt at() const { return {*client_, fqdn_, path_, originator_}; }
  // The same with a fresh session, which Key Registration needs.
  void Disconnect() const { client_->Disconnect(); }

 private:
  MafOfEntity(std::unique_ptr<bindings::Client> client, onem2m::Fqdn fqdn, std::string path,
              std::optional<std::string> originator);

  std::unique_ptr<bindings::Client> client_;
  onem2m::Fqdn fqdn_;
  std::string path_;
  std::optional<std::string> originator_;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_MAF_CLIENT_H_
