// SPDX-License-Identifier: GPL-3.0-or-later
//
// Resource: one node of the resource tree. Owned by ResourceTree, which keeps its links and sums in
// order; others read it, under the lock of the tree's owner.
#ifndef SAEF_ROLES_CSE_RESOURCE_H_
#define SAEF_ROLES_CSE_RESOURCE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "onem2m/primitive.h"
#include "onem2m/timestamp.h"
#include "roles/cse/attributes.h"

namespace saef::cse {

struct Resource {
  onem2m::ResourceType type = onem2m::ResourceType::kContainer;
  std::string id;    // ri, unstructured
  std::string name;  // rn
  Resource* parent = nullptr;
  // The <AE> or <remoteCSE> on top of it (itself, for those); null for CSEBase.
  Resource* registration = nullptr;
  std::size_t depth = 1;
  onem2m::Time created{};
  onem2m::Time modified{};
  std::optional<onem2m::Time> expires;  // none: CSEBase only
  Attributes attributes;
  std::map<std::string, Resource*, std::less<>> children;  // by name

  // <container>, <contentInstance>
  std::int64_t state_tag = 0;
  // <container>: its instances in the order of creation, and the octets of their contents.
  std::map<std::uint64_t, Resource*> instances;
  std::int64_t instance_bytes = 0;
  // <contentInstance>
  std::uint64_t sequence = 0;
  std::int64_t content_size = 0;

  // <AE>, <remoteCSE>: what this subtree takes, and how the entity behind it was authenticated.
  std::size_t subtree_count = 0;
  std::size_t subtree_bytes = 0;
  std::string entity_id;      // Absolute AE-ID or CSE-ID
  bool secured = false;       // registered through an association, and answered through one only
  std::string credential_id;  // of that association
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_RESOURCE_H_
