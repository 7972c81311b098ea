// SPDX-License-Identifier: GPL-3.0-or-later
//
// Outcome: a value, or the response status code with which a request is refused and a sentence that
// tells its sender why. The text quotes nothing secret.
#ifndef SAEF_ROLES_CSE_OUTCOME_H_
#define SAEF_ROLES_CSE_OUTCOME_H_

#include <boost/system/result.hpp>
#include <string>
#include <utility>

#include "onem2m/response_status_code.h"

namespace saef::cse {

struct Refusal {
  onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kInternalServerError;
  std::string text;
};

template <typename T>
using Outcome = boost::system::result<T, Refusal>;

inline Refusal Refuse(onem2m::ResponseStatusCode status, std::string text) {
  return {status, std::move(text)};
}

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_OUTCOME_H_
