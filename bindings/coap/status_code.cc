// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/status_code.h"

#include "bindings/coap/message.h"

namespace saef::coap {
namespace {

using onem2m::Operation;
using onem2m::ResponseStatusCode;

struct Row {
  ResponseStatusCode status;
  std::uint8_t code;
  bool back;  // of several status codes with one code, the one that the code alone means
};

constexpr Row kTable[] = {
    {ResponseStatusCode::kAccepted, Code(2, 4), false},
    {ResponseStatusCode::kOk, Code(2, 5), true},
    {ResponseStatusCode::kCreated, Code(2, 1), true},
    {ResponseStatusCode::kDeleted, Code(2, 2), true},
    {ResponseStatusCode::kUpdated, Code(2, 4), true},
    {ResponseStatusCode::kBadRequest, Code(4, 0), true},
    {ResponseStatusCode::kNotFound, Code(4, 4), true},
    {ResponseStatusCode::kOperationNotAllowed, Code(4, 5), true},
    {ResponseStatusCode::kRequestTimeout, Code(5, 4), true},
    {ResponseStatusCode::kUnsupportedMediaType, Code(4, 15), true},
    {ResponseStatusCode::kContentsUnacceptable, Code(4, 0), false},
    {ResponseStatusCode::kOriginatorHasNoPrivilege, Code(4, 3), true},
    {ResponseStatusCode::kConflict, Code(4, 3), false},
    {ResponseStatusCode::kOriginatorNotAuthenticated, Code(4, 3), false},
    {ResponseStatusCode::kSecurityAssociationRequired, Code(4, 3), false},
    {ResponseStatusCode::kOriginatorHasAlreadyRegistered, Code(4, 3), false},
    {ResponseStatusCode::kAppRuleValidationFailed, Code(4, 3), false},
    // Not in the table of TS-0008 6.4; as its like.
    {ResponseStatusCode::kServiceSubscriptionNotEstablished, Code(4, 3), false},
    {ResponseStatusCode::kInternalServerError, Code(5, 0), true},
    {ResponseStatusCode::kNotImplemented, Code(5, 1), true},
    {ResponseStatusCode::kTargetNotReachable, Code(4, 4), false},
    {ResponseStatusCode::kReceiverHasNoPrivilege, Code(4, 3), false},
    {ResponseStatusCode::kAlreadyExists, Code(4, 0), false},
    {ResponseStatusCode::kNotAcceptable, Code(4, 6), true},
};

}  // namespace

std::uint8_t ToCode(ResponseStatusCode status, Operation operation) noexcept {
  if (status == ResponseStatusCode::kOk && operation != Operation::kRetrieve) return Code(2, 4);
  for (const Row& row : kTable) {
    if (row.status == status) return row.code;
  }
  return Code(5, 0);
}

ResponseStatusCode ToStatusCode(std::uint8_t code, Operation operation) noexcept {
  if (code == Code(2, 4) && operation != Operation::kUpdate) return ResponseStatusCode::kOk;
  for (const Row& row : kTable) {
    if (row.back && row.code == code) return row.status;
  }
  switch (ClassOf(code)) {
    case 2:
      return ResponseStatusCode::kOk;
    case 4:
      return ResponseStatusCode::kBadRequest;
    default:
      return ResponseStatusCode::kInternalServerError;
  }
}

}  // namespace saef::coap
