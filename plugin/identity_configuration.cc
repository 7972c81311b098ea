// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/identity_configuration.h"

#include <algorithm>
#include <set>
#include <utility>

#include "bindings/credential.h"
#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/json.h"
#include "plugin/identities.h"

namespace saef::plugin {

const std::string_view kIdentitySchemaMembers = R"json(
  "provisionedKeys": {
    "type": "array", "maxItems": 10000,
    "description": "keys that were provisioned for security associations, at most 10000",
    "items": {
      "type": "object",
      "required": ["kpsaId", "kpsaFile"],
      "additionalProperties": false,
      "properties": {
        "kpsaId": {"type": "string", "minLength": 1, "maxLength": 128,
             "description": "the KpsaId, a name, '@' and a domain, e.g. \"meter7@issuer.example.com\""},
        "kpsaFile": {"type": "string", "minLength": 1, "maxLength": 4096,
             "description": "the file that holds Kpsa in hexadecimal digits, with mode 0600"},
        "entityId": {"type": "string", "minLength": 2, "maxLength": 512,
             "description": "the entity with this key, e.g. \"//sp.example.com/cse2\""},
        "entityType": {"type": "string", "enum": ["AE", "CSE"],
             "description": "what entityId names, \"AE\" or \"CSE\""},
        "expirationTime": {"type": "string", "minLength": 15, "maxLength": 22,
             "description": "when the key ends, in UTC, e.g. \"20301231T235959\""}
      }
    }
  },
  "certificates": {
    "type": "object",
    "required": ["trustAnchorFiles"],
    "additionalProperties": false,
    "properties": {
      "trustAnchorFiles": {
        "type": "array", "minItems": 1, "maxItems": 64,
        "description": "files with the certificates (PEM) of the CAs that are trusted, 1 to 64",
        "items": {"type": "string", "minLength": 1, "maxLength": 4096,
                  "description": "a file with certificates (PEM)"}
      }
    }
  },
  "identities": {
    "type": "array", "maxItems": 10000,
    "description": "which entity is behind which credential, at most 10000",
    "items": {
      "type": "object",
      "required": ["credentialId"],
      "additionalProperties": false,
      "properties": {
        "credentialId": {"type": "string", "minLength": 4, "maxLength": 256,
             "description": "a Credential-ID, e.g. \"11-meter7@maf.example.com\""},
        "entityId": {"type": "string", "minLength": 2, "maxLength": 512,
             "description": "the entity with this credential, e.g. \"//sp.example.com/cse1/Cmeter7\""},
        "entityIds": {
          "type": "array", "minItems": 1, "maxItems": 64,
          "description": "the AE-IDs that a device or node may have, 1 to 64",
          "items": {"type": "string", "minLength": 2, "maxLength": 512,
                    "description": "an AE-ID"}
        },
        "entityType": {"type": "string", "enum": ["AE", "CSE"],
             "description": "what entityId names, \"AE\" or \"CSE\""},
        "expirationTime": {"type": "string", "minLength": 15, "maxLength": 22,
             "description": "when this ends, in UTC, e.g. \"20301231T235959\""}
      }
    }
  },
  "applicationRules": {
    "type": "object",
    "required": ["node"],
    "additionalProperties": false,
    "properties": {
      "node": {"type": "string", "minLength": 2, "maxLength": 1024,
             "description": "the address of this CSE's <serviceSubscribedNode>, e.g. \"/in-cse/profile/cse1\""},
      "refreshSeconds": {"type": "integer", "minimum": 1, "maximum": 86400,
             "description": "after how many seconds the rules are retrieved again, 1 to 86400"}
    }
  },
)json";

namespace {

using bindings::ConfigurationFile;
using onem2m::CredentialType;
using rapidjson::Value;

class IdentityReader {
 public:
  IdentityReader(const ConfigurationFile& file, const onem2m::CseId& own)
      : file_(file), own_(own) {}

  std::variant<IdentityConfiguration, std::string> Read() {
    const bool right = ForEach("provisionedKeys", &IdentityReader::ReadProvisionedKey) &&
                       ReadCertificates() && ForEach("identities", &IdentityReader::ReadIdentity) &&
                       ReadRules();
    if (!right) return error_;
    return std::move(configuration_);
  }

 private:
  bool Wrong(const std::string& where, const std::string& what) {
    error_ = file_.path + ": " + where + ": " + what;
    return false;
  }
  static std::optional<std::string> Text(const Value& object, const char* name) {
    const Value* const value = onem2m::FindMember(object, name);
    if (value == nullptr) return std::nullopt;
    return std::string(value->GetString(), value->GetStringLength());
  }

  bool ForEach(const char* name, bool (IdentityReader::*read)(const Value&, const std::string&)) {
    const Value* const array = onem2m::FindMember(file_.document, name);
    if (array == nullptr) return true;
    for (rapidjson::SizeType i = 0; i < array->Size(); ++i) {
      if (!(this->*read)((*array)[i], "/" + std::string(name) + "/" + std::to_string(i))) {
        return false;
      }
    }
    return true;
  }

  bool ReadExpiration(const Value& object, const std::string& where,
                      std::optional<onem2m::Time>& expires) {
    const auto text = Text(object, "expirationTime");
    if (!text) return true;
    const auto time = onem2m::ParseTimestamp(*text);
    if (!time) {
      return Wrong(where + "/expirationTime",
                   bindings::Quote(*text) + " is no time such as \"20301231T235959\"");
    }
    expires = *time;
    return true;
  }

  // Nothing where entityId is missing.
  bool ReadEntity(const Value& object, const std::string& where, Source::Entity& entity) {
    const auto id = Text(object, "entityId");
    const auto type = Text(object, "entityType");
    if (!id) {
      return !type || Wrong(where + "/entityType", "says what entityId names, which is missing");
    }
    if (!type) return Wrong(where, "entityType is missing: \"AE\" or \"CSE\"");
    if (*type == "AE") return ReadAe(*id, where + "/entityId", entity);
    auto cse = onem2m::CseId::Parse(*id, own_.sp());
    if (!cse) {
      return Wrong(where + "/entityId",
                   bindings::Quote(*id) +
                       " is no CSE-ID such as \"//sp.example.com/cse2\": " + cse.error().message());
    }
    if (*cse == own_) return Wrong(where + "/entityId", "is this CSE itself");
    entity = std::move(*cse);
    return true;
  }

  std::optional<onem2m::AeId> ParseAe(const std::string& id, const std::string& where) {
    auto ae = onem2m::AeId::Parse(id, own_);
    if (ae) return std::move(*ae);
    Wrong(where, bindings::Quote(id) + " is no AE-ID such as \"//sp.example.com/cse1/Cmeter7\": " +
                     ae.error().message());
    return std::nullopt;
  }
  bool ReadAe(const std::string& id, const std::string& where, Source::Entity& entity) {
    auto ae = ParseAe(id, where);
    if (!ae) return false;
    entity = std::move(*ae);
    return true;
  }

  bool ReadProvisionedKey(const Value& object, const std::string& where) {
    const std::string text = *Text(object, "kpsaId");
    auto kpsa_id = onem2m::KpsaId::Parse(text);
    if (!kpsa_id) {
      return Wrong(where + "/kpsaId", bindings::Quote(text) +
                                          " is no KpsaId such as \"meter7@issuer.example.com\": " +
                                          kpsa_id.error().message());
    }
    if (!kpsa_ids_.insert(kpsa_id->Canonical()).second) {
      return Wrong(where + "/kpsaId", "stands here twice");
    }
    auto kpsa = bindings::ReadKeyFile(file_.Resolve(*Text(object, "kpsaFile")));
    if (const auto* const error = std::get_if<std::string>(&kpsa)) {
      return Wrong(where + "/kpsaFile", *error);
    }
    ProvisionedKeyConfiguration key{std::move(*kpsa_id), std::get<onem2m::Secret>(std::move(kpsa)),
                                    std::nullopt};
    Source::Entity entity;
    if (!ReadEntity(object, where, entity) || !ReadExpiration(object, where, key.expires)) {
      return false;
    }
    auto credential_id = onem2m::CredentialId::Make(CredentialType::kKpsaIdOrKcId, text);
    if (!credential_id) return Wrong(where + "/kpsaId", credential_id.error().message());
    configuration_.provisioned_keys.push_back(std::move(key));
    return std::holds_alternative<std::monostate>(entity) ||
           Add({std::move(*credential_id), std::move(entity), std::nullopt}, where + "/kpsaId");
  }

  bool Add(ConfiguredIdentity identity, const std::string& where) {
    if (!credentials_.insert(CredentialKey(identity.credential_id.text())).second) {
      return Wrong(where, "stands here twice, or also with the provisioned keys");
    }
    configuration_.identities.push_back(std::move(identity));
    return true;
  }

  bool ReadCertificates() {
    const Value* const certificates = onem2m::FindMember(file_.document, "certificates");
    if (certificates == nullptr) return true;
    const Value& files = (*certificates)["trustAnchorFiles"];
    for (rapidjson::SizeType i = 0; i < files.Size(); ++i) {
      const std::string name(files[i].GetString(), files[i].GetStringLength());
      const auto read = bindings::ReadCertificates(file_.Resolve(name));
      if (const auto* const error = std::get_if<std::string>(&read)) {
        return Wrong("/certificates/trustAnchorFiles/" + std::to_string(i), *error);
      }
      const auto& anchors = std::get<std::vector<std::string>>(read);
      configuration_.trust_anchors.insert(configuration_.trust_anchors.end(), anchors.begin(),
                                          anchors.end());
    }
    return true;
  }

  bool ReadIdentity(const Value& object, const std::string& where) {
    const std::string text = *Text(object, "credentialId");
    auto credential_id = onem2m::CredentialId::Parse(text);
    if (!credential_id) {
      return Wrong(where + "/credentialId",
                   bindings::Quote(text) + " is no Credential-ID such as \"11-meter7@maf" +
                       ".example.com\": " + credential_id.error().message());
    }
    const CredentialType type = credential_id->type();
    // They name the entity themselves (TS-0003 8.2.1), and KpmId is for enrolment only.
    if (type == CredentialType::kCseIdCertificate || type == CredentialType::kAeIdCertificate ||
        type == CredentialType::kKpmId) {
      return Wrong(where + "/credentialId", "must be of type 11, 12, 30, 31 or 34");
    }
    ConfiguredIdentity identity{std::move(*credential_id), {}, std::nullopt};
    return ReadIdentityEntity(object, where, identity) &&
           ReadExpiration(object, where, identity.expires) &&
           Add(std::move(identity), where + "/credentialId");
  }

  bool ReadIdentityEntity(const Value& object, const std::string& where,
                          ConfiguredIdentity& identity) {
    const Value* const list = onem2m::FindMember(object, "entityIds");
    const CredentialType type = identity.credential_id.type();
    if (list == nullptr) {
      if (!ReadEntity(object, where, identity.entity)) return false;
      const bool nothing = std::holds_alternative<std::monostate>(identity.entity);
      // Standing here makes a public key acceptable, so that it may say no more than that.
      return !nothing || type == CredentialType::kRawPublicKey ||
             Wrong(where, "entityId or entityIds is missing");
    }
    // TS-0003 8.2.1: a list goes with a device certificate or a Node-ID certificate only.
    if (type != CredentialType::kDeviceCertificate && type != CredentialType::kNodeIdCertificate) {
      return Wrong(where + "/entityIds", "is for credentials of type 31 and 34 only");
    }
    if (onem2m::FindMember(object, "entityId") != nullptr) {
      return Wrong(where, "has entityId and entityIds; one of them is right");
    }
    if (Text(object, "entityType").value_or("AE") != "AE") {
      return Wrong(where + "/entityType", "must be \"AE\": entityIds are AE-IDs");
    }
    Source::AeList aes;
    for (rapidjson::SizeType i = 0; i < list->Size(); ++i) {
      const std::string id((*list)[i].GetString(), (*list)[i].GetStringLength());
      auto ae = ParseAe(id, where + "/entityIds/" + std::to_string(i));
      if (!ae) return false;
      if (std::find(aes.begin(), aes.end(), *ae) == aes.end()) aes.push_back(std::move(*ae));
    }
    identity.entity = std::move(aes);
    return true;
  }

  bool ReadRules() {
    const Value* const rules = onem2m::FindMember(file_.document, "applicationRules");
    if (rules == nullptr) return true;
    ApplicationRulesConfiguration read;
    read.node = *Text(*rules, "node");
    // TS-0001 7.2: an SP-relative or absolute resource identifier; others lead nowhere from here.
    if (read.node.front() != '/') {
      return Wrong("/applicationRules/node",
                   bindings::Quote(read.node) +
                       " must be SP-relative or absolute, such as \"/in-cse/profile/cse1\"");
    }
    if (const Value* const refresh = onem2m::FindMember(*rules, "refreshSeconds")) {
      read.refresh = std::chrono::seconds(refresh->GetInt64());
    }
    configuration_.rules = std::move(read);
    return true;
  }

  const ConfigurationFile& file_;
  const onem2m::CseId& own_;
  IdentityConfiguration configuration_;
  std::set<std::string> kpsa_ids_;     // canonical
  std::set<std::string> credentials_;  // CredentialKey
  std::string error_;
};

}  // namespace

std::variant<IdentityConfiguration, std::string> ReadIdentityConfiguration(
    const ConfigurationFile& file, const onem2m::CseId& own) {
  return IdentityReader(file, own).Read();
}

}  // namespace saef::plugin
