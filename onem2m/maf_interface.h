// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an End-Point and a MAF say to each other (TS-0003 8.x.3, 8.x.5, 8.x.6), as values and as
// JSON. The names on the wire are project-defined (TS-0032 was not to be had) and stand in this one
// place; docs/maf-interface.md describes them. Pure codecs: total, strict, bounded; both sides use
// them, the plugin and the MAF.
//
// What every Parse function does:
// - kTooLong above kMaxContentLength, kBadJson (also for a member that stands twice),
//   kMissingMember, kWrongType (also where the document isn't an object). An optional member may be
//   null. Members that aren't known are passed over, because V3.18 of TS-0003 has more of them.
// - suid: kOutOfRange unless a MAF distributes it (32 to 35).
// - targetIDs: Absolute CSE-IDs and AE-IDs, in canonical form afterwards (FQDN in lower case). The
//   errors of AeId::ParseAbsolute and CseId::ParseAbsolute; kBadForm where one stands twice.
//   kTargetCount unless there is exactly one for SUID 32 and 33, and 1 to kMaxTargets for others
//   (TS-0003 8.x.5 step 3). Every side refuses alike.
// - keyValue: kBadBase64; kBadKeyLength unless it has 16 to 64 octets.
// - times: kBadTime.
//
// Write functions write what they are given; what they write of a valid value, Parse reads back as
// the same value. In those that hold a key, the key is in the string alone, for the caller to
// Wipe().
#ifndef SAEF_ONEM2M_MAF_INTERFACE_H_
#define SAEF_ONEM2M_MAF_INTERFACE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/credential_id.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"
#include "onem2m/key_identifier.h"
#include "onem2m/secret.h"
#include "onem2m/suid.h"
#include "onem2m/timestamp.h"

namespace saef::onem2m::maf {

// Paths that our MAF serves and our `provision` writes into configurations; a client is always told
// the whole URI.
inline constexpr std::string_view kKeyRegistrationPath = "/kr";
inline constexpr std::string_view kKeyRetrievalPath = "/kr";  // + "/" RelativeKcId "?suid=…&kcid=…"
inline constexpr std::string_view kKmIdRetrievalPath = "/km";
// TY of the CREATE that registers a key; project-defined, beyond the numbers of TS-0004. Our MAF
// takes a POST without it as well.
inline constexpr int kKeyResourceType = 20100;
inline constexpr std::size_t kMaxTargets = 256;
inline constexpr std::size_t kMaxContentLength = 64 * 1024;
// A self-generated Kc may have other than the 32 octets of an exported one. 64 is what every
// (D)TLS-PSK stack must take (RFC 4279 5.3); below 16 the suites' AES-128 would be the stronger
// part.
inline constexpr std::size_t kMinKeyLength = 16;
inline constexpr std::size_t kMaxKeyLength = 64;
// Ten years. A lifetime beyond that is a mistake.
inline constexpr std::chrono::seconds kMaxLifetime = std::chrono::hours(24 * 3653);

// Key Registration, request (8.x.5 step 4):
// {"suid":32,"targetIDs":["//sp.example.com/cse1"],"keyValue":"<base64>"?,"expirationTime":"…"?}
struct KeyRegistrationRequest {
  Suid suid = Suid::kMafSaef;
  std::vector<std::string> target_ids;  // Absolute CSE-IDs and AE-IDs, checked for form
  std::optional<Secret> key;            // self-generated Kc; none: exported (8.x.5 step 2)
  std::optional<Time> expiration_time;  // a wish
};
// Key Registration, response (8.x.5 step 9; 8.2.2.3 step 5):
// {"relativeKeyID":…,"expirationTime":…,"suid":…,"targetIDs":[…],"sourceID":…?}
struct KeyRegistrationResponse {
  std::string relative_key_id;
  Time expiration_time{};
  Suid suid = Suid::kMafSaef;
  std::vector<std::string> target_ids;
  std::optional<std::string> source_id;  // as the MAF knows the Source End-Point
};
// Key Retrieval, response (8.x.6 step 5):
// {"status":"OK","keyValue":"<base64>","sourceID":"//sp.example.com/cse1/C1"?,
//  "sourceType":"AE"|"CSE"?,"credentialID":"11-…"?,"suid":32,"lifetime":<seconds>,
//  "expirationTime":"…"?}
// sourceType stands where sourceID does, for "//fqdn/Sx" may name either kind; credentialID must
// stand where sourceID doesn't (8.2.2.3 step 12).
struct KeyRetrievalResponse {
  Secret key;
  std::optional<std::string> source_id;       // Absolute CSE-ID or AE-ID (IdA)
  std::optional<EntityKind> source_type;      // exactly where source_id is there
  std::optional<CredentialId> credential_id;  // always where source_id isn't
  Suid suid = Suid::kMafSaef;
  std::chrono::seconds lifetime{};  // from the moment of the answer; > 0
  std::optional<Time> expiration_time;
};
// The same, to be written, where all of it is somebody else's.
struct KeyRetrievalView {
  const Secret& key;
  std::optional<std::string_view> source_id{};
  std::optional<EntityKind> source_type{};
  std::optional<std::string_view> credential_id{};  // as text
  Suid suid = Suid::kMafSaef;
  std::chrono::seconds lifetime{};
  std::optional<Time> expiration_time{};
};
// Target list update (8.x.5 step 7; ESData, so one target or more): {"targetIDs":[…]}
struct TargetListUpdate {
  std::vector<std::string> target_ids;
};
// KmId Retrieval, response (8.x.3 step 3): {"status":"OK","kmId":"…","expirationTime":"…"?}
struct KmIdRetrievalResponse {
  KmId km_id;                           // as the MAF assigned it
  std::optional<Time> expiration_time;  // when the MAF stops to take it; none: it doesn't say
};

Result<KeyRegistrationRequest> ParseKeyRegistrationRequest(std::string_view json);
std::string Write(const KeyRegistrationRequest& request);  // holds a key: Wipe() after use
Result<KeyRegistrationResponse> ParseKeyRegistrationResponse(std::string_view json);
std::string Write(const KeyRegistrationResponse& response);
// kStatusNotOk before anything else where the status isn't kStatusOk. kOutOfRange for a lifetime
// that isn't positive or is above kMaxLifetime, and for a sourceType that is neither "AE" nor
// "CSE"; kBadForm for a sourceType without sourceID. Whether the SUID is the one that was asked for
// is the caller's check.
Result<KeyRetrievalResponse> ParseKeyRetrievalResponse(std::string_view json);
// These hold a key: Wipe() after use.
std::string Write(const KeyRetrievalResponse& response);
std::string Write(const KeyRetrievalView& response);
Result<TargetListUpdate> ParseTargetListUpdate(std::string_view json);
std::string Write(const TargetListUpdate& update);
// kStatusNotOk as above; the errors of KmId::Parse. Whether the KmId is of this MAF is the caller's
// check.
Result<KmIdRetrievalResponse> ParseKmIdRetrievalResponse(std::string_view json);
std::string Write(const KmIdRetrievalResponse& response);

// The status member of a good Key Retrieval or KmId Retrieval answer; others are refused.
inline constexpr std::string_view kStatusOk = "OK";

}  // namespace saef::onem2m::maf

#endif  // SAEF_ONEM2M_MAF_INTERFACE_H_
