// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Enrolment Target's side of Remote Security Provisioning (TS-0003 8.3.2.1, Use of Remotely
// Provisioned Credential, steps c to f): at which MEFs it asks, what it asks, and what an answer
// says. A MAF asks for Km (SUID 21), Entity B for Kpsa (SUID 22).
//
// Threads: any.
#ifndef SAEF_END_POINT_CREDENTIAL_FETCH_H_
#define SAEF_END_POINT_CREDENTIAL_FETCH_H_

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/client.h"
#include "bindings/configuration_file.h"
#include "bindings/uri.h"
#include "end-point/maf_credential.h"
#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"
#include "onem2m/mef_interface.h"
#include "onem2m/primitive.h"
#include "onem2m/suid.h"

namespace saef::end_point {

// A MEF at which an Enrolment Target fetches. Step c: "has been pre-configured with the MEF's
// FQDN/URL and … either uses the PSK credentials or certificate".
struct MefAccess {
  onem2m::Fqdn fqdn;
  bindings::Uri uri;  // "/fetchCredentials/…" comes behind its path
  Access access;
};

// `schema` with "$mefs$" in it replaced by the schema of the member "mefs" of maf.json and
// saef.json, which InsertCredentialSchema completes.
std::string InsertMefsSchema(std::string_view schema);
// "mefs", which may be missing: no two of one FQDN. Or a sentence with the place in front.
std::variant<std::vector<MefAccess>, std::string> ReadMefs(const bindings::ConfigurationFile& file);

// A client of that MEF; no packet is sent yet. `options` have what isn't the MEF's: timeouts,
// bounds but that on contents, log.
bindings::Result<std::unique_ptr<bindings::Client>> OpenMefClient(const MefAccess& mef,
                                                                  bindings::ClientOptions options);

// Step d: RETRIEVE /fetchCredentials/<KeId>/<SUID>, whose originator is the Enrolment Target: a
// MAF's FQDN, or an Absolute CSE-ID. The request identifier is the caller's to set.
onem2m::RequestPrimitive MakeFetchRequest(const MefAccess& mef, const onem2m::KeId& ke_id,
                                          onem2m::Suid suid, std::string from);

struct FetchRefusal {
  enum class Kind {
    kNotForUs,   // the MEF says that there is no such credential for this target
    kCannot,     // the MEF can't answer now
    kBadAnswer,  // not as a MEF answers
  };
  Kind kind = Kind::kBadAnswer;
  std::string why;  // for the log, without anything secret
};
// Table 8.3.2.1-5 or 8.3.2.1-6. `response.content`, which may hold a key, is wiped.
std::variant<onem2m::mef::FetchedCredential, FetchRefusal> ReadFetchAnswer(
    onem2m::ResponsePrimitive& response);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_CREDENTIAL_FETCH_H_
