// SPDX-License-Identifier: GPL-3.0-or-later
//
// Statistics: what a MAF counts: its procedures (TS-0003 8.x.5, 8.x.6) by what was answered, how
// long requests took, and the keys in the store: counted when the MAF starts, and from then on by
// what this process adds and removes.
//
// Threads: any. No lock and no allocation but in Collect.
#ifndef SAEF_ROLES_MAF_STATISTICS_H_
#define SAEF_ROLES_MAF_STATISTICS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "bindings/latency_histogram.h"
#include "onem2m/primitive.h"
#include "onem2m/response_status_code.h"
#include "roles/statistics/families.h"
#include "roles/statistics/outcomes.h"

namespace saef::maf {

enum class Procedure { kRegistration, kRetrieval, kTargetUpdate, kDeregistration, kOther };

// By operation and path, whatever comes of it; KmId Retrieval and what is no procedure is kOther.
Procedure ProcedureOf(const onem2m::RequestPrimitive& request);

class Statistics {
 public:
  using Clock = std::chrono::steady_clock;

  // `took`: from when the request came until its answer was given.
  void Count(Procedure procedure, onem2m::ResponseStatusCode status, Clock::duration took) noexcept;
  // Keys have come or gone. What was told before ForgetKeys counts no more.
  void KeysChanged(std::int64_t by) noexcept;
  void ForgetKeys() noexcept;
  void Expired(std::size_t keys) noexcept;

  // `saef_maf_…`. Outcomes are the names of response status codes in lower case; of those that
  // never were there is none.
  statistics::Families Collect() const;

 private:
  static constexpr std::size_t kProcedures = 5;

  std::array<statistics::Outcomes, kProcedures> outcomes_;
  bindings::LatencyHistogram latency_;
  std::atomic<std::int64_t> keys_{0};
  std::atomic<std::uint64_t> expired_{0};
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_STATISTICS_H_
