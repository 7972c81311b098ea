// SPDX-License-Identifier: GPL-3.0-or-later
//
// Response status codes (TS-0004 6.6.3), those that the standard's bindings map (TS-0008 6.4,
// TS-0009 6.3.2).
#ifndef SAEF_ONEM2M_RESPONSE_STATUS_CODE_H_
#define SAEF_ONEM2M_RESPONSE_STATUS_CODE_H_

#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

enum class ResponseStatusCode {
  kAccepted = 1000,
  kOk = 2000,
  kCreated = 2001,
  kDeleted = 2002,
  kUpdated = 2004,
  kBadRequest = 4000,
  kNotFound = 4004,
  kOperationNotAllowed = 4005,
  kRequestTimeout = 4008,
  kUnsupportedMediaType = 4015,
  kContentsUnacceptable = 4102,
  kOriginatorHasNoPrivilege = 4103,
  kConflict = 4105,
  kOriginatorNotAuthenticated = 4106,
  kSecurityAssociationRequired = 4107,
  kOriginatorHasAlreadyRegistered = 4117,
  kAppRuleValidationFailed = 4126,
  kServiceSubscriptionNotEstablished = 4128,
  kInternalServerError = 5000,
  kNotImplemented = 5001,
  kTargetNotReachable = 5103,
  kReceiverHasNoPrivilege = 5105,
  kAlreadyExists = 5106,
  kNotAcceptable = 5207,
};

Result<ResponseStatusCode> ToResponseStatusCode(long long number);  // kOutOfRange
// "ORIGINATOR_NOT_AUTHENTICATED"; empty for a number that is none of the enumerators.
std::string_view Name(ResponseStatusCode code) noexcept;
constexpr int Number(ResponseStatusCode code) noexcept { return static_cast<int>(code); }
constexpr bool IsSuccess(ResponseStatusCode code) noexcept {
  return Number(code) >= 2000 && Number(code) < 3000;
}

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_RESPONSE_STATUS_CODE_H_
