// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/outcomes.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "onem2m/ascii.h"

namespace saef::statistics {
namespace {

using onem2m::ResponseStatusCode;

// Those that our MAF and MEF answer; the place after the last is for any other.
constexpr ResponseStatusCode kCounted[] = {ResponseStatusCode::kOk,
                                           ResponseStatusCode::kCreated,
                                           ResponseStatusCode::kUpdated,
                                           ResponseStatusCode::kDeleted,
                                           ResponseStatusCode::kBadRequest,
                                           ResponseStatusCode::kNotFound,
                                           ResponseStatusCode::kOperationNotAllowed,
                                           ResponseStatusCode::kContentsUnacceptable,
                                           ResponseStatusCode::kOriginatorHasNoPrivilege,
                                           ResponseStatusCode::kConflict,
                                           ResponseStatusCode::kOriginatorNotAuthenticated,
                                           ResponseStatusCode::kInternalServerError,
                                           ResponseStatusCode::kTargetNotReachable,
                                           ResponseStatusCode::kNotAcceptable};

std::size_t PlaceOf(ResponseStatusCode status) {
  return static_cast<std::size_t>(std::find(std::begin(kCounted), std::end(kCounted), status) -
                                  std::begin(kCounted));
}

std::string OutcomeName(std::size_t place) {
  if (place >= std::size(kCounted)) return "other";
  return onem2m::ascii::ToLower(onem2m::Name(kCounted[place]));
}

}  // namespace

void Outcomes::Count(ResponseStatusCode status) noexcept {
  static_assert(std::size(kCounted) < kMaxCodes);
  counts_[PlaceOf(status)].fetch_add(1, std::memory_order_relaxed);
}

prometheus::MetricFamily Outcomes::Collect(std::string name, std::string help,
                                           ResponseStatusCode success) const {
  std::vector<Sample> samples;
  for (std::size_t place = 0; place <= std::size(kCounted); ++place) {
    const std::uint64_t count = counts_[place].load(std::memory_order_relaxed);
    if (count == 0 && place != PlaceOf(success)) continue;
    samples.push_back(With("outcome", OutcomeName(place), static_cast<double>(count)));
  }
  return CounterFamily(std::move(name), std::move(help), std::move(samples));
}

}  // namespace saef::statistics
