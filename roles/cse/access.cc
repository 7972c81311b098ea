// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/access.h"

#include <algorithm>

#include "onem2m/entity_identifier.h"
#include "roles/cse/address.h"

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

bool Contains(const std::vector<std::string>& ids, const Resource& registration) {
  return std::find(ids.begin(), ids.end(), registration.entity_id) != ids.end();
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
    case PeerKind::kAeList:
      return registration.type == ResourceType::kAe && Contains(peer.allowed_ids, registration);
    case PeerKind::kCse:
      return registration.type == ResourceType::kRemoteCse &&
             registration.entity_id == peer.entity_id;
  }
  return false;
}

// Whom an association vouches for: an AE for itself; a CSE for itself, and as their Registrar for
// the AEs that it has given an AE-ID (TS-0004 7.3.2.1).
std::string Authenticated(const std::optional<std::string>& from, const Peer& peer,
                          const onem2m::CseId& self) {
  if (peer.kind == PeerKind::kAe) {
    return peer.entity_id;
  }
  if (!from) {
    return {};
  }
  if (peer.kind == PeerKind::kAeList) {
    const onem2m::Result<onem2m::AeId> ae = onem2m::AeId::Parse(*from, self);
    const bool listed = ae && std::find(peer.allowed_ids.begin(), peer.allowed_ids.end(),
                                        ae->Absolute()) != peer.allowed_ids.end();
    return listed ? ae->Absolute() : std::string();
  }
  if (peer.kind != PeerKind::kCse) {
    return {};
  }
  const onem2m::Result<onem2m::CseId> cse = onem2m::CseId::Parse(*from, self.sp());
  if (cse && cse->Absolute() == peer.entity_id) {
    return peer.entity_id;
  }
  const onem2m::Result<onem2m::AeId> ae = onem2m::AeId::Parse(*from, self);
  const bool its_ae = ae && from->starts_with('/') && ae->registrar_id() == peer.entity_id;
  return its_ae ? ae->Absolute() : std::string();
}

bool Links(const Resource& node, const Resource& rule, ResourceTree& tree) {
  const AttributeValue* links = node.attributes.Find("rlk");
  const auto* list = links == nullptr ? nullptr : std::get_if<std::vector<std::string>>(links);
  return list != nullptr && std::any_of(list->begin(), list->end(), [&](const std::string& link) {
           const auto path = ReadAddress(link, tree.self());
           return path && tree.Find(*path) == &rule;
         });
}

bool IsNodeOf(const Resource& resource, const std::string& cse_id, const onem2m::CseId& self) {
  if (resource.type != ResourceType::kServiceSubscribedNode) {
    return false;
  }
  const auto id = onem2m::CseId::Parse(resource.attributes.Text("csi"), self.sp());
  return id && id->Absolute() == cse_id;
}

// TS-0001 10.2.2.2 step 003: the Registrar CSE retrieves what it needs of the subscription.
bool MayReadSubscription(ResourceTree& tree, const Resource& target, const std::string& cse_id) {
  if (cse_id.empty() || target.type == ResourceType::kM2mServiceSubscriptionProfile) {
    return false;
  }
  if (target.type == ResourceType::kServiceSubscribedNode) {
    return IsNodeOf(target, cse_id, tree.self());
  }
  for (const auto& [name, profile] : tree.base().children) {
    if (profile->type != ResourceType::kM2mServiceSubscriptionProfile) {
      continue;
    }
    for (const auto& [node_name, node] : profile->children) {
      if (IsNodeOf(*node, cse_id, tree.self()) && Links(*node, target, tree)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

Outcome<Requester> Identify(ResourceTree& tree, const std::optional<std::string>& from,
                            const Peer& peer, const Policy& policy) {
  Requester requester;
  requester.registration = from ? FindNamed(tree, *from) : nullptr;
  if (requester.registration != nullptr && !IsSame(*requester.registration, peer)) {
    if (peer.kind == PeerKind::kNone) {
      return Refuse(kSecurityAssociationRequired,
                    "this registration was made through a security association and needs one");
    }
    return Refuse(kOriginatorNotAuthenticated,
                  "this security association isn't that of the registration that From names");
  }
  requester.authenticated = Authenticated(from, peer, tree.self());
  requester.administrator = policy.administrators.contains(requester.authenticated);
  if (requester.registration == nullptr && peer.kind == PeerKind::kCse &&
      !requester.authenticated.empty() && requester.authenticated != peer.entity_id) {
    requester.registration = tree.FindRemoteCse(peer.entity_id);
    requester.through_its_cse = requester.registration != nullptr;
  }
  return requester;
}

bool MayAccess(ResourceTree& tree, const Resource& target, const Requester& requester,
               onem2m::Operation operation) {
  const bool reads = operation == onem2m::Operation::kRetrieve;
  if (target.type == ResourceType::kCseBase) {
    return reads;
  }
  if (IsSubscription(target.type)) {
    return requester.administrator ||
           (reads && MayReadSubscription(tree, target, requester.authenticated));
  }
  if (requester.registration == nullptr || target.registration != requester.registration) {
    return false;
  }
  return !requester.through_its_cse || &target != requester.registration || reads ||
         operation == onem2m::Operation::kCreate;
}

bool IsSubscription(ResourceType type) noexcept {
  return type == ResourceType::kM2mServiceSubscriptionProfile ||
         type == ResourceType::kServiceSubscribedNode ||
         type == ResourceType::kServiceSubscribedAppRule;
}

}  // namespace saef::cse
