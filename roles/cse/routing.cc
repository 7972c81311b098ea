// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/routing.h"

#include <set>

#include "bindings/log.h"
#include "roles/cse/access.h"

namespace saef::cse {
namespace {

using onem2m::AeId;
using onem2m::CseId;
using onem2m::Originator;
using onem2m::OriginatorForm;
using onem2m::ResourceType;
using enum onem2m::ResponseStatusCode;

// The CSE that From names, or whose AE it names; none for S-type AE-IDs that nobody has.
std::optional<CseId> CseBehind(const std::string& from, const CseId& self) {
  const Originator named = onem2m::ParseOriginator(from);
  switch (named.form) {
    case OriginatorForm::kSpRelativeCStem:
    case OriginatorForm::kAbsoluteCStem: {
      const auto sp = named.sp.empty() ? onem2m::Result<onem2m::Fqdn>(self.sp())
                                       : onem2m::Fqdn::Parse(named.sp);
      const auto cse =
          sp ? CseId::Parse("/" + std::string(named.cse), *sp) : onem2m::Result<CseId>(sp.error());
      return cse ? std::optional(*cse) : std::nullopt;
    }
    case OriginatorForm::kSpRelative:
    case OriginatorForm::kAbsolute: {
      const auto cse = CseId::Parse(from, self.sp());
      return cse ? std::optional(*cse) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::vector<std::string> DescendantsOf(const Resource& neighbour) {
  const AttributeValue* value = neighbour.attributes.Find("dcse");
  const auto* list = value == nullptr ? nullptr : std::get_if<std::vector<std::string>>(value);
  return list == nullptr ? std::vector<std::string>() : *list;
}

}  // namespace

std::optional<CseId> OtherCse(std::string_view to, const CseId& self) {
  std::string_view rest = to;
  std::string id;
  if (rest.starts_with("//")) {
    const std::size_t cse = rest.find('/', 2);
    if (cse == std::string_view::npos) {
      return std::nullopt;
    }
    id = rest.substr(0, rest.find('/', cse + 1));
  } else if (rest.starts_with('/')) {
    id = rest.substr(0, rest.find('/', 1));
  } else {
    return std::nullopt;
  }
  const auto named = CseId::Parse(id, self.sp());
  return named && *named != self ? std::optional(*named) : std::nullopt;
}

Outcome<Transit> AdmitTransit(ResourceTree& tree, const std::optional<std::string>& from,
                              const Peer& peer, const Policy& policy) {
  const Outcome<Requester> requester = Identify(tree, from, peer, policy);
  if (!requester) {
    return requester.error();
  }
  const CseId& self = tree.self();
  const Resource* registration = requester->registration;
  if (registration != nullptr && registration->type == ResourceType::kAe) {
    // TS-0004 7.3.2.6: From in CSE-relative form becomes SP-relative.
    const auto ae = AeId::Parse(*from, self);
    return ae ? Outcome<Transit>(Transit{std::string(ae->SpRelative()), {}})
              : Refuse(kBadRequest, "From is no AE-ID");
  }
  if (registration == nullptr && peer.kind == PeerKind::kCse) {
    registration = tree.FindRemoteCse(peer.entity_id);
  }
  if (registration == nullptr) {
    return Refuse(kOriginatorHasNoPrivilege,
                  "only who is registered here may reach other CSEs through this one");
  }
  const std::optional<CseId> behind = CseBehind(*from, self);
  if (behind && (*behind == self || (behind->Absolute() != registration->entity_id &&
                                     tree.FindRemoteCse(behind->Absolute()) != nullptr))) {
    return Refuse(kOriginatorNotAuthenticated,
                  "From " + bindings::Quote(*from, 80) + " doesn't come this way");
  }
  const bool stem = onem2m::IsAeIdStem(*from);
  return Transit{stem ? "/" + *from : *from, registration->entity_id};
}

const Resource* FindNeighbour(ResourceTree& tree, const CseId& target) {
  if (const Resource* direct = tree.FindRemoteCse(target.Absolute())) {
    return direct;
  }
  for (const Resource* neighbour : tree.RemoteCses()) {
    for (const std::string& text : DescendantsOf(*neighbour)) {
      const auto id = CseId::Parse(text, tree.self().sp());
      if (id && *id == target) {
        return neighbour;
      }
    }
  }
  return nullptr;
}

std::vector<std::string> Descendants(ResourceTree& tree, std::string_view registrar) {
  std::set<std::string> descendants;
  for (const Resource* neighbour : tree.RemoteCses()) {
    if (neighbour->entity_id == registrar) {
      continue;
    }
    std::vector<std::string> ids = DescendantsOf(*neighbour);
    ids.push_back(neighbour->entity_id);
    for (const std::string& text : ids) {
      const auto id = CseId::Parse(text, tree.self().sp());
      if (id) {
        descendants.insert(id->sp() == tree.self().sp() ? id->SpRelative() : id->Absolute());
      }
    }
  }
  return {descendants.begin(), descendants.end()};
}

}  // namespace saef::cse
