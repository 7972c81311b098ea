// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is done alike with an enrolment whatever it is for: taking up what an earlier run has left,
// keeping what there is, and when to renew it.
//
// Threads: any, one at a time for a state file.
#ifndef SAEF_END_POINT_KEPT_ENROLMENT_H_
#define SAEF_END_POINT_KEPT_ENROLMENT_H_

#include <optional>

#include "bindings/log.h"
#include "end-point/enrolment_state.h"
#include "end-point/maf_credential.h"
#include "onem2m/fqdn.h"
#include "onem2m/timestamp.h"

namespace saef::end_point {

// What the state file has, if it can be used: it is of this MEF, this enrolment credential and this
// MAF (null: of none), and hasn't expired. Otherwise the log says why not.
std::optional<EnrolmentState> TakeUpEnrolment(const Enrolment& enrolment, const onem2m::Fqdn* maf,
                                              const bindings::Log& log);
// Writes the state file. Where that can't be the log says so: the state then serves until the
// program ends.
void KeepEnrolment(const Enrolment& enrolment, const EnrolmentState& state,
                   const bindings::Log& log);

// After 80 % of a life from `begin` to `end`.
onem2m::Time RenewalTime(onem2m::Time begin, onem2m::Time end);
// When a renewal has failed: after a quarter of what is left, a second at least.
onem2m::Time RenewalRetryTime(onem2m::Time now, onem2m::Time end);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_KEPT_ENROLMENT_H_
