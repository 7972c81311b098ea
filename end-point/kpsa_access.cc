// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/kpsa_access.h"

#include <algorithm>
#include <utility>

#include "end-point/kept_enrolment.h"
#include "onem2m/key_derivation.h"

namespace saef::end_point {

using bindings::LogLevel;

KpsaAccess::KpsaAccess(Options options)
    : options_([&options] {
        if (!options.log) options.log = [](LogLevel, std::string_view) {};
        return std::move(options);
      }()) {}

bool KpsaAccess::Counts(onem2m::Time now) const {
  return state_ && !refused_ && state_->end() > now;
}

onem2m::Time KpsaAccess::due() const { return Counts(onem2m::Now()) ? due_ : onem2m::Time{}; }

void KpsaAccess::Refused(std::string_view kpsa_id) {
  if (state_ && state_->ke_id.text() == kpsa_id) refused_ = true;
}

void KpsaAccess::Adopt(EnrolmentState state) {
  due_ = RenewalTime(std::min(state.enrolled, onem2m::Now()), state.end());
  state_ = std::move(state);
  refused_ = false;
}

Outcome<void> KpsaAccess::Renew() {
  const Enrolment& enrolment = options_.enrolment;
  auto state = Enrol({.enrolment = enrolment,
                      .maf = nullptr,
                      .originator = options_.originator,
                      .timeout = options_.timeout,
                      .open_client = options_.open_client,
                      .log = options_.log,
                      .interruption = nullptr});
  if (!state) {
    const onem2m::Time now = onem2m::Now();
    if (!Counts(now)) return state.error();
    due_ = RenewalRetryTime(now, state_->end());
    options_.log(LogLevel::kWarning, "the enrolment can't be renewed yet: " + state.error().text);
    return {};
  }
  ++enrolments_;
  options_.log(LogLevel::kInfo, "enrolled at the MEF " + enrolment.mef.text() + ": " +
                                    bindings::Quote(state->ke_id.text()) + " until " +
                                    onem2m::FormatTimestamp(state->expires));
  KeepEnrolment(enrolment, *state, options_.log);
  Adopt(std::move(*state));
  return {};
}

Outcome<bindings::PskCredential> KpsaAccess::Take() {
  if (!restored_) {
    if (auto kept = TakeUpEnrolment(options_.enrolment, nullptr, options_.log)) {
      Adopt(std::move(*kept));
    }
    restored_ = true;
  }
  if (due() <= onem2m::Now()) {
    if (auto renewed = Renew(); !renewed) return renewed.error();
  }
  // TS-0003 10.3.3.
  auto kpsa = onem2m::DeriveKpsa(state_->ke, options_.enrolee_b_id);
  if (!kpsa) return MakeFailure(Party::kSelf, kpsa.error(), "deriving Kpsa");
  return bindings::PskCredential{state_->ke_id.text(), std::move(*kpsa)};
}

}  // namespace saef::end_point
