// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/forwarder.h"

#include <algorithm>
#include <utility>

#include "onem2m/timestamp.h"

namespace saef::cse {
namespace {

using onem2m::CseId;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using enum onem2m::ResponseStatusCode;

ResponsePrimitive Refusing(const RequestPrimitive& request, const Refusal& refusal) {
  return onem2m::RespondWithText(request, refusal.status, refusal.text);
}

bool RegistersEntity(const RequestPrimitive& request) {
  constexpr int kAe = static_cast<int>(onem2m::ResourceType::kAe);
  constexpr int kRemoteCse = static_cast<int>(onem2m::ResourceType::kRemoteCse);
  if (request.operation != onem2m::Operation::kCreate) return false;
  const int type = request.resource_type.value_or(0);
  return type == kAe || type == kRemoteCse;
}

// TS-0004 7.3.2.6: into another service provider's domain From goes in Absolute form.
std::string ForDomain(const std::string& from, const CseId& self, const CseId& next) {
  const bool relative = from.starts_with('/') && !from.starts_with("//");
  return relative && next.sp() != self.sp() ? "//" + self.sp().text() + from : from;
}

// A CSE-relative address means something at the hosting CSE only.
void CompleteLocation(ResponsePrimitive& response, const CseId& host, const CseId& self) {
  if (response.location && !response.location->starts_with('/')) {
    *response.location =
        (host.sp() == self.sp() ? host.SpRelative() : host.Absolute()) + "/" + *response.location;
  }
}

}  // namespace

Forwarder::Forwarder(CseId self, ResourceService& service, ForwarderOptions options)
    : self_(std::move(self)), service_(service), options_(options) {}

void Forwarder::AddHop(Hop& hop, bool is_registrar) {
  hops_.emplace(hop.cse().Absolute(), &hop);
  if (is_registrar) {
    registrar_ = &hop;
  }
}

std::optional<CseId> Forwarder::Elsewhere(const RequestPrimitive& request) const {
  return OtherCse(request.to, self_);
}

void Forwarder::Forward(RequestPrimitive request, const Peer& peer, const CseId& target,
                        Answered done) {
  if (RegistersEntity(request)) {
    // TS-0004 7.3.2.8.
    done(Refusing(request, Refuse(kBadRequest, "one registers with this CSE itself only")));
    return;
  }
  const Outcome<ResourceService::Route> route = service_.FindRoute(request, peer, target);
  if (!route) {
    done(Refusing(request, route.error()));
    return;
  }
  Dispatch(std::move(request), *route, target, std::move(done));
}

void Forwarder::SendOwn(RequestPrimitive request, const CseId& target, Answered done) {
  const ResourceService::Route route = service_.FindOwnRoute(target);
  Dispatch(std::move(request), route, target, std::move(done));
}

// TS-0004 7.3.2.6.
Outcome<Hop*> Forwarder::NextHop(const ResourceService::Route& route) const {
  const std::string& came_from = route.transit.came_from;
  if (!route.neighbour.empty()) {
    if (route.neighbour == came_from) {
      return Refuse(kNotFound, "the target stands on the way that the request came");
    }
    const auto hop = hops_.find(route.neighbour);
    return hop == hops_.end()
               ? Outcome<Hop*>(Refuse(kTargetNotReachable,
                                      "no link to " + route.neighbour + " is configured here"))
               : Outcome<Hop*>(hop->second);
  }
  if (registrar_ == nullptr || registrar_->cse().Absolute() == came_from) {
    return Refuse(kNotFound, "the target's CSE isn't known here");
  }
  return registrar_;
}

// Before the earliest of the request's own times (TS-0004 7.3.2.6). One in milliseconds counts from
// where the request began, so it says nothing here.
Outcome<Deadline> Forwarder::DeadlineOf(const RequestPrimitive& request) const {
  const auto now = std::chrono::steady_clock::now();
  Deadline deadline = now + options_.timeout;
  for (const auto& text :
       {request.request_expiration, request.result_expiration, request.operation_execution_time}) {
    const auto time = text ? onem2m::ParseTimestamp(*text)
                           : onem2m::Result<onem2m::Time>(onem2m::Error::kBadTime);
    if (!time) {
      continue;
    }
    const auto left = *time - onem2m::Now();
    if (left.count() < 0) {
      return Refuse(kRequestTimeout, "the request had expired when it came");
    }
    if (left < options_.timeout) {
      // Timestamps are whole seconds: that second is still within it.
      deadline = std::min(deadline, now + left + std::chrono::seconds(1));
    }
  }
  return deadline;
}

std::optional<Refusal> Forwarder::Enter(const Key& key) {
  const MutexLock lock(mutex_);
  if (under_way_.size() >= options_.max_under_way) {
    return Refuse(kTargetNotReachable, "too many requests are under way to other CSEs");
  }
  // TS-0001 8.2.1.1: the Request Identifier and the Originator are kept track of.
  if (!under_way_.insert(key).second) {
    return Refuse(kTargetNotReachable, "this request is under way already, or goes in a circle");
  }
  return std::nullopt;
}

void Forwarder::Dispatch(RequestPrimitive request, const ResourceService::Route& route,
                         const CseId& target, Answered done) {
  const Outcome<Hop*> hop = NextHop(route);
  const Outcome<Deadline> deadline = DeadlineOf(request);
  if (!hop || !deadline) {
    done(Refusing(request, hop ? deadline.error() : hop.error()));
    return;
  }
  const Key key{route.transit.from, request.request_identifier};
  if (const std::optional<Refusal> refusal = Enter(key)) {
    done(Refusing(request, *refusal));
    return;
  }
  request.from = ForDomain(route.transit.from, self_, (*hop)->cse());
  (*hop)->Send(std::move(request), route.points_of_access, *deadline,
               [this, key, target, done = std::move(done)](ResponsePrimitive response) {
                 {
                   const MutexLock lock(mutex_);
                   under_way_.erase(key);
                 }
                 CompleteLocation(response, target, self_);
                 done(std::move(response));
               });
}

std::size_t Forwarder::under_way() const {
  const MutexLock lock(mutex_);
  return under_way_.size();
}

}  // namespace saef::cse
