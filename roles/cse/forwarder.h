// SPDX-License-Identifier: GPL-3.0-or-later
//
// Forwarder: this CSE as a transit CSE (TS-0004 7.3.2.6, 7.3.2.8; TS-0001 8.2.1): requests whose
// target is another CSE go on to the Registree below which it stands, else to the Registrar, and
// the response comes back. Blocking requests only.
//
// Nothing goes on from one of whom this CSE doesn't know where it stands, back to where it came
// from, or a second time while it is under way: so no circle of CSEs can keep a request turning.
// Bounded in number and time.
//
// Threads: any.
#ifndef SAEF_ROLES_CSE_FORWARDER_H_
#define SAEF_ROLES_CSE_FORWARDER_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "onem2m/entity_identifier.h"
#include "onem2m/primitive.h"
#include "onem2m/thread_annotations.h"
#include "roles/cse/hop.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"
#include "roles/cse/resource_service.h"

namespace saef::cse {

struct ForwarderOptions {
  std::size_t max_under_way = 1024;
  std::chrono::milliseconds timeout{10000};  // where the request's own time isn't over before
};

class Forwarder {
 public:
  // `service` outlives this object.
  Forwarder(onem2m::CseId self, ResourceService& service, ForwarderOptions options);

  // Before requests come. `hop` outlives this object's last call. One of them at most is the
  // Registrar.
  void AddHop(Hop& hop, bool is_registrar);

  // The CSE that hosts the target, where it isn't this one.
  std::optional<onem2m::CseId> Elsewhere(const onem2m::RequestPrimitive& request) const;

  // A request that has passed the originator check, for `target`, as Elsewhere gave it. `done` is
  // called once, from any thread. Refused: 4000 a registration, 4103 and 4106 as AdmitTransit says,
  // 4004 nobody knows the target, 4008 too late, 5103 no way to it, or twice.
  void Forward(onem2m::RequestPrimitive request, const Peer& peer, const onem2m::CseId& target,
               Answered done) SAEF_EXCLUDES(mutex_);
  // A request of this CSE's own.
  void SendOwn(onem2m::RequestPrimitive request, const onem2m::CseId& target, Answered done)
      SAEF_EXCLUDES(mutex_);

  std::size_t under_way() const SAEF_EXCLUDES(mutex_);

 private:
  using Key = std::pair<std::string, std::string>;  // From, Request Identifier

  Outcome<Hop*> NextHop(const ResourceService::Route& route) const;
  Outcome<Deadline> DeadlineOf(const onem2m::RequestPrimitive& request) const;
  std::optional<Refusal> Enter(const Key& key) SAEF_EXCLUDES(mutex_);
  void Dispatch(onem2m::RequestPrimitive request, const ResourceService::Route& route,
                const onem2m::CseId& target, Answered done) SAEF_EXCLUDES(mutex_);

  const onem2m::CseId self_;
  ResourceService& service_;
  const ForwarderOptions options_;
  std::map<std::string, Hop*, std::less<>> hops_;  // by Absolute CSE-ID
  Hop* registrar_ = nullptr;
  mutable Mutex mutex_;
  std::set<Key> under_way_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_FORWARDER_H_
