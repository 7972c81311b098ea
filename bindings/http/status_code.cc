// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/status_code.h"

#include <array>

namespace saef::http {
namespace {

using onem2m::ResponseStatusCode;

struct Row {
  ResponseStatusCode status;
  unsigned http;
};

// For FromHttpStatus the first row with an HTTP status counts, so the most general one leads.
constexpr std::array kTable = {
    Row{ResponseStatusCode::kAccepted, 202},
    Row{ResponseStatusCode::kOk, 200},
    Row{ResponseStatusCode::kCreated, 201},
    Row{ResponseStatusCode::kDeleted, 200},
    Row{ResponseStatusCode::kUpdated, 200},
    Row{ResponseStatusCode::kBadRequest, 400},
    Row{ResponseStatusCode::kNotFound, 404},
    Row{ResponseStatusCode::kOperationNotAllowed, 405},
    Row{ResponseStatusCode::kRequestTimeout, 504},
    Row{ResponseStatusCode::kUnsupportedMediaType, 415},
    Row{ResponseStatusCode::kContentsUnacceptable, 400},
    Row{ResponseStatusCode::kOriginatorHasNoPrivilege, 403},
    Row{ResponseStatusCode::kConflict, 409},
    Row{ResponseStatusCode::kOriginatorNotAuthenticated, 403},
    Row{ResponseStatusCode::kSecurityAssociationRequired, 403},
    Row{ResponseStatusCode::kOriginatorHasAlreadyRegistered, 403},
    Row{ResponseStatusCode::kAppRuleValidationFailed, 403},
    // Not in the table of TS-0009 6.3.2; as its like.
    Row{ResponseStatusCode::kServiceSubscriptionNotEstablished, 403},
    Row{ResponseStatusCode::kInternalServerError, 500},
    Row{ResponseStatusCode::kNotImplemented, 501},
    Row{ResponseStatusCode::kTargetNotReachable, 404},
    Row{ResponseStatusCode::kReceiverHasNoPrivilege, 403},
    Row{ResponseStatusCode::kAlreadyExists, 403},
    Row{ResponseStatusCode::kNotAcceptable, 406},
};

}  // namespace

unsigned ToHttpStatus(ResponseStatusCode status) noexcept {
  for (const Row& row : kTable) {
    if (row.status == status) return row.http;
  }
  return 500;
}

std::optional<ResponseStatusCode> FromHttpStatus(unsigned status) noexcept {
  for (const Row& row : kTable) {
    if (row.http == status) return row.status;
  }
  if (status >= 200 && status < 300) return ResponseStatusCode::kOk;
  if (status >= 400 && status < 500) return ResponseStatusCode::kBadRequest;
  if (status >= 500 && status < 600) return ResponseStatusCode::kInternalServerError;
  return std::nullopt;
}

}  // namespace saef::http
