// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/response_status_code.h"

#include <limits>

namespace saef::onem2m {

Result<ResponseStatusCode> ToResponseStatusCode(long long number) {
  if (number < 0 || number > std::numeric_limits<int>::max()) return Error::kOutOfRange;
  const auto code = static_cast<ResponseStatusCode>(number);
  if (Name(code).empty()) return Error::kOutOfRange;
  return code;
}

std::string_view Name(ResponseStatusCode code) noexcept {
  switch (code) {
    case ResponseStatusCode::kAccepted:
      return "ACCEPTED";
    case ResponseStatusCode::kOk:
      return "OK";
    case ResponseStatusCode::kCreated:
      return "CREATED";
    case ResponseStatusCode::kDeleted:
      return "DELETED";
    case ResponseStatusCode::kUpdated:
      return "UPDATED";
    case ResponseStatusCode::kBadRequest:
      return "BAD_REQUEST";
    case ResponseStatusCode::kNotFound:
      return "NOT_FOUND";
    case ResponseStatusCode::kOperationNotAllowed:
      return "OPERATION_NOT_ALLOWED";
    case ResponseStatusCode::kRequestTimeout:
      return "REQUEST_TIMEOUT";
    case ResponseStatusCode::kUnsupportedMediaType:
      return "UNSUPPORTED_MEDIA_TYPE";
    case ResponseStatusCode::kContentsUnacceptable:
      return "CONTENTS_UNACCEPTABLE";
    case ResponseStatusCode::kOriginatorHasNoPrivilege:
      return "ORIGINATOR_HAS_NO_PRIVILEGE";
    case ResponseStatusCode::kConflict:
      return "CONFLICT";
    case ResponseStatusCode::kOriginatorNotAuthenticated:
      return "ORIGINATOR_NOT_AUTHENTICATED";
    case ResponseStatusCode::kSecurityAssociationRequired:
      return "SECURITY_ASSOCIATION_REQUIRED";
    case ResponseStatusCode::kOriginatorHasAlreadyRegistered:
      return "ORIGINATOR_HAS_ALREADY_REGISTERED";
    case ResponseStatusCode::kAppRuleValidationFailed:
      return "APP_RULE_VALIDATION_FAILED";
    case ResponseStatusCode::kServiceSubscriptionNotEstablished:
      return "SERVICE_SUBSCRIPTION_NOT_ESTABLISHED";
    case ResponseStatusCode::kInternalServerError:
      return "INTERNAL_SERVER_ERROR";
    case ResponseStatusCode::kNotImplemented:
      return "NOT_IMPLEMENTED";
    case ResponseStatusCode::kTargetNotReachable:
      return "TARGET_NOT_REACHABLE";
    case ResponseStatusCode::kReceiverHasNoPrivilege:
      return "RECEIVER_HAS_NO_PRIVILEGE";
    case ResponseStatusCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case ResponseStatusCode::kNotAcceptable:
      return "NOT_ACCEPTABLE";
  }
  return {};
}

}  // namespace saef::onem2m
