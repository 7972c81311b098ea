// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/failure.h"

namespace saef::entity_a {
namespace {

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
  static constexpr Party kParties[] = {Party::kSelf, Party::kMef, Party::kMaf};
  return {kParties[static_cast<int>(failure.party)], failure.kind, failure.text, {}};
}

Failure MakeFailure(Party party, const boost::system::error_code& error, std::string_view doing) {
  Failure failure;
  failure.party = party;
  failure.kind = end_point::KindOf(error);
  failure.text = std::string(NameOf(party)) + ", " + std::string(doing) + ": " + error.message();
  return failure;
}

}  // namespace saef::entity_a
