// SPDX-License-Identifier: GPL-3.0-or-later
//
// MafAccess: opens clients of one MAF with whatever credential there is. Where that comes from an
// enrolment, it enrols at the MEF and gets its KmId from the MAF when that is due (TS-0003 8.x.2,
// 8.x.3): at first; after 80 % of the life of what it has; and after the MAF has refused it. What
// it got is kept in the state file, so that a restart finds it. If a renewal can't be, the old
// credential serves until it expires.
//
// Threads: any. Ensure and Open block as long as an enrolment takes where one is due; the others
// never do.
#ifndef SAEF_END_POINT_MAF_ACCESS_H_
#define SAEF_END_POINT_MAF_ACCESS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bindings/client.h"
#include "bindings/log.h"
#include "end-point/enrolee.h"
#include "end-point/failure.h"
#include "end-point/maf_credential.h"
#include "end-point/open_client.h"
#include "onem2m/fqdn.h"
#include "onem2m/thread_annotations.h"
#include "onem2m/timestamp.h"

namespace saef::end_point {

class MafAccess {
 public:
  struct Options {
    onem2m::Fqdn maf;
    MafCredential credential;
    std::optional<std::string> originator;     // From, in exchanges with the MEF and for the KmId
    std::chrono::milliseconds timeout{10000};  // of each handshake and each exchange
    ClientOpener open_client = OpenClient;
    bindings::Log log;
  };
  struct Opened {
    std::unique_ptr<bindings::Client> client;
    // Of the credential that it was opened with; a later one has a higher number.
    std::uint64_t generation = 0;
    // Where `client` had no URI: the path of the one that the MEF gave. Else empty.
    std::string path{};
  };

  explicit MafAccess(Options options);
  MafAccess(const MafAccess&) = delete;
  MafAccess& operator=(const MafAccess&) = delete;

  // What Open does first: makes sure that there is a credential.
  Outcome<void> Ensure() SAEF_EXCLUDES(procedure_, mutex_);
  // Fills credential, trust, SNI and log of `client`; the rest is the caller's. By an enrolment, a
  // URI without a host as well: with the Key Retrieval URI of the MEF's instructions (TS-0003
  // 8.x.2). No packet goes to the MAF but for an enrolment.
  Outcome<Opened> Open(bindings::ClientOptions client) SAEF_EXCLUDES(procedure_, mutex_);
  // The MAF refused the credential of this generation: the next Ensure gets another one. Nothing
  // where it isn't the one in use, or wasn't enrolled.
  void Refused(std::uint64_t generation) SAEF_EXCLUDES(mutex_);

  // Ends an exchange that is under way in Ensure or Open, on another thread; none begins
  // afterwards. To be repeated until that thread has returned.
  void Interrupt() { interruption_.Interrupt(); }

  // Is there a credential that counts, so that Open wouldn't block for an enrolment? Also while a
  // renewal is due.
  bool ready() const SAEF_EXCLUDES(mutex_);
  // When Ensure has something to do; nullopt: never by itself.
  std::optional<onem2m::Time> due() const SAEF_EXCLUDES(mutex_);
  // By an enrolment? Then the instructions' URIs, once there are any.
  bool by_enrolment() const;
  std::optional<bindings::Uri> key_registration() const SAEF_EXCLUDES(mutex_);
  std::optional<bindings::Uri> key_retrieval() const SAEF_EXCLUDES(mutex_);
  std::uint64_t generation() const SAEF_EXCLUDES(mutex_);
  std::uint64_t enrolments() const SAEF_EXCLUDES(mutex_);  // at the MEF, so far

 private:
  EnroleeContext ContextOf(const Enrolment& enrolment);
  // Enrols, or only gets a KmId, and puts the result in use.
  Outcome<void> Renew(const Enrolment& enrolment) SAEF_REQUIRES(procedure_) SAEF_EXCLUDES(mutex_);
  Outcome<EnrolmentState> Obtain(const Enrolment& enrolment) SAEF_REQUIRES(procedure_)
      SAEF_EXCLUDES(mutex_);
  Outcome<void> Complete(const Enrolment& enrolment, EnrolmentState& state);
  void Adopt(EnrolmentState state) SAEF_REQUIRES(procedure_) SAEF_EXCLUDES(mutex_);
  Outcome<void> RenewalFailed(Failure failure) SAEF_EXCLUDES(mutex_);
  bindings::Result<Access> CurrentAccess() const SAEF_REQUIRES(mutex_);
  bool Counts(onem2m::Time now) const SAEF_REQUIRES(mutex_);

  const Options options_;
  Interruption interruption_;
  Mutex procedure_;  // one at a time
  bool restored_ SAEF_GUARDED_BY(procedure_) = false;
  mutable Mutex mutex_;
  std::optional<EnrolmentState> state_ SAEF_GUARDED_BY(mutex_);
  onem2m::Time due_ SAEF_GUARDED_BY(mutex_){};  // where there is a state
  bool refused_ SAEF_GUARDED_BY(mutex_) = false;
  std::uint64_t generation_ SAEF_GUARDED_BY(mutex_) = 0;
  std::uint64_t enrolments_ SAEF_GUARDED_BY(mutex_) = 0;
};

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_MAF_ACCESS_H_
