// SPDX-License-Identifier: GPL-3.0-or-later
//
// Failure: why something that an End-Point tried at its MAF or MEF has not come to be, and a
// sentence for a person; and the result that is a value or a Failure.
#ifndef SAEF_END_POINT_FAILURE_H_
#define SAEF_END_POINT_FAILURE_H_

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace saef::end_point {

enum class Party { kSelf, kMef, kMaf };

enum class FailureKind {
  kRefused,      // the party said no: to our credential in the handshake, or to a request
  kUnreachable,  // no answer from it
  kBadAnswer,    // an answer that isn't what it must be
  kLocal,        // our own configuration, memory, files or libraries
};

struct Failure {
  Party party = Party::kSelf;
  FailureKind kind = FailureKind::kLocal;
  std::string text;
};

template <typename T>
using Outcome = boost::system::result<T, Failure>;

// What kind of failure an error of the bindings is; any other error is our own.
FailureKind KindOf(const boost::system::error_code& error) noexcept;
// From an error of the bindings or of onem2m, in an exchange with `party`.
Failure MakeFailure(Party party, const boost::system::error_code& error, std::string_view doing);
// For a log: "the MEF", "the MAF", "this End-Point".
std::string_view Name(Party party) noexcept;

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_FAILURE_H_
