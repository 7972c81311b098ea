// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/maf_credential.h"

#include <optional>
#include <utility>

#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/key_identifier.h"

namespace saef::end_point {
namespace {

using bindings::ConfigurationFile;
using bindings::Quote;
using rapidjson::Value;

template <typename T>
using OrSentence = std::variant<T, std::string>;

constexpr std::string_view kCertificateSchema = R"json({
  "type": "object", "additionalProperties": false,
  "required": ["chainFile", "keyFile"],
  "description": "an object with chainFile, keyFile and trustAnchorFiles",
  "properties": {
    "chainFile": {"type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the PEM file with the own certificate and, after it, those of CAs between"},
    "keyFile": {"type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the PEM file with the private key, mode 0600"},
    "trustAnchorFiles": {"type": "array", "minItems": 1, "maxItems": 16,
      "description": "a list of 1 to 16 PEM files with the CA certificates that are trusted",
      "items": {"type": "string", "minLength": 1, "maxLength": 4096,
        "description": "a PEM file with CA certificates"}}
  }
})json";

constexpr std::string_view kCredentialSchema = R"json(
"kmId": {"type": "string", "minLength": 1, "maxLength": 128,
  "description": "the KmId at the MAF, e.g. \"cse1@maf.example.com\""},
"kmFile": {"type": "string", "minLength": 1, "maxLength": 4096,
  "description": "the file that holds Km in hexadecimal digits, with mode 0600"},
"certificate": $certificate$,
"enrolment": $enrolment$)json";

constexpr std::string_view kEnrolmentSchema = R"json({
  "type": "object", "additionalProperties": false,
  "required": ["mef", "stateFile"],
  "description": "an object with mef and stateFile",
  "properties": {
    "mef": {
      "type": "object", "additionalProperties": false,
      "required": ["fqdn", "uri"],
      "description": "an object with fqdn, uri, and either kpmId and kpmFile or certificate",
      "properties": {
        "fqdn": {"type": "string", "minLength": 1, "maxLength": 95,
          "description": "the MEF's domain in lower case, at most 95 octets"},
        "uri": {"type": "string", "minLength": 1, "maxLength": 1024,
          "description": "the MEF's Enrolment Exchange URI, e.g. \"coaps://mef.example.com/en\""},
        "kpmId": {"type": "string", "minLength": 1, "maxLength": 128,
          "description": "the KpmId, e.g. \"device7@mef.example.com\""},
        "kpmFile": {"type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the file that holds Kpm in hexadecimal digits, with mode 0600"},
        "certificate": $certificate$
      }
    },
    "stateFile": {"type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the file that keeps what the enrolment gave; it is made if it isn't there"}
  }
})json";

std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string TextOf(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

const Value* MemberOf(const Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

// A psk_identity that TLS libraries take as a C string.
bool IsPskIdentity(std::string_view text) {
  if (text.empty() || text.size() > onem2m::KeyIdentifier::kMaxLength) return false;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7e) return false;
  }
  return true;
}

OrSentence<bindings::PskCredential> ReadPsk(const ConfigurationFile& file, const Value& block,
                                            const std::string& where, const char* id_name,
                                            const char* key_name) {
  const Value* const id = MemberOf(block, id_name);
  const Value* const key_file = MemberOf(block, key_name);
  if (id == nullptr || key_file == nullptr) {
    return where + ": " + id_name + " and " + key_name + " must stand together";
  }
  std::string identity = TextOf(*id);
  if (!IsPskIdentity(identity)) {
    return where + "/" + id_name + ": " + Quote(identity) +
           " must have 1 to 128 visible ASCII characters";
  }
  auto key = bindings::ReadKeyFile(file.Resolve(TextOf(*key_file)));
  if (const auto* const error = std::get_if<std::string>(&key)) {
    return where + "/" + key_name + ": " + *error;
  }
  return bindings::PskCredential{std::move(identity), std::get<onem2m::Secret>(std::move(key))};
}

template <typename To, typename From>
OrSentence<To> Widen(OrSentence<From> read) {
  if (auto* const error = std::get_if<std::string>(&read)) return std::move(*error);
  return OrSentence<To>(To(std::get<From>(std::move(read))));
}

}  // namespace

bindings::Result<Access> Clone(const Access& access) {
  if (const auto* const psk = std::get_if<bindings::PskCredential>(&access)) {
    auto key = psk->key.Clone();
    if (!key) return bindings::Error::kLibrary;
    return Access(bindings::PskCredential{psk->identity, std::move(*key)});
  }
  const auto& certificate = std::get<CertificateAccess>(access);
  auto own = bindings::Clone(certificate.own);
  if (!own) return own.error();
  return Access(CertificateAccess{std::move(*own), certificate.trust_anchors});
}

bindings::Result<MafCredential> Clone(const MafCredential& credential) {
  if (const auto* const psk = std::get_if<bindings::PskCredential>(&credential)) {
    auto key = psk->key.Clone();
    if (!key) return bindings::Error::kLibrary;
    return MafCredential(bindings::PskCredential{psk->identity, std::move(*key)});
  }
  if (const auto* const certificate = std::get_if<CertificateAccess>(&credential)) {
    auto own = bindings::Clone(certificate->own);
    if (!own) return own.error();
    return MafCredential(CertificateAccess{std::move(*own), certificate->trust_anchors});
  }
  const auto& enrolment = std::get<Enrolment>(credential);
  auto access = Clone(enrolment.access);
  if (!access) return access.error();
  return MafCredential(
      Enrolment{enrolment.mef, enrolment.uri, std::move(*access), enrolment.state_file});
}

bindings::Result<void> Apply(const Access& access, const onem2m::Fqdn& fqdn,
                             bindings::ClientOptions& options) {
  auto copy = Clone(access);
  if (!copy) return copy.error();
  options.server_name = fqdn.text();  // TS-0003 10.2: SNI
  if (auto* const psk = std::get_if<bindings::PskCredential>(&*copy)) {
    options.credential = std::move(*psk);
    return {};
  }
  auto& certificate = std::get<CertificateAccess>(*copy);
  options.credential = std::move(certificate.own);
  options.trust.trust_anchors = std::move(certificate.trust_anchors);
  options.trust.name = fqdn;  // TS-0003 10.1.1: by FQDN certificate
  return {};
}

std::string InsertCredentialSchema(std::string_view schema) {
  std::string text = ReplaceAll(std::string(schema), "$mafCredential$", kCredentialSchema);
  text = ReplaceAll(std::move(text), "$enrolment$", kEnrolmentSchema);
  return ReplaceAll(std::move(text), "$certificate$", kCertificateSchema);
}

std::variant<bindings::Uri, std::string> ReadProcedureUri(const Value& value,
                                                          const std::string& where) {
  auto uri = bindings::Uri::Parse(TextOf(value));
  if (!uri || !uri->secure() || uri->port == 0) {
    return where + ": " + Quote(TextOf(value)) + " isn't a coaps or https URI";
  }
  while (uri->path.ends_with('/')) uri->path.pop_back();
  if (uri->path.size() < 2) {
    return where + ": " + Quote(TextOf(value)) + " has no path, such as coaps://127.0.0.1:5684/kr";
  }
  return std::move(*uri);
}

std::variant<CertificateAccess, std::string> ReadCertificateAccess(const ConfigurationFile& file,
                                                                   const Value& block,
                                                                   const std::string& where) {
  auto chain = bindings::ReadCertificates(file.Resolve(TextOf(block["chainFile"])));
  if (const auto* const error = std::get_if<std::string>(&chain)) {
    return where + "/chainFile: " + *error;
  }
  auto key = bindings::ReadPrivateKey(file.Resolve(TextOf(block["keyFile"])));
  if (const auto* const error = std::get_if<std::string>(&key)) {
    return where + "/keyFile: " + *error;
  }
  CertificateAccess access{{std::get<std::vector<std::string>>(std::move(chain)),
                            std::get<onem2m::Secret>(std::move(key))},
                           {}};
  const Value* const files = MemberOf(block, "trustAnchorFiles");
  if (files == nullptr) return where + ": trustAnchorFiles is missing: the CAs that are trusted";
  for (rapidjson::SizeType i = 0; i < files->Size(); ++i) {
    auto anchors = bindings::ReadCertificates(file.Resolve(TextOf((*files)[i])));
    if (const auto* const error = std::get_if<std::string>(&anchors)) {
      return where + "/trustAnchorFiles/" + std::to_string(i) + ": " + *error;
    }
    for (std::string& anchor : std::get<std::vector<std::string>>(anchors)) {
      access.trust_anchors.push_back(std::move(anchor));
    }
  }
  return access;
}

std::variant<Access, std::string> ReadAccess(const ConfigurationFile& file, const Value& block,
                                             const std::string& where, const char* id_name,
                                             const char* key_name) {
  const bool has_psk = MemberOf(block, id_name) != nullptr || MemberOf(block, key_name) != nullptr;
  const Value* const certificate = MemberOf(block, "certificate");
  if (has_psk == (certificate != nullptr)) {
    return where + ": needs either " + id_name + " and " + key_name + ", or certificate";
  }
  if (has_psk) return Widen<Access>(ReadPsk(file, block, where, id_name, key_name));
  return Widen<Access>(ReadCertificateAccess(file, *certificate, where + "/certificate"));
}

std::variant<Enrolment, std::string> ReadEnrolment(const ConfigurationFile& file,
                                                   const Value& block, const std::string& where) {
  const Value& mef = block["mef"];
  const std::string place = where + "/mef";
  auto fqdn = onem2m::Fqdn::ParseCanonical(TextOf(mef["fqdn"]));
  if (!fqdn) {
    return place + "/fqdn: " + Quote(TextOf(mef["fqdn"])) +
           " is no domain name in lower case: " + fqdn.error().message();
  }
  auto uri = ReadProcedureUri(mef["uri"], place + "/uri");
  if (auto* const error = std::get_if<std::string>(&uri)) return std::move(*error);
  auto access = ReadAccess(file, mef, place, "kpmId", "kpmFile");
  if (auto* const error = std::get_if<std::string>(&access)) return std::move(*error);
  return Enrolment{std::move(*fqdn), std::get<bindings::Uri>(std::move(uri)),
                   std::get<Access>(std::move(access)), file.Resolve(TextOf(block["stateFile"]))};
}

std::variant<MafCredential, std::string> ReadMafCredential(const ConfigurationFile& file,
                                                           const Value& block,
                                                           const std::string& where,
                                                           const onem2m::Fqdn& maf) {
  const bool has_psk = MemberOf(block, "kmId") != nullptr || MemberOf(block, "kmFile") != nullptr;
  const Value* const certificate = MemberOf(block, "certificate");
  const Value* const enrolment = MemberOf(block, "enrolment");
  if (int{has_psk} + int{certificate != nullptr} + int{enrolment != nullptr} != 1) {
    return where + ": needs exactly one of kmId with kmFile, certificate, and enrolment";
  }
  if (certificate != nullptr) {
    return Widen<MafCredential>(ReadCertificateAccess(file, *certificate, where + "/certificate"));
  }
  if (enrolment != nullptr) {
    return Widen<MafCredential>(ReadEnrolment(file, *enrolment, where + "/enrolment"));
  }
  auto psk = ReadPsk(file, block, where, "kmId", "kmFile");
  if (const auto* const read = std::get_if<bindings::PskCredential>(&psk)) {
    // TS-0003 10.6: name '@' MAF-FQDN.
    const auto km_id = onem2m::KmId::Parse(read->identity);
    if (!km_id || km_id->fqdn() != maf) {
      return where + "/kmId: " + Quote(read->identity) +
             " must be a name, '@' and the MAF's fqdn, such as \"cse1@" + maf.text() + "\"";
    }
  }
  return Widen<MafCredential>(std::move(psk));
}

}  // namespace saef::end_point
