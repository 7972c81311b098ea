// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an End-Point and a MAF say to each other (TS-0003 8.x.3, 8.x.5, 8.x.6), as values and as
// JSON. The names on the wire are project-defined (TS-0032 was not to be had) and stand in this one
// place; docs/maf-interface.md describes them. Pure codecs: total, strict, bounded; both sides use
// them, the plugin and the MAF.
#ifndef SAEF_ONEM2M_MAF_INTERFACE_H_
#define SAEF_ONEM2M_MAF_INTERFACE_H_

#include <chrono>
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
inline constexpr std::size_t kMaxTargets = 256;
inline constexpr std::size_t kMaxContentLength = 64 * 1024;

// Key Registration, request (8.x.5 step 4):
// {"suid":32,"targetIDs":["//sp.example.com/cse1"],"keyValue":"<base64>"?,"expirationTime":"…"?}
struct KeyRegistrationRequest {
  Suid suid = Suid::kMafSaef;
  std::vector<std::string> target_ids;  // Absolute CSE-IDs and AE-IDs, checked for form
  std::optional<Secret> key;  // self-generated Kc, 32 octets… (16 to 64 accepted); none: exported
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
// {"status":…,"keyValue":"<base64>","sourceID":"//sp.example.com/cse1/C1"?,"sourceType":"AE"|"CSE"?,"credentialID":"11-…","suid":32,"lifetime":<seconds>,"expirationTime":…}
struct KeyRetrievalResponse {
  Secret key;
  std::optional<std::string> source_id;       // Absolute CSE-ID or AE-ID (IdA)
  std::optional<EntityKind> source_type;      // demanded where source_id is there
  std::optional<CredentialId> credential_id;  // demanded where source_id isn't
  Suid suid = Suid::kMafSaef;
  std::chrono::seconds lifetime{};  // from the moment of the answer; > 0
  std::optional<Time> expiration_time;
};
// Target list update (8.x.5 step 7; ESData): {"targetIDs":[…]}
struct TargetListUpdate {
  std::vector<std::string> target_ids;
};

Result<KeyRegistrationRequest> ParseKeyRegistrationRequest(std::string_view json);
std::string Write(const KeyRegistrationRequest&);  // holds a key: Wipe() after use
Result<KeyRegistrationResponse> ParseKeyRegistrationResponse(std::string_view json);
std::string Write(const KeyRegistrationResponse&);
// Refuses an answer whose status isn't success, whose key isn't 16 to 64 octets, whose lifetime
// isn't positive (or above 10 years).
Result<KeyRetrievalResponse> ParseKeyRetrievalResponse(std::string_view json);
std::string Write(const KeyRetrievalResponse&);  // holds a key: Wipe() after use
Result<TargetListUpdate> ParseTargetListUpdate(std::string_view json);
std::string Write(const TargetListUpdate&);

// The status member of a good Key Retrieval answer; others are refused.
inline constexpr std::string_view kStatusOk = "OK";

}  // namespace saef::onem2m::maf

#endif  // SAEF_ONEM2M_MAF_INTERFACE_H_
