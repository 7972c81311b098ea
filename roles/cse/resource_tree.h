// SPDX-License-Identifier: GPL-3.0-or-later
//
// ResourceTree: the resources in memory, their names, their bounds and their ends. It knows nothing
// of requests or rights (resource_service.h).
//
// An expired resource is gone from the first call of Expire() after its time on; who works with the
// tree calls that first.
//
// Threads: the caller locks.
#ifndef SAEF_ROLES_CSE_RESOURCE_TREE_H_
#define SAEF_ROLES_CSE_RESOURCE_TREE_H_

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/timestamp.h"
#include "roles/cse/limits.h"
#include "roles/cse/outcome.h"
#include "roles/cse/resource.h"

namespace saef::cse {

// A resource that is to be added.
struct NewResource {
  onem2m::ResourceType type = onem2m::ResourceType::kContainer;
  std::string id;    // empty: the tree picks one
  std::string name;  // empty: the identifier
  onem2m::Time expires{};
  Attributes attributes;
  // Of a registration, as in Resource.
  std::string entity_id;
  bool secured = false;
  std::string credential_id;
};

class ResourceTree {
 public:
  ResourceTree(onem2m::CseId self, std::string base_name, Limits limits, onem2m::Time now);
  ResourceTree(const ResourceTree&) = delete;
  ResourceTree& operator=(const ResourceTree&) = delete;

  const onem2m::CseId& self() const noexcept { return self_; }
  const Limits& limits() const noexcept { return limits_; }
  Resource& base() noexcept { return *base_; }
  std::size_t size() const noexcept { return by_id_.size(); }

  // The resource with this path below CSEBase's parent: "base/ae1/data", "-/ae1", "Cae1/data"
  // (hierarchical, and by identifier; TS-0001 9.3.1). "la" and "ol" as a last segment are a
  // container's newest and oldest instance. Null: there is none.
  Resource* Find(std::span<const std::string_view> path);
  // By identifier; an <AE>'s is its AE-ID-Stem.
  Resource* FindById(std::string_view id);
  // The <remoteCSE> with this Absolute CSE-ID.
  Resource* FindRemoteCse(std::string_view cse_id);
  // All of them, in no order.
  std::vector<const Resource*> RemoteCses() const;
  // May a new resource have this identifier?
  bool IsFreeId(std::string_view id) const;

  // 4105 where the name or the identifier is taken, 5207 where a bound is reached. A new instance
  // pushes out the oldest ones of its container beyond mni and mbs; 5207 if it alone is more than
  // mbs.
  Outcome<Resource*> Add(Resource& parent, NewResource resource, onem2m::Time now);

  // The attributes of `content` take the place of the old ones; mni, mbs and mia take effect. 5207
  // where a bound is reached, and then nothing has changed.
  Outcome<void> Update(Resource& resource, const Content& content, onem2m::Time now);

  // With everything below it. Not CSEBase.
  void Remove(Resource& resource);

  // Removes what has expired by `now`.
  void Expire(onem2m::Time now);

  // AE-ID-Stems of the <AE>s removed since the last call, whyever.
  std::vector<std::string> TakeRemovedAes() { return std::exchange(removed_aes_, {}); }

  // "base/ae1/data".
  std::string Path(const Resource& resource) const;

 private:
  struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <typename Value>
  using ByText = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

  std::string PickId(onem2m::ResourceType type);
  std::optional<Refusal> CheckBounds(const Resource& parent, const NewResource& resource,
                                     std::span<Resource* const> displaced) const;
  std::unique_ptr<Resource> Build(Resource& parent, NewResource resource, onem2m::Time now);
  void Link(std::unique_ptr<Resource> resource);
  void Unlink(Resource& resource);
  void Discard(std::span<Resource* const> resources);
  void SetExpiry(Resource& resource, onem2m::Time expires);
  void ApplyMaxAge(Resource& container);

  const onem2m::CseId self_;
  const Limits limits_;
  ByText<std::unique_ptr<Resource>> by_id_;
  ByText<Resource*> remote_cses_;  // by Absolute CSE-ID
  std::set<std::pair<onem2m::Time, Resource*>> by_expiry_;
  std::vector<std::string> removed_aes_;
  Resource* base_ = nullptr;
  std::size_t registrations_ = 0;
  std::uint64_t next_number_ = 1;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_RESOURCE_TREE_H_
