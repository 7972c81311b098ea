// SPDX-License-Identifier: GPL-3.0-or-later
//
// Outcomes: how often a procedure was answered with which response status code. Threads: any. No
// lock and no allocation but in Collect.
#ifndef SAEF_ROLES_STATISTICS_OUTCOMES_H_
#define SAEF_ROLES_STATISTICS_OUTCOMES_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "onem2m/response_status_code.h"
#include "roles/statistics/families.h"

namespace saef::statistics {

class Outcomes {
 public:
  void Count(onem2m::ResponseStatusCode status) noexcept;

  // A counter with the label `outcome`: names of response status codes in lower case, "created",
  // "not_found", or "other". Those that never were are left out, but for `success`.
  prometheus::MetricFamily Collect(std::string name, std::string help,
                                   onem2m::ResponseStatusCode success) const;

 private:
  static constexpr std::size_t kMaxCodes = 16;
  std::array<std::atomic<std::uint64_t>, kMaxCodes> counts_{};
};

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_OUTCOMES_H_
