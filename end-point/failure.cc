// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/failure.h"

#include "bindings/error.h"

namespace saef::end_point {

FailureKind KindOf(const boost::system::error_code& error) noexcept {
  if (error.category() != bindings::ErrorCategory()) return FailureKind::kLocal;
  switch (static_cast<bindings::Error>(error.value())) {
    case bindings::Error::kUnreachable:
    case bindings::Error::kTimeout:
    case bindings::Error::kClosed:
      return FailureKind::kUnreachable;
    case bindings::Error::kCredentialRefused:
    case bindings::Error::kPeerNotAuthentic:
    case bindings::Error::kHandshake:
      return FailureKind::kRefused;
    case bindings::Error::kBadResponse:
    case bindings::Error::kNoExtendedMasterSecret:
      return FailureKind::kBadAnswer;
    default:
      return FailureKind::kLocal;
  }
}

std::string_view Name(Party party) noexcept {
  switch (party) {
    case Party::kMef:
      return "the MEF";
    case Party::kMaf:
      return "the MAF";
    case Party::kSelf:
      break;
  }
  return "this End-Point";
}

Failure MakeFailure(Party party, const boost::system::error_code& error, std::string_view doing) {
  return {party, KindOf(error),
          std::string(Name(party)) + ", " + std::string(doing) + ": " + error.message()};
}

}  // namespace saef::end_point
