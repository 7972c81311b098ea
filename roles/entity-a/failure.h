// SPDX-License-Identifier: GPL-3.0-or-later
//
// Failure: why something that Entity A tried has not come to be: at whom, how, and a sentence for
// a person. And the result that is a value or a Failure.
#ifndef SAEF_ROLES_ENTITY_A_FAILURE_H_
#define SAEF_ROLES_ENTITY_A_FAILURE_H_

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>

#include "end-point/failure.h"
#include "onem2m/response_status_code.h"

namespace saef::entity_a {

enum class Party { kSelf, kMaf, kCse, kMef };

using end_point::FailureKind;

struct Failure {
  Party party = Party::kSelf;
  FailureKind kind = FailureKind::kLocal;
  std::string text;
  std::optional<onem2m::ResponseStatusCode> status;  // where it was a response that refused

  // As the `saef` command ends: 1 refused, 2 usage or configuration, 3 unreachable.
  int exit_code() const noexcept;
};

template <typename T>
using Outcome = boost::system::result<T, Failure>;

// From a failure at the MAF or the MEF.
Failure MakeFailure(const end_point::Failure& failure);
// From an error of the bindings, in an exchange with `party`.
Failure MakeFailure(Party party, const boost::system::error_code& error, std::string_view doing);

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_FAILURE_H_
