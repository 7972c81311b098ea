// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a MEF says with those that it enrols and with the Enrolment Targets that fetch credentials
// from it (TS-0003 8.3.2.1; the seed's 8.x.2), as values and as JSON. The names on the wire are
// project-defined (TS-0032 was not to be had) except for the path of the fetch, and stand in this
// one place; docs/mef-interface.md describes them. Pure codecs: total, strict, bounded; both sides
// use them.
//
// What every Parse function does: kTooLong above kMaxContentLength; kBadJson (also for a member
// that stands twice); kMissingMember; kWrongType (also where the document isn't an object). An
// optional member may be null. Members that aren't known are passed over.
// Write functions write what they are given; what they write of a valid value, Parse reads back as
// the same value. In those that hold a key, the key is in the string alone, for the caller to
// Wipe().
#ifndef SAEF_ONEM2M_MEF_INTERFACE_H_
#define SAEF_ONEM2M_MEF_INTERFACE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"
#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"
#include "onem2m/secret.h"
#include "onem2m/suid.h"
#include "onem2m/timestamp.h"

namespace saef::onem2m::mef {

// The Enrolment Exchange path that our MEF serves; an enrolee is always told the whole URI.
inline constexpr std::string_view kEnrolmentPath = "/en";
// The path of a fetch (TS-0003 8.3.2.1): this, '/', KeId, '/', the SUID as a decimal number.
inline constexpr std::string_view kFetchCredentialsPath = "/fetchCredentials";
// TY of the CREATE that enrols; project-defined. Our MEF takes a POST without it as well.
inline constexpr int kEnrolmentResourceType = 20101;
inline constexpr std::size_t kMaxContentLength = 64 * 1024;
inline constexpr std::size_t kMaxMafs = 16;
inline constexpr std::size_t kMaxTrustAnchors = 8;          // of one MAF
inline constexpr std::size_t kMaxCertificateLength = 8192;  // DER
inline constexpr std::size_t kMaxUriLength = 1024;
inline constexpr std::size_t kMaxErrorString = 1024;
// Ten years. A lifetime beyond that is a mistake.
inline constexpr std::chrono::seconds kMaxLifetime = std::chrono::hours(24 * 3653);

// Enrolment, request (table 8.3.2.1-1): what the enrolee is prepared to do if it is told to.
// {"certificateEnrolment":false,"mafEnrolment":true,"remoteManagement":false}
// A member that is missing is false.
struct EnrolmentRequest {
  bool certificate_enrolment = false;
  bool maf_enrolment = true;
  bool remote_management = false;
};

// By which credential an enrolee authenticates to a MAF (table 8.3.2.1-3).
enum class MafCredentialType { kSymmetricKey, kCertificate };

// Instructions for one MAF (table 8.3.2.1-3; the seed's 8.x.2):
// {"fqdn":"maf.example.com","credentialType":"symmetricKey"|"certificate",
//  "keyRegistration":"coaps://…","keyRetrieval":"coaps://…","kmIdRetrieval":"coaps://…"?,
//  "trustAnchors":["<base64 of DER>"]?}
// kmIdRetrieval must stand with "symmetricKey". A URI has 1 to kMaxUriLength visible ASCII
// characters and begins with "coaps://" or "https://" (kBadForm); the rest of its form is the
// reader's check.
struct MafInstructions {
  Fqdn fqdn;
  MafCredentialType credential_type = MafCredentialType::kSymmetricKey;
  std::string key_registration;
  std::string key_retrieval;
  std::optional<std::string> km_id_retrieval;
  std::vector<std::string> trust_anchors;  // DER CA certificates, for the MAF's certificate
};

// Enrolment, response: the name of Ke (both sides export Ke itself, 10.3.1), how long it lives, and
// the instructions.
// {"relativeKeyID":"…","lifetime":<seconds>,"enroleeID":"//sp.example.com/cse1/C1"?,"mafs":[…]}
struct EnrolmentResponse {
  std::string relative_key_id;            // RelativeKeId
  std::chrono::seconds lifetime{};        // from the moment of the answer; > 0
  std::optional<std::string> enrolee_id;  // Absolute CSE-ID or AE-ID that the MEF has for it
  std::vector<MafInstructions> mafs;      // at most kMaxMafs, no two of one FQDN
};

// The answer to a fetch (tables 8.3.2.1-5 and 8.3.2.1-6):
// {"status":true,"credential":"<base64>","enroleeID":"//…"?,"enroleeType":"AE"|"CSE"?,
//  "lifetime":<seconds>}
// {"status":false,"errorString":"…"}
// enroleeType stands exactly where enroleeID does, for "//fqdn/Sx" may name either kind.
struct FetchedCredential {
  Secret credential;                      // Km or Kpsa: kKeyLength octets
  std::optional<std::string> enrolee_id;  // Absolute, canonical
  std::optional<EntityKind> enrolee_type;
  std::chrono::seconds lifetime{};  // from the moment of the answer; > 0
};
struct FetchFailure {
  std::string error_string;  // for a person, from outside; at most kMaxErrorString octets
};

Result<EnrolmentRequest> ParseEnrolmentRequest(std::string_view json);
std::string Write(const EnrolmentRequest& request);
// relativeKeyID: kEmpty, kTooLong, kBadCharacter; lifetime: kOutOfRange; enroleeID and fqdn: the
// errors of their parsers; credentialType: kOutOfRange; trustAnchors: kBadBase64, kTooLong.
// kTooLong for too many MAFs or anchors; kBadForm for a MAF that stands twice.
Result<EnrolmentResponse> ParseEnrolmentResponse(std::string_view json);
std::string Write(const EnrolmentResponse& response);
// kStatusNotOk where the status is false (ParseFetchFailure then tells why); credential:
// kBadBase64, kBadKeyLength; lifetime and enroleeType: kOutOfRange; kBadForm for one of enroleeID
// and enroleeType without the other.
Result<FetchedCredential> ParseFetchedCredential(std::string_view json);
std::string Write(const FetchedCredential& credential);  // holds a key: Wipe() after use
// kBadForm where the status is true; kTooLong.
Result<FetchFailure> ParseFetchFailure(std::string_view json);
std::string Write(const FetchFailure& failure);

// "fetchCredentials/<KeId>/<SUID>", as To carries it (CSE-relative, without the first slash).
std::string FetchCredentialsPath(const KeId& ke_id, Suid suid);
struct FetchTarget {
  KeId ke_id;
  Suid suid;
};
// A path without its first slash. kBadForm where it isn't of that form; the errors of KeId::Parse;
// kOutOfRange for a SUID that isn't an RSPF's (21 to 25) or not written in its one form.
Result<FetchTarget> ParseFetchCredentialsPath(std::string_view path);

}  // namespace saef::onem2m::mef

#endif  // SAEF_ONEM2M_MEF_INTERFACE_H_
