// SPDX-License-Identifier: GPL-3.0-or-later
//
// KpsaAccess: Kpsa for one Entity B by Remote Security Provisioning (TS-0003 8.2.2.1, 8.3.2.1): the
// End-Point enrols at its MEF; KpsaId is KeId ("the Enrolee shall use the KeID in security
// protocols with the Enrolment Target"), and Kpsa is derived from Ke and Entity B's identifier
// (10.3.3). Entity B asks the MEF for the same key. It enrols at first, after 80 % of Ke's life,
// and after Entity B has refused the key. What it got is kept in the state file. If a renewal can't
// be, the old key serves until it expires.
//
// Threads: any, one at a time. Take blocks as long as an enrolment takes where one is due.
#ifndef SAEF_END_POINT_KPSA_ACCESS_H_
#define SAEF_END_POINT_KPSA_ACCESS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/credential.h"
#include "bindings/log.h"
#include "end-point/enrolee.h"
#include "end-point/failure.h"
#include "end-point/maf_credential.h"
#include "end-point/open_client.h"
#include "onem2m/timestamp.h"

namespace saef::end_point {

class KpsaAccess {
 public:
  struct Options {
    Enrolment enrolment;
    std::string enrolee_b_id;                  // Absolute CSE-ID or AE-ID of Entity B
    std::optional<std::string> originator;     // From, in the exchange with the MEF
    std::chrono::milliseconds timeout{10000};  // of the handshake and of the exchange
    ClientOpener open_client = OpenClient;
    bindings::Log log;
  };

  explicit KpsaAccess(Options options);

  // KpsaId and Kpsa, for the handshake with Entity B. Enrols where that is due.
  Outcome<bindings::PskCredential> Take();
  // Entity B refused the key of this KpsaId: the next Take gets another one. Nothing where it isn't
  // the one in use.
  void Refused(std::string_view kpsa_id);
  // When Take has something to do. The epoch: at once.
  onem2m::Time due() const;
  std::uint64_t enrolments() const { return enrolments_; }  // at the MEF, so far

 private:
  bool Counts(onem2m::Time now) const;
  void Adopt(EnrolmentState state);
  Outcome<void> Renew();

  const Options options_;
  bool restored_ = false;
  bool refused_ = false;
  std::optional<EnrolmentState> state_;
  onem2m::Time due_{};  // where there is a state
  std::uint64_t enrolments_ = 0;
};

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_KPSA_ACCESS_H_
