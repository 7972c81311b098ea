// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/cse_credential.h"

#include <utility>
#include <vector>

#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/key_identifier.h"

namespace saef::entity_a {
namespace {

using bindings::ConfigurationFile;

// The octets of a file that a member names, or the sentence with the place in front.
template <typename T>
std::variant<T, std::string> ReadNamed(const ConfigurationFile& file,
                                       const rapidjson::Value& object, const char* member,
                                       const std::string& place,
                                       std::variant<T, std::string> (*read)(const std::string&)) {
  auto value = read(file.Resolve(object[member].GetString()));
  if (auto* error = std::get_if<std::string>(&value)) {
    return place + "/" + member + ": " + *error;
  }
  return value;
}

// The contents of the files that an array names, one after the other.
template <typename T, typename Add>
std::string ReadEach(const ConfigurationFile& file, const rapidjson::Value& names,
                     const std::string& place,
                     std::variant<T, std::string> (*read)(const std::string&), const Add& add) {
  for (rapidjson::SizeType i = 0; i < names.Size(); ++i) {
    auto value = read(file.Resolve(names[i].GetString()));
    if (const auto* error = std::get_if<std::string>(&value)) {
      return place + "/" + std::to_string(i) + ": " + *error;
    }
    add(std::move(std::get<T>(value)));
  }
  return {};
}

std::variant<CseCredential, std::string> ReadCertificate(const ConfigurationFile& file,
                                                         const rapidjson::Value& block,
                                                         const std::string& cse_name) {
  const std::string place = "/credential/certificate";
  auto chain = ReadNamed(file, block, "chainFile", place, bindings::ReadCertificates);
  if (auto* error = std::get_if<std::string>(&chain)) {
    return std::move(*error);
  }
  auto key = ReadNamed(file, block, "keyFile", place, bindings::ReadPrivateKey);
  if (auto* error = std::get_if<std::string>(&key)) {
    return std::move(*error);
  }
  CseCredential credential;
  const auto add = [&](std::vector<std::string> anchors) {
    for (std::string& anchor : anchors) {
      credential.trust.trust_anchors.push_back(std::move(anchor));
    }
  };
  std::string error = ReadEach(file, block["trustAnchorFiles"], place + "/trustAnchorFiles",
                               bindings::ReadCertificates, add);
  if (!error.empty()) {
    return error;
  }
  const auto name = onem2m::Fqdn::Parse(cse_name);
  if (!name) {
    return "/cse/id: makes no domain name: " + bindings::Quote(cse_name);
  }
  credential.trust.name = *name;
  credential.own =
      bindings::CertificateCredential{std::move(std::get<std::vector<std::string>>(chain)),
                                      std::move(std::get<onem2m::Secret>(key))};
  return credential;
}

std::variant<CseCredential, std::string> ReadRawPublicKey(const ConfigurationFile& file,
                                                          const rapidjson::Value& block) {
  const std::string place = "/credential/rawPublicKey";
  auto public_key = ReadNamed(file, block, "publicKeyFile", place, bindings::ReadPublicKey);
  if (auto* error = std::get_if<std::string>(&public_key)) {
    return std::move(*error);
  }
  auto key = ReadNamed(file, block, "keyFile", place, bindings::ReadPrivateKey);
  if (auto* error = std::get_if<std::string>(&key)) {
    return std::move(*error);
  }
  CseCredential credential;
  const auto add = [&](bindings::PublicKey trusted) {
    credential.trust.public_keys.push_back(std::move(trusted.spki));
  };
  std::string error = ReadEach(file, block["csePublicKeyFiles"], place + "/csePublicKeyFiles",
                               bindings::ReadPublicKey, add);
  if (!error.empty()) {
    return error;
  }
  credential.own =
      bindings::RawPublicKeyCredential{std::move(std::get<bindings::PublicKey>(public_key).spki),
                                       std::move(std::get<onem2m::Secret>(key))};
  return credential;
}

// TS-0003 8.2.2.1: psk_identity is KpsaId, psk is Kpsa.
std::variant<CseCredential, std::string> ReadKpsa(const ConfigurationFile& file,
                                                  const rapidjson::Value& block) {
  const std::string text(block["kpsaId"].GetString(), block["kpsaId"].GetStringLength());
  const auto id = onem2m::KpsaId::Parse(text);
  if (!id) {
    return "/credential/kpsaId: " + bindings::Quote(text) +
           " isn't of the form name@domain: " + id.error().message();
  }
  auto key = ReadNamed(file, block, "kpsaFile", "/credential", bindings::ReadKeyFile);
  if (auto* error = std::get_if<std::string>(&key)) {
    return std::move(*error);
  }
  CseCredential credential;
  credential.own = bindings::PskCredential{id->text(), std::move(std::get<onem2m::Secret>(key))};
  return credential;
}

// TS-0003 8.2.2.1 with 8.3.2: the key comes from an enrolment.
std::variant<CseCredential, std::string> ReadKpsaEnrolment(const ConfigurationFile& file,
                                                           const rapidjson::Value& block) {
  auto enrolment = end_point::ReadEnrolment(file, block["enrolment"], "/credential/enrolment");
  if (auto* error = std::get_if<std::string>(&enrolment)) {
    return std::move(*error);
  }
  CseCredential credential;
  credential.enrolment = std::move(std::get<end_point::Enrolment>(enrolment));
  return credential;
}

}  // namespace

const std::string_view kCseCredentialSchema = R"json({
  "type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 2,
  "description": "an object with certificate, or rawPublicKey, or kpsaId and kpsaFile, or enrolment",
  "properties": {
    "certificate": {
      "type": "object", "additionalProperties": false,
      "required": ["chainFile", "keyFile", "trustAnchorFiles"],
      "description": "an object with chainFile, keyFile and trustAnchorFiles",
      "properties": {
        "chainFile": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the PEM file with this entity's certificate, and its chain after it"
        },
        "keyFile": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the PEM file with the private key, mode 0600"
        },
        "trustAnchorFiles": {
          "type": "array", "minItems": 1, "maxItems": 16,
          "description": "1 to 16 PEM files with the CA certificates that the CSE's leads to",
          "items": {
            "type": "string", "minLength": 1, "maxLength": 4096,
            "description": "a PEM file with CA certificates"
          }
        }
      }
    },
    "rawPublicKey": {
      "type": "object", "additionalProperties": false,
      "required": ["publicKeyFile", "keyFile", "csePublicKeyFiles"],
      "description": "an object with publicKeyFile, keyFile and csePublicKeyFiles",
      "properties": {
        "publicKeyFile": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the PEM file with this entity's public key"
        },
        "keyFile": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the PEM file with the private key, mode 0600"
        },
        "csePublicKeyFiles": {
          "type": "array", "minItems": 1, "maxItems": 16,
          "description": "1 to 16 PEM files, each with a public key that the CSE may have",
          "items": {
            "type": "string", "minLength": 1, "maxLength": 4096,
            "description": "a PEM file with the CSE's public key"
          }
        }
      }
    },
    "enrolment": $enrolment$,
    "kpsaId": {
      "type": "string", "minLength": 3, "maxLength": 128,
      "description": "the Provisioned Secure Connection Key Identifier: name@domain"
    },
    "kpsaFile": {
      "type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the file with Kpsa: hexadecimal digits, mode 0600"
    }
  }
})json";

std::variant<CseCredential, std::string> ReadCseCredential(const ConfigurationFile& file,
                                                           const rapidjson::Value& block,
                                                           const std::string& cse_name) {
  const bool certificate = block.HasMember("certificate");
  const bool raw_public_key = block.HasMember("rawPublicKey");
  const bool kpsa = block.HasMember("kpsaId") && block.HasMember("kpsaFile");
  const bool enrolment = block.HasMember("enrolment");
  if (block.MemberCount() != (kpsa ? 2U : 1U) ||
      !(certificate || raw_public_key || kpsa || enrolment)) {
    return std::string(
        "/credential: must hold exactly one of certificate, rawPublicKey, kpsaId with kpsaFile, "
        "and enrolment");
  }
  if (enrolment) {
    return ReadKpsaEnrolment(file, block);
  }
  if (certificate) {
    return ReadCertificate(file, block["certificate"], cse_name);
  }
  return raw_public_key ? ReadRawPublicKey(file, block["rawPublicKey"]) : ReadKpsa(file, block);
}

bindings::Result<void> Apply(const CseCredential& credential, bindings::ClientOptions& options) {
  auto own = bindings::Clone(credential.own);
  if (!own) {
    return own.error();
  }
  options.credential = *std::move(own);
  options.trust = credential.trust;
  return {};
}

}  // namespace saef::entity_a
