// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/enrolled_clients.h"

#include <wolfssl/wolfcrypt/settings.h>
// The settings come first: the others depend on them.
#include <wolfssl/wolfcrypt/hash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bindings/log.h"
#include "onem2m/interface_json.h"

namespace saef::maf {
namespace {

constexpr std::string_view kMefsSchema = R"json({
  "type": "array", "maxItems": 64,
  "description": "a list of the MEFs that provision clients, at most 64",
  "items": {
    "type": "object", "additionalProperties": false,
    "required": ["fqdn", "uri"],
    "description": "an object with fqdn, uri, and either kmId and kmFile or certificate",
    "properties": {
      "fqdn": {"type": "string", "minLength": 1, "maxLength": 95,
        "description": "the MEF's domain in lower case, at most 95 octets"},
      "uri": {"type": "string", "minLength": 1, "maxLength": 1024,
        "description": "where the MEF is, such as coaps://mef.example.com:5686"},
      "kmId": {"type": "string", "minLength": 1, "maxLength": 128,
        "description": "the psk_identity of this MAF at the MEF"},
      "kmFile": {"type": "string", "minLength": 1, "maxLength": 4096,
        "description": "the file with the key of that: 64 hexadecimal digits, mode 0600"},
      "certificate": $certificate$
    }
  }
})json";

constexpr std::string_view kEnrolledSchema = R"json({
  "type": "object", "additionalProperties": false,
  "required": ["mef", "enroleeId"],
  "description": "an object with mef and enroleeId",
  "properties": {
    "mef": {"type": "string", "minLength": 1, "maxLength": 95,
      "description": "the fqdn of one of the mefs"},
    "enroleeId": {"type": "string", "minLength": 1, "maxLength": 512,
      "description": "the Absolute CSE-ID or AE-ID that the MEF tells for it"}
  }
})json";

using rapidjson::Value;

std::string TextOf(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

std::variant<MefConfiguration, std::string> ReadMef(const bindings::ConfigurationFile& file,
                                                    const Value& mef, const std::string& where) {
  auto fqdn = onem2m::Fqdn::ParseCanonical(TextOf(mef["fqdn"]));
  if (!fqdn) {
    return where + "/fqdn: " + bindings::Quote(TextOf(mef["fqdn"])) +
           " is no domain name in lower case: " + fqdn.error().message();
  }
  auto uri = bindings::Uri::Parse(TextOf(mef["uri"]));
  if (!uri || !uri->secure() || uri->port == 0) {
    return where + "/uri: " + bindings::Quote(TextOf(mef["uri"])) + " isn't a coaps or https URI";
  }
  while (uri->path.ends_with('/')) uri->path.pop_back();
  auto access = end_point::ReadAccess(file, mef, where, "kmId", "kmFile");
  if (auto* const error = std::get_if<std::string>(&access)) return std::move(*error);
  return MefConfiguration{std::move(*fqdn), std::move(*uri),
                          std::get<end_point::Access>(std::move(access))};
}

// The first 16 octets of SHA-256 over both, with what can't stand in a name between them.
onem2m::Result<onem2m::KmId> AssignKmId(const onem2m::Fqdn& mef, const std::string& enrolee_id,
                                        const onem2m::Fqdn& maf) {
  const std::string text = mef.text() + "\n" + enrolee_id;
  std::array<byte, WC_SHA256_DIGEST_SIZE> digest{};
  if (wc_Sha256Hash(reinterpret_cast<const byte*>(text.data()), static_cast<word32>(text.size()),
                    digest.data()) != 0) {
    return onem2m::Error::kCryptography;
  }
  return onem2m::KmId::FromExport(std::span<const std::uint8_t, 16>(digest.data(), 16), maf);
}

void ReplaceOnce(std::string& text, std::string_view from, std::string_view to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

}  // namespace

std::string InsertEnrolledSchema(std::string_view schema) {
  std::string text(schema);
  ReplaceOnce(text, "$mefs$", kMefsSchema);
  ReplaceOnce(text, "$enrolled$", kEnrolledSchema);
  return end_point::InsertCredentialSchema(text);
}

std::variant<std::vector<MefConfiguration>, std::string> ReadMefs(
    const bindings::ConfigurationFile& file) {
  std::vector<MefConfiguration> mefs;
  const auto list = file.document.FindMember("mefs");
  if (list == file.document.MemberEnd()) return mefs;
  for (const Value& value : list->value.GetArray()) {
    const std::string where = "/mefs/" + std::to_string(mefs.size());
    auto mef = ReadMef(file, value, where);
    if (auto* const error = std::get_if<std::string>(&mef)) return std::move(*error);
    auto& read = std::get<MefConfiguration>(mef);
    if (std::ranges::find(mefs, read.fqdn, &MefConfiguration::fqdn) != mefs.end()) {
      return where + "/fqdn: stands here twice";
    }
    mefs.push_back(std::move(read));
  }
  return mefs;
}

std::variant<EnrolledClient, std::string> ReadEnrolledClient(
    const Value& client, const std::string& place, const std::vector<MefConfiguration>& mefs,
    const onem2m::Fqdn& maf) {
  const Value& enrolled = client["enrolled"];
  const std::string where = place + "/enrolled";
  for (const char* const other : {"kmId", "kmFile", "certificateId", "entityId"}) {
    if (client.HasMember(other)) {
      return where + ": " + other + " must not stand beside it: the MEF provides it";
    }
  }
  const auto mef = std::ranges::find_if(mefs, [&](const MefConfiguration& configured) {
    return configured.fqdn.text() == TextOf(enrolled["mef"]);
  });
  if (mef == mefs.end()) {
    return where + "/mef: " + bindings::Quote(TextOf(enrolled["mef"])) + " is none of the mefs";
  }
  const bool is_cse = TextOf(client["entityType"]) == "CSE";
  const auto kind = is_cse ? onem2m::EntityKind::kCse : onem2m::EntityKind::kAe;
  auto id = onem2m::interface_json::CanonicalEntity(TextOf(enrolled["enroleeId"]), kind);
  if (!id) {
    return where + "/enroleeId: " + bindings::Quote(TextOf(enrolled["enroleeId"])) +
           (is_cse ? " is no Absolute CSE-ID, such as //sp.example.com/cse1"
                   : " is no Absolute AE-ID, such as //sp.example.com/cse1/Cae1");
  }
  auto km_id = AssignKmId(mef->fqdn, *id, maf);
  if (!km_id) return where + ": no KmId can be made: " + km_id.error().message();
  return EnrolledClient{mef->fqdn, std::move(*id), kind, std::move(*km_id)};
}

}  // namespace saef::maf
