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
  ReplaceOnce(text, "$enrolled$", kEnrolledSchema);
  return end_point::InsertCredentialSchema(end_point::InsertMefsSchema(text));
}

std::variant<EnrolledClient, std::string> ReadEnrolledClient(
    const Value& client, const std::string& place, const std::vector<end_point::MefAccess>& mefs,
    const onem2m::Fqdn& maf) {
  const Value& enrolled = client["enrolled"];
  const std::string where = place + "/enrolled";
  for (const char* const other : {"kmId", "kmFile", "certificateId", "entityId"}) {
    if (client.HasMember(other)) {
      return where + ": " + other + " must not stand beside it: the MEF provides it";
    }
  }
  const auto mef = std::ranges::find_if(mefs, [&](const end_point::MefAccess& configured) {
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
