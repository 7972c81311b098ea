// SPDX-License-Identifier: GPL-3.0-or-later
//
// The enrolee's side of Remote Security Provisioning (TS-0003 8.3.2.1, 8.3.2.2), for a MAF (8.x.2)
// or for Entity B (8.2.2.1), and of KmId Retrieval (8.x.3), one exchange each.
//
// Threads: any; calls block.
#ifndef SAEF_END_POINT_ENROLEE_H_
#define SAEF_END_POINT_ENROLEE_H_

#include <chrono>
#include <optional>
#include <string>

#include "bindings/log.h"
#include "end-point/enrolment_state.h"
#include "end-point/failure.h"
#include "end-point/interruption.h"
#include "end-point/maf_credential.h"
#include "end-point/open_client.h"
#include "onem2m/fqdn.h"
#include "onem2m/maf_interface.h"

namespace saef::end_point {

struct EnroleeContext {
  const Enrolment& enrolment;  // these two must outlive the call
  // Whose instructions are wanted. Null: none are, Ke is for Entity B (Kpsa).
  const onem2m::Fqdn* maf = nullptr;
  std::optional<std::string> originator;  // From
  std::chrono::milliseconds timeout{10000};
  ClientOpener open_client;
  bindings::Log log;
  Interruption* interruption = nullptr;  // may be null; outlives the call
};

// What tells one enrolment credential from another: KpmId, or a digest of the certificate.
std::string NameOf(const Access& access);

// A session with the MEF; Ke and RelativeKeId exported from it (10.3.1), which takes an extended
// master secret (RFC 7627); the Enrolment Exchange in it; the instructions for this MAF, if one is
// wanted. The state has no KmId yet.
Outcome<EnrolmentState> Enrol(const EnroleeContext& context);

// Km (10.3.7): HMAC of Ke, SUID 21 and the MAF's FQDN. The state has instructions.
onem2m::Result<onem2m::Secret> DeriveKm(const EnrolmentState& state);

// A session with the MAF whose psk_identity is KeId and whose psk is Km; the KmId that it assigns.
// The state has instructions.
Outcome<onem2m::maf::KmIdRetrievalResponse> RetrieveKmId(const EnroleeContext& context,
                                                         const EnrolmentState& state);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_ENROLEE_H_
