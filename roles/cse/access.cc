// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/access.h"

#include "onem2m/entity_identifier.h"

namespace saef::cse {
namespace {

using onem2m::OriginatorForm;
using onem2m::ResourceType;
using enum onem2m::ResponseStatusCode;

Resource* FindNamed(ResourceTree& tree, const std::string& from) {
  switch (onem2m::ParseOriginator(from).form) {
    case OriginatorForm::kCStem:
    case OriginatorForm::kSStem: {
      Resource* found = tree.FindById(from);
      return found != nullptr && found->type == ResourceType::kAe ? found : nullptr;
    }
    case OriginatorForm::kSpRelative:
    case OriginatorForm::kAbsolute: {
      const onem2m::Result<onem2m::CseId> id = onem2m::CseId::Parse(from, tree.self().sp());
      return id ? tree.FindRemoteCse(id->Absolute()) : nullptr;
    }
    default:
      return nullptr;
  }
}

// Is this peer the entity that made the registration?
bool IsSame(const Resource& registration, const Peer& peer) {
  switch (peer.kind) {
    case PeerKind::kNone:
      return !registration.secured;
    case PeerKind::kUnresolved:
      return registration.secured && registration.credential_id == peer.credential_id;
    case PeerKind::kAe:
      return registration.type == ResourceType::kAe && registration.entity_id == peer.entity_id;
    case PeerKind::kCse:
      return registration.type == ResourceType::kRemoteCse &&
             registration.entity_id == peer.entity_id;
  }
  return false;
}

}  // namespace

Outcome<Resource*> Identify(ResourceTree& tree, const std::optional<std::string>& from,
                            const Peer& peer) {
  Resource* const found = from ? FindNamed(tree, *from) : nullptr;
  if (found == nullptr || IsSame(*found, peer)) {
    return found;
  }
  if (peer.kind == PeerKind::kNone) {
    return Refuse(kSecurityAssociationRequired,
                  "this registration was made through a security association and needs one");
  }
  return Refuse(kOriginatorNotAuthenticated,
                "this security association isn't that of the registration that From names");
}

bool MayAccess(const Resource& target, const Resource* originator, onem2m::Operation operation) {
  if (target.type == ResourceType::kCseBase) {
    return operation == onem2m::Operation::kRetrieve;
  }
  return originator != nullptr && target.registration == originator;
}

}  // namespace saef::cse
