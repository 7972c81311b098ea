// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/resource_tree.h"

#include <algorithm>
#include <limits>

namespace saef::cse {
namespace {

using onem2m::ResourceType;
using onem2m::Time;
using enum onem2m::ResponseStatusCode;

// What a node takes beyond its texts, roughly; so that many empty resources count too.
constexpr std::size_t kNodeBytes = 512;
constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

bool IsRegistration(ResourceType type) {
  return type == ResourceType::kAe || type == ResourceType::kRemoteCse;
}

std::size_t BytesOf(const Resource& resource) {
  return kNodeBytes + resource.id.size() + resource.name.size() + resource.attributes.size();
}

std::int64_t ContentSize(const Attributes& attributes) {
  const AttributeValue* content = attributes.Find("con");
  if (content == nullptr) {
    return 0;
  }
  const auto* json = std::get_if<JsonText>(content);
  return static_cast<std::int64_t>(json != nullptr ? json->text.size()
                                                   : std::get<std::string>(*content).size());
}

// The oldest instances of `container` that must go, so that `count` more with `bytes` octets keep
// to mni and mbs (TS-0004 7.4.7).
std::vector<Resource*> Displaced(const Resource& container, std::int64_t count,
                                 std::int64_t bytes) {
  const std::int64_t max_count = container.attributes.Integer("mni", kNoBound);
  const std::int64_t max_bytes = container.attributes.Integer("mbs", kNoBound);
  count += static_cast<std::int64_t>(container.instances.size());
  bytes += container.instance_bytes;
  std::vector<Resource*> displaced;
  for (const auto& [sequence, instance] : container.instances) {
    if (count <= max_count && bytes <= max_bytes) {
      break;
    }
    displaced.push_back(instance);
    count -= 1;
    bytes -= instance->content_size;
  }
  return displaced;
}

Refusal Beyond(std::string_view what, std::size_t bound) {
  return Refuse(kNotAcceptable, std::string(what) + ": the bound here is " + std::to_string(bound));
}

std::size_t BytesOf(std::span<Resource* const> resources) {
  std::size_t sum = 0;
  for (const Resource* resource : resources) {
    sum += BytesOf(*resource);
  }
  return sum;
}

std::optional<Refusal> CheckInstance(const Resource& container, std::int64_t bytes) {
  if (container.attributes.Integer("mni", kNoBound) < 1) {
    return Refuse(kNotAcceptable, "this container's mni is 0");
  }
  if (container.attributes.Integer("mbs", kNoBound) < bytes) {
    return Refuse(kNotAcceptable, "the content alone is more than this container's mbs");
  }
  return std::nullopt;
}

}  // namespace

ResourceTree::ResourceTree(onem2m::CseId self, std::string base_name, Limits limits, Time now)
    : self_(std::move(self)), limits_(limits) {
  auto base = std::make_unique<Resource>();
  base->type = ResourceType::kCseBase;
  base->id = self_.name();
  base->name = std::move(base_name);
  base->created = base->modified = now;
  base->attributes.Set("csi", self_.SpRelative());
  base->attributes.Set("cst", std::int64_t{1});
  base->attributes.Set("srt", std::vector<std::int64_t>{2, 3, 4, 5, 11, 16, 19, 20});
  base->attributes.Set("srv", std::vector<std::string>{"2a", "3"});
  base_ = base.get();
  by_id_.emplace(base->id, std::move(base));
}

Resource* ResourceTree::FindById(std::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

Resource* ResourceTree::FindRemoteCse(std::string_view cse_id) {
  const auto found = remote_cses_.find(cse_id);
  return found == remote_cses_.end() ? nullptr : found->second;
}

std::vector<const Resource*> ResourceTree::RemoteCses() const {
  std::vector<const Resource*> all;
  all.reserve(remote_cses_.size());
  for (const auto& [id, resource] : remote_cses_) {
    all.push_back(resource);
  }
  return all;
}

Resource* ResourceTree::Find(std::span<const std::string_view> path) {
  if (path.empty()) {
    return base_;
  }
  const bool from_base = path.front() == base_->name || path.front() == "-";
  Resource* resource = from_base ? base_ : FindById(path.front());
  for (std::size_t i = 1; resource != nullptr && i < path.size(); ++i) {
    const std::string_view name = path[i];
    if (resource->type == ResourceType::kContainer && (name == "la" || name == "ol")) {
      const auto& instances = resource->instances;
      if (instances.empty() || i + 1 != path.size()) {
        return nullptr;
      }
      return name == "la" ? instances.rbegin()->second : instances.begin()->second;
    }
    const auto child = resource->children.find(name);
    resource = child == resource->children.end() ? nullptr : child->second;
  }
  return resource;
}

bool ResourceTree::IsFreeId(std::string_view id) const {
  return id != base_->name && !by_id_.contains(id);
}

std::string ResourceTree::PickId(ResourceType type) {
  // Lower case, so that none is ever an AE-ID-Stem.
  const std::string prefix(RootName(type).substr(std::string_view("m2m:").size()));
  std::string id;
  do {
    id = prefix + std::to_string(next_number_++);
  } while (!IsFreeId(id));
  return id;
}

std::optional<Refusal> ResourceTree::CheckBounds(const Resource& parent,
                                                 const NewResource& resource,
                                                 std::span<Resource* const> displaced) const {
  if (parent.depth + 1 > limits_.max_depth) {
    return Beyond("too deep in the tree", limits_.max_depth);
  }
  if (by_id_.size() + 1 - displaced.size() > limits_.max_resources) {
    return Beyond("too many resources", limits_.max_resources);
  }
  if (IsRegistration(resource.type)) {
    return registrations_ + 1 > limits_.max_registrations
               ? std::optional(Beyond("too many registrations", limits_.max_registrations))
               : std::nullopt;
  }
  const Resource* registration = parent.registration;
  if (registration == nullptr) {
    return std::nullopt;
  }
  if (registration->subtree_count + 1 - displaced.size() > limits_.max_resources_each) {
    return Beyond("too many resources of one registration", limits_.max_resources_each);
  }
  const std::size_t bytes = kNodeBytes + 2 * resource.name.size() + resource.attributes.size();
  if (registration->subtree_bytes + bytes - BytesOf(displaced) > limits_.max_bytes_each) {
    return Beyond("too many octets of one registration", limits_.max_bytes_each);
  }
  return std::nullopt;
}

std::unique_ptr<Resource> ResourceTree::Build(Resource& parent, NewResource from, Time now) {
  auto resource = std::make_unique<Resource>();
  resource->type = from.type;
  resource->id = std::move(from.id);
  resource->name = std::move(from.name);
  resource->parent = &parent;
  resource->registration = IsRegistration(from.type) ? resource.get() : parent.registration;
  resource->depth = parent.depth + 1;
  resource->created = resource->modified = now;
  resource->expires = from.expires;
  resource->attributes = std::move(from.attributes);
  resource->entity_id = std::move(from.entity_id);
  resource->secured = from.secured;
  resource->credential_id = std::move(from.credential_id);
  if (from.type == ResourceType::kContentInstance) {
    resource->content_size = ContentSize(resource->attributes);
    resource->sequence = next_number_++;
    resource->state_tag = parent.state_tag + 1;
    const std::int64_t max_age = parent.attributes.Integer("mia", kNoBound);
    if (max_age < (from.expires - now).count()) {
      resource->expires = now + std::chrono::seconds(max_age);
    }
  }
  return resource;
}

Outcome<Resource*> ResourceTree::Add(Resource& parent, NewResource resource, Time now) {
  const bool is_instance = resource.type == ResourceType::kContentInstance;
  const std::int64_t bytes = is_instance ? ContentSize(resource.attributes) : 0;
  if (resource.id.empty()) {
    resource.id = PickId(resource.type);
  } else if (!IsFreeId(resource.id)) {
    return Refuse(kConflict, "this identifier is taken");
  }
  if (resource.name.empty()) {
    resource.name = resource.id;
  }
  if (parent.children.contains(resource.name)) {
    return Refuse(kConflict, "there is a resource of that name here");
  }
  if (is_instance) {
    if (std::optional<Refusal> refusal = CheckInstance(parent, bytes)) {
      return *std::move(refusal);
    }
  }
  const std::vector<Resource*> displaced =
      is_instance ? Displaced(parent, 1, bytes) : std::vector<Resource*>();
  if (std::optional<Refusal> refusal = CheckBounds(parent, resource, displaced)) {
    return *std::move(refusal);
  }

  std::unique_ptr<Resource> added = Build(parent, std::move(resource), now);
  Resource* const result = added.get();
  Discard(displaced);
  Link(std::move(added));
  if (is_instance) {
    parent.state_tag = result->state_tag;
    parent.modified = now;
  }
  return result;
}

Outcome<void> ResourceTree::Update(Resource& resource, const Content& content, Time now) {
  Attributes attributes = resource.attributes;
  for (const auto& [name, value] : content.attributes) {
    attributes.Set(name, value);
  }
  for (const std::string& name : content.removed) {
    attributes.Remove(name);
  }
  const std::size_t before = resource.attributes.size();
  const std::size_t after = attributes.size();
  if (Resource* registration = resource.registration; registration != nullptr) {
    if (after > before && registration->subtree_bytes + after - before > limits_.max_bytes_each) {
      return Beyond("too many octets of one registration", limits_.max_bytes_each);
    }
    registration->subtree_bytes += after;
    registration->subtree_bytes -= before;
  }
  resource.attributes = std::move(attributes);
  resource.modified = now;
  if (content.expires) {
    SetExpiry(resource, *content.expires);
  }
  if (resource.type == ResourceType::kContainer) {
    resource.state_tag += 1;
    Discard(Displaced(resource, 0, 0));
    ApplyMaxAge(resource);
  }
  return {};
}

void ResourceTree::ApplyMaxAge(Resource& container) {
  const std::int64_t max_age = container.attributes.Integer("mia", kNoBound);
  for (const auto& [sequence, instance] : container.instances) {
    if (max_age < (*instance->expires - instance->created).count()) {
      SetExpiry(*instance, instance->created + std::chrono::seconds(max_age));
    }
  }
}

void ResourceTree::SetExpiry(Resource& resource, Time expires) {
  by_expiry_.erase({*resource.expires, &resource});
  resource.expires = expires;
  by_expiry_.emplace(expires, &resource);
}

void ResourceTree::Link(std::unique_ptr<Resource> owned) {
  Resource& resource = *owned;
  Resource& parent = *resource.parent;
  parent.children.emplace(resource.name, &resource);
  by_expiry_.emplace(*resource.expires, &resource);
  if (resource.type == ResourceType::kContentInstance) {
    parent.instances.emplace(resource.sequence, &resource);
    parent.instance_bytes += resource.content_size;
  }
  if (resource.registration != nullptr) {
    resource.registration->subtree_count += 1;
    resource.registration->subtree_bytes += BytesOf(resource);
  }
  registrations_ += IsRegistration(resource.type) ? 1 : 0;
  if (resource.type == ResourceType::kRemoteCse) {
    remote_cses_.emplace(resource.entity_id, &resource);
  }
  by_id_.emplace(resource.id, std::move(owned));
}

// The counterpart of Link, for a resource without children.
void ResourceTree::Unlink(Resource& resource) {
  Resource& parent = *resource.parent;
  parent.children.erase(resource.name);
  by_expiry_.erase({*resource.expires, &resource});
  if (resource.type == ResourceType::kContentInstance) {
    parent.instances.erase(resource.sequence);
    parent.instance_bytes -= resource.content_size;
  }
  if (resource.registration != nullptr) {
    resource.registration->subtree_count -= 1;
    resource.registration->subtree_bytes -= BytesOf(resource);
  }
  registrations_ -= IsRegistration(resource.type) ? 1 : 0;
  if (resource.type == ResourceType::kRemoteCse) {
    remote_cses_.erase(resource.entity_id);
  } else if (resource.type == ResourceType::kAe) {
    removed_aes_.push_back(resource.id);
  }
  by_id_.erase(by_id_.find(resource.id));
}

void ResourceTree::Discard(std::span<Resource* const> resources) {
  for (Resource* resource : resources) {
    Remove(*resource);
  }
}

// The depth of the recursion is that of the tree, which is bounded.
void ResourceTree::Remove(Resource& resource) {
  while (!resource.children.empty()) {
    Remove(*resource.children.begin()->second);
  }
  Unlink(resource);
}

void ResourceTree::Expire(Time now) {
  while (!by_expiry_.empty() && by_expiry_.begin()->first <= now) {
    Remove(*by_expiry_.begin()->second);
  }
}

std::string ResourceTree::Path(const Resource& resource) const {
  std::string path = resource.name;
  for (const Resource* parent = resource.parent; parent != nullptr; parent = parent->parent) {
    path.insert(0, parent->name + "/");
  }
  return path;
}

}  // namespace saef::cse
