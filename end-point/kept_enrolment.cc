// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/kept_enrolment.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "end-point/enrolee.h"

namespace saef::end_point {
namespace {

using bindings::LogLevel;

constexpr int kRenewAfterPercent = 80;
constexpr int kRetryPartOfRest = 4;

// Empty: it can be used.
std::string WhyNotUsable(const EnrolmentState& state, const Enrolment& enrolment,
                         const onem2m::Fqdn* maf) {
  const std::string name = bindings::Quote(enrolment.state_file, 4096);
  const bool same_maf = maf == nullptr ? !state.maf.has_value()
                                       : state.maf && state.maf->fqdn == *maf &&
                                             (!state.km_id || state.km_id->fqdn() == *maf);
  if (state.ke_id.fqdn() != enrolment.mef || !same_maf ||
      state.enrolled_as != NameOf(enrolment.access)) {
    return name + " is of another MEF, MAF or enrolment credential";
  }
  if (state.expires <= onem2m::Now()) {
    return name + " has expired at " + onem2m::FormatTimestamp(state.expires);
  }
  return {};
}

}  // namespace

std::optional<EnrolmentState> TakeUpEnrolment(const Enrolment& enrolment, const onem2m::Fqdn* maf,
                                              const bindings::Log& log) {
  auto read = ReadEnrolmentState(enrolment.state_file);
  std::string why;
  if (auto* const error = std::get_if<std::string>(&read)) {
    why = std::move(*error);
  } else if (auto& state = std::get<std::optional<EnrolmentState>>(read)) {
    why = WhyNotUsable(*state, enrolment, maf);
    if (why.empty()) {
      log(LogLevel::kInfo, "enrolled before: " + bindings::Quote(state->ke_id.text()) + " until " +
                               onem2m::FormatTimestamp(state->expires));
      return std::move(state);
    }
  }
  if (!why.empty()) log(LogLevel::kWarning, why + "; enrolling afresh");
  return std::nullopt;
}

void KeepEnrolment(const Enrolment& enrolment, const EnrolmentState& state,
                   const bindings::Log& log) {
  const std::string error = WriteEnrolmentState(enrolment.state_file, state);
  if (!error.empty()) log(LogLevel::kError, "the enrolment can't be kept: " + error);
}

onem2m::Time RenewalTime(onem2m::Time begin, onem2m::Time end) {
  return begin + (end - begin) * kRenewAfterPercent / 100;
}

onem2m::Time RenewalRetryTime(onem2m::Time now, onem2m::Time end) {
  return now + std::max((end - now) / kRetryPartOfRest, std::chrono::seconds(1));
}

}  // namespace saef::end_point
