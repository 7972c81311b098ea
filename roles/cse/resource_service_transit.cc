// SPDX-License-Identifier: GPL-3.0-or-later
//
// ResourceService: what it does for requests that leave this CSE or come from itself.
#include "roles/cse/address.h"
#include "roles/cse/representation.h"
#include "roles/cse/resource_service.h"

namespace saef::cse {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using enum onem2m::ResponseStatusCode;

ResourceService::Route ResourceService::RouteTo(const onem2m::CseId& other) {
  Route route;
  if (const Resource* neighbour = FindNeighbour(tree_, other)) {
    route.neighbour = neighbour->entity_id;
    const AttributeValue* poa = neighbour->attributes.Find("poa");
    if (const auto* list = poa == nullptr ? nullptr : std::get_if<std::vector<std::string>>(poa)) {
      route.points_of_access = *list;
    }
  }
  return route;
}

Outcome<ResourceService::Route> ResourceService::FindRoute(const RequestPrimitive& request,
                                                           const Peer& peer,
                                                           const onem2m::CseId& other) {
  const MutexLock lock(mutex_);
  Settle();
  Outcome<Transit> transit = AdmitTransit(tree_, request.from, peer, policy_);
  if (!transit) {
    return transit.error();
  }
  Route route = RouteTo(other);
  route.transit = *std::move(transit);
  return route;
}

ResourceService::Route ResourceService::FindOwnRoute(const onem2m::CseId& other) {
  const MutexLock lock(mutex_);
  Settle();
  Route route = RouteTo(other);
  route.transit.from = tree_.self().SpRelative();
  return route;
}

void ResourceService::KeepRegistrar(const onem2m::CseId& registrar, std::string base,
                                    onem2m::Time expires) {
  const MutexLock lock(mutex_);
  Settle();
  Resource* const known = tree_.FindRemoteCse(registrar.Absolute());
  if (known == nullptr) {
    registrar_ = registrar.Absolute();
    NewResource resource;
    resource.type = onem2m::ResourceType::kRemoteCse;
    resource.expires = expires;
    resource.attributes.Set("csi", registrar.SpRelative());
    resource.attributes.Set("cb", std::move(base));
    resource.attributes.Set("rr", true);
    resource.entity_id = registrar.Absolute();
    resource.secured = true;
    (void)tree_.Add(tree_.base(), std::move(resource), clock_());
  } else if (known->entity_id == registrar_) {
    Content content;
    content.expires = expires;
    (void)tree_.Update(*known, content, clock_());
  }
}

std::vector<std::string> ResourceService::Descendants() {
  const MutexLock lock(mutex_);
  Settle();
  return cse::Descendants(tree_, registrar_);
}

ResponsePrimitive ResourceService::RetrieveOwn(const RequestPrimitive& request) {
  const MutexLock lock(mutex_);
  Settle();
  const auto path = ReadAddress(request.to, tree_.self());
  if (!path) {
    return onem2m::RespondWithText(request, path.error().status, path.error().text);
  }
  const Resource* const target = tree_.Find(*path);
  if (target == nullptr) {
    return onem2m::RespondWithText(request, kNotFound, "there is no such resource");
  }
  ResponsePrimitive response = onem2m::RespondTo(request, kOk);
  response.content = WriteResource(*target, nullptr);
  return response;
}

}  // namespace saef::cse
