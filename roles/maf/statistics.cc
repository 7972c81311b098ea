// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/statistics.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "onem2m/maf_interface.h"

namespace saef::maf {
namespace {

using onem2m::Operation;
using onem2m::ResponseStatusCode;

struct Counter {
  const char* name;
  const char* help;
  ResponseStatusCode success;  // told also where it never was
};
// In the order of Procedure.
constexpr Counter kCounters[] = {
    {"saef_maf_registrations_total", "Key Registrations (8.x.5), by the answer.",
     ResponseStatusCode::kCreated},
    {"saef_maf_retrievals_total", "Key Retrievals (8.x.6), by the answer.",
     ResponseStatusCode::kOk},
    {"saef_maf_target_updates_total", "Updates of a list of targets, by the answer.",
     ResponseStatusCode::kUpdated},
    {"saef_maf_deregistrations_total", "Keys taken back by their source, by the answer.",
     ResponseStatusCode::kDeleted},
    {"saef_maf_other_requests_total", "All other requests, by the answer.",
     ResponseStatusCode::kOk},
};

}  // namespace

Procedure ProcedureOf(const onem2m::RequestPrimitive& request) {
  std::string_view path = request.to;
  if (path.starts_with('/')) path.remove_prefix(1);
  constexpr std::string_view kKeys = onem2m::maf::kKeyRetrievalPath.substr(1);
  constexpr std::string_view kRegistration = onem2m::maf::kKeyRegistrationPath.substr(1);
  if (path == kRegistration) {
    // A POST without resource type reads as NOTIFY.
    const bool posts =
        request.operation == Operation::kCreate || request.operation == Operation::kNotify;
    return posts ? Procedure::kRegistration : Procedure::kOther;
  }
  const bool is_key = path.starts_with(kKeys) && path.substr(kKeys.size()).starts_with('/');
  if (!is_key) return Procedure::kOther;
  switch (request.operation) {
    case Operation::kRetrieve:
      return Procedure::kRetrieval;
    case Operation::kUpdate:
      return Procedure::kTargetUpdate;
    case Operation::kDelete:
      return Procedure::kDeregistration;
    default:
      return Procedure::kOther;
  }
}

void Statistics::Count(Procedure procedure, ResponseStatusCode status,
                       Clock::duration took) noexcept {
  static_assert(std::size(kCounters) == kProcedures);
  outcomes_[static_cast<std::size_t>(procedure)].Count(status);
  latency_.Add(took);
}

void Statistics::KeysChanged(std::int64_t by) noexcept {
  keys_.fetch_add(by, std::memory_order_relaxed);
}

void Statistics::ForgetKeys() noexcept { keys_.store(0, std::memory_order_relaxed); }

void Statistics::Expired(std::size_t keys) noexcept {
  keys_.fetch_sub(static_cast<std::int64_t>(keys), std::memory_order_relaxed);
  expired_.fetch_add(keys, std::memory_order_relaxed);
}

statistics::Families Statistics::Collect() const {
  statistics::Families families;
  for (std::size_t procedure = 0; procedure < kProcedures; ++procedure) {
    const Counter& counter = kCounters[procedure];
    families.push_back(outcomes_[procedure].Collect(counter.name, counter.help, counter.success));
  }
  families.push_back(statistics::HistogramFamily(
      "saef_maf_request_seconds", "From when a request came until its answer was given.",
      latency_.Read()));
  const double keys =
      static_cast<double>(std::max<std::int64_t>(keys_.load(std::memory_order_relaxed), 0));
  families.push_back(statistics::GaugeFamily(
      "saef_maf_keys",
      "Keys stored, as far as this process knows: counted at its start, then by its own changes.",
      {statistics::Plain(keys)}));
  families.push_back(statistics::CounterFamily(
      "saef_maf_keys_expired_total", "Keys removed from the store because they had expired.",
      {statistics::Plain(static_cast<double>(expired_.load(std::memory_order_relaxed)))}));
  return families;
}

}  // namespace saef::maf
