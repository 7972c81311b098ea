// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/failure.h"

#include "bindings/error.h"

namespace saef::entity_a {
namespace {

FailureKind KindOf(const boost::system::error_code& error) {
  if (error.category() != bindings::ErrorCategory()) {
    return FailureKind::kLocal;
  }
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

std::string_view NameOf(Party party) {
  switch (party) {
    case Party::kMaf:
      return "the MAF";
    case Party::kCse:
      return "the CSE";
    case Party::kMef:
      return "the MEF";
    case Party::kSelf:
      break;
  }
  return "this entity";
}

}  // namespace

int Failure::exit_code() const noexcept {
  switch (kind) {
    case FailureKind::kRefused:
    case FailureKind::kBadAnswer:
      return 1;
    case FailureKind::kUnreachable:
      return 3;
    case FailureKind::kLocal:
      break;
  }
  return 2;
}

Failure MakeFailure(const end_point::Failure& failure) {
  static constexpr FailureKind kKinds[] = {FailureKind::kRefused, FailureKind::kUnreachable,
                                           FailureKind::kBadAnswer, FailureKind::kLocal};
  static constexpr Party kParties[] = {Party::kSelf, Party::kMef, Party::kMaf};
  return {kParties[static_cast<int>(failure.party)],
          kKinds[static_cast<int>(failure.kind)],
          failure.text,
          {}};
}

Failure MakeFailure(Party party, const boost::system::error_code& error, std::string_view doing) {
  Failure failure;
  failure.party = party;
  failure.kind = KindOf(error);
  failure.text = std::string(NameOf(party)) + ", " + std::string(doing) + ": " + error.message();
  return failure;
}

}  // namespace saef::entity_a
