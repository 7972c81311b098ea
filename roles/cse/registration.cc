// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/registration.h"

#include "bindings/log.h"

namespace saef::cse {
namespace {

using onem2m::AeId;
using onem2m::CseId;
using onem2m::OriginatorForm;
using enum onem2m::ResponseStatusCode;

// Of several that the association may be: the one that From names, else the first one of the kind
// that From asks for.
Outcome<std::optional<std::string>> ChooseOfList(const std::optional<std::string>& from,
                                                 const Peer& peer, const CseId& self) {
  const OriginatorForm form = onem2m::ParseOriginator(from.value_or("")).form;
  for (const std::string& text : peer.allowed_ids) {
    const onem2m::Result<AeId> ae = AeId::ParseAbsolute(text);
    if (!ae || !ae->MayRegisterWith(self)) {
      continue;
    }
    if (form == OriginatorForm::kNone ||
        (form == OriginatorForm::kJustC && ae->assigned_by_cse()) ||
        (form == OriginatorForm::kJustS && !ae->assigned_by_cse()) || ae->stem() == from) {
      return std::optional<std::string>(ae->stem());
    }
  }
  if (form == OriginatorForm::kCStem || form == OriginatorForm::kSStem) {
    return Refuse(kOriginatorNotAuthenticated, "From isn't one of this association's AE-IDs");
  }
  return Refuse(kAppRuleValidationFailed, "this association has no AE-ID such as From asks for");
}

// The stem that the MAF has told, if this CSE may be its registrar.
Outcome<std::string> ToldStem(const Peer& peer, const CseId& self) {
  const onem2m::Result<AeId> told = AeId::ParseAbsolute(peer.entity_id);
  if (!told || !told->MayRegisterWith(self)) {
    return Refuse(kAppRuleValidationFailed, bindings::Quote(peer.entity_id) +
                                                ", whom this association authenticates, "
                                                "can't be registered with " +
                                                self.Absolute());
  }
  return std::string(told->stem());
}

}  // namespace

Outcome<std::optional<std::string>> ChooseAeId(const std::optional<std::string>& from,
                                               const Peer& peer, const CseId& self) {
  if (peer.kind == PeerKind::kCse) {
    return Refuse(kOriginatorHasNoPrivilege, "no AE registers through a CSE's association");
  }
  if (peer.kind == PeerKind::kAeList) {
    return ChooseOfList(from, peer, self);
  }
  std::optional<std::string> told;
  if (peer.kind == PeerKind::kAe) {
    Outcome<std::string> stem = ToldStem(peer, self);
    if (!stem) {
      return stem.error();
    }
    told = *std::move(stem);
  }
  switch (onem2m::ParseOriginator(from.value_or("")).form) {
    case OriginatorForm::kNone:
    case OriginatorForm::kJustC:
      return told;
    case OriginatorForm::kJustS:
      return told
                 ? Outcome<std::optional<std::string>>(told)
                 : Refuse(kAppRuleValidationFailed, "no service provider's AE-ID is known for you");
    case OriginatorForm::kCStem:
    case OriginatorForm::kSStem:
      break;
    default:
      return Refuse(kBadRequest, "From of an AE that registers is nothing, C, S or an AE-ID-Stem");
  }
  if (told && *told != *from) {
    return Refuse(kOriginatorNotAuthenticated,
                  "this association is that of " + bindings::Quote(peer.entity_id));
  }
  if (!told && from->starts_with('S')) {
    return Refuse(kAppRuleValidationFailed,
                  "an AE-ID that starts with S is taken from the MAF's word only");
  }
  return from;
}

Outcome<CseId> ChooseCseId(const std::optional<std::string>& from, const std::string& csi,
                           const Peer& peer, const CseId& self) {
  const onem2m::Result<CseId> originator = CseId::Parse(from.value_or(""), self.sp());
  const onem2m::Result<CseId> named = CseId::Parse(csi, self.sp());
  if (!originator || !named || *originator != *named) {
    return Refuse(kBadRequest, "From and csi must be one and the same CSE-ID");
  }
  if (*named == self) {
    return Refuse(kBadRequest, "that is this CSE's own CSE-ID");
  }
  if (peer.kind != PeerKind::kNone &&
      (peer.kind != PeerKind::kCse || peer.entity_id != named->Absolute())) {
    return Refuse(kOriginatorNotAuthenticated, "this association isn't that CSE's");
  }
  return *named;
}

}  // namespace saef::cse
