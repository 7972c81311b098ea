// SPDX-License-Identifier: GPL-3.0-or-later
//
// ResourceService: answers requests out of the resource tree: create, retrieve, update, delete and
// discover (TS-0004 7.4), with this CSE's rule of access: an <AE> or <remoteCSE> and all below it
// is its own registration's, nobody else's; CSEBase may be read by everyone who may speak at all
// (access.h). There are no <accessControlPolicy> resources.
//
// It comes after the originator check (originator_check.h), and it never takes From on trust where
// that check has an open end: a registration made through an association is answered only through
// an association of the same entity.
//
// Threads: any. Its lock is never held while anything outside is called, so the plugin may ask
// IsRegisteredAe and IsRegisteredCse from within its own calls.
#ifndef SAEF_ROLES_CSE_RESOURCE_SERVICE_H_
#define SAEF_ROLES_CSE_RESOURCE_SERVICE_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/primitive.h"
#include "onem2m/thread_annotations.h"
#include "onem2m/timestamp.h"
#include "roles/cse/access.h"
#include "roles/cse/limits.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"
#include "roles/cse/policy.h"
#include "roles/cse/query.h"
#include "roles/cse/resource_tree.h"
#include "roles/cse/routing.h"

namespace saef::cse {

struct Answer {
  onem2m::ResponsePrimitive response;
  // The AE-ID-Stem that this request registered: to be told to the plugin, or taken back.
  std::optional<std::string> registered_ae;
};

class ResourceService {
 public:
  using Clock = std::function<onem2m::Time()>;

  ResourceService(onem2m::CseId self, std::string base_name, Limits limits,
                  Clock clock = onem2m::Now, Policy policy = {});

  Answer Handle(const onem2m::RequestPrimitive& request, const Peer& peer);

  // By AE-ID-Stem; by Absolute CSE-ID or, of this service provider's, SP-relative.
  bool IsRegisteredAe(std::string_view stem);
  bool IsRegisteredCse(std::string_view cse_id);

  // Which way a request goes whose target is `other` (routing.h).
  struct Route {
    Transit transit;
    std::string neighbour;                      // Absolute CSE-ID; empty: no neighbour is known
    std::vector<std::string> points_of_access;  // of that neighbour
  };
  Outcome<Route> FindRoute(const onem2m::RequestPrimitive& request, const Peer& peer,
                           const onem2m::CseId& other);
  // The same for a request of this CSE's own.
  Route FindOwnRoute(const onem2m::CseId& other);
  // This CSE is registered with that one: keeps a <remoteCSE> of it until `expires` (TS-0001
  // 10.2.2.7). Where that can't be, for a bound or a name, the registration counts all the same.
  void KeepRegistrar(const onem2m::CseId& registrar, std::string base, onem2m::Time expires);
  // SP-relative CSE-IDs of the Registrees and what is below them.
  std::vector<std::string> Descendants();
  // A RETRIEVE of this CSE's own, which may read everything.
  onem2m::ResponsePrimitive RetrieveOwn(const onem2m::RequestPrimitive& request);

  // Takes a registration back, with all below it.
  void Deregister(std::string_view stem);
  // Removes what has expired.
  void Sweep();
  // The stems of <AE>s that are gone since the last call. Each stays unusable until it is given to
  // ForgetRemovedAes, so that telling the plugin can't undo a later registration under that stem.
  std::vector<std::string> TakeRemovedAes();
  void ForgetRemovedAes(const std::vector<std::string>& stems);

  // CSEBase's pointOfAccess.
  void SetPointsOfAccess(std::vector<std::string> uris);
  std::size_t resources();

 private:
  // What a request comes to: the status, and what goes into the response.
  struct Result {
    onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kOk;
    std::string content;
    std::optional<std::string> location;
    std::optional<std::string> registered_ae;
  };

  Outcome<Result> Dispatch(const onem2m::RequestPrimitive& request, const Peer& peer)
      SAEF_REQUIRES(mutex_);
  Outcome<Result> Create(const onem2m::RequestPrimitive& request, const Peer& peer,
                         const Query& query, Resource& parent) SAEF_REQUIRES(mutex_);
  Outcome<Result> RegisterAe(const onem2m::RequestPrimitive& request, const Peer& peer,
                             const Query& query) SAEF_REQUIRES(mutex_);
  Outcome<Result> RegisterCse(const onem2m::RequestPrimitive& request, const Peer& peer,
                              const Query& query) SAEF_REQUIRES(mutex_);
  Outcome<Result> Retrieve(const Query& query, Resource& target, const Requester& originator)
      SAEF_REQUIRES(mutex_);
  Outcome<Result> Update(const onem2m::RequestPrimitive& request, const Query& query,
                         Resource& target) SAEF_REQUIRES(mutex_);
  Outcome<Result> Delete(const Query& query, Resource& target) SAEF_REQUIRES(mutex_);

  Outcome<Result> Add(Resource& parent, NewResource resource, const Query& query)
      SAEF_REQUIRES(mutex_);
  Outcome<NewResource> ReadNew(const onem2m::RequestPrimitive& request, onem2m::ResourceType type)
      SAEF_REQUIRES(mutex_);
  Outcome<onem2m::Time> Expiry(const std::optional<onem2m::Time>& wish) SAEF_REQUIRES(mutex_);
  Route RouteTo(const onem2m::CseId& other) SAEF_REQUIRES(mutex_);
  // Brings the tree up to the present, and keeps the names of what went.
  void Settle() SAEF_REQUIRES(mutex_);

  const Clock clock_;
  const Policy policy_;
  Mutex mutex_;
  ResourceTree tree_ SAEF_GUARDED_BY(mutex_);
  std::vector<std::string> removed_aes_ SAEF_GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> unusable_stems_ SAEF_GUARDED_BY(mutex_);
  std::string registrar_ SAEF_GUARDED_BY(mutex_);  // Absolute CSE-ID; empty: none
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_RESOURCE_SERVICE_H_
