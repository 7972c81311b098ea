// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/discovery.h"

#include <algorithm>

namespace saef::cse {
namespace {

using enum onem2m::ResponseStatusCode;

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool Matches(const Resource& resource, const Query& query) {
  const int type = static_cast<int>(resource.type);
  if (!query.types.empty() &&
      std::find(query.types.begin(), query.types.end(), type) == query.types.end()) {
    return false;
  }
  if (query.labels.empty()) {
    return true;
  }
  const AttributeValue* labels = resource.attributes.Find("lbl");
  const auto* list = labels == nullptr ? nullptr : std::get_if<std::vector<std::string>>(labels);
  return list != nullptr && std::any_of(list->begin(), list->end(), [&](const std::string& label) {
           return Contains(query.labels, label);
         });
}

// The children to go on with, last first. Below CSEBase only the originator's own registration can
// be seen, and the service subscription by an administrator, so the others aren't even looked at.
void PushChildren(const Resource& resource, const Requester& originator,
                  std::vector<Resource*>& stack) {
  if (resource.type == onem2m::ResourceType::kCseBase) {
    if (originator.administrator) {
      for (auto child = resource.children.rbegin(); child != resource.children.rend(); ++child) {
        if (IsSubscription(child->second->type)) {
          stack.push_back(child->second);
        }
      }
    }
    if (originator.registration != nullptr) {
      stack.push_back(originator.registration);
    }
    return;
  }
  for (auto child = resource.children.rbegin(); child != resource.children.rend(); ++child) {
    stack.push_back(child->second);
  }
}

}  // namespace

Outcome<std::vector<Resource*>> Discover(const Resource& target, const Requester& originator,
                                         const Query& query, std::size_t max_results) {
  const std::size_t wanted = std::min(query.limit.value_or(max_results + 1), max_results + 1);
  std::vector<Resource*> found;
  std::vector<Resource*> stack;
  PushChildren(target, originator, stack);
  while (!stack.empty() && found.size() < wanted) {
    Resource* const resource = stack.back();
    stack.pop_back();
    if (Matches(*resource, query)) {
      found.push_back(resource);
    }
    if (!query.level || resource->depth - target.depth < *query.level) {
      PushChildren(*resource, originator, stack);
    }
  }
  if (found.size() > max_results) {
    return Refuse(kNotAcceptable, "more than " + std::to_string(max_results) +
                                      " resources match; narrow it with ty, lbl, lvl or lim");
  }
  return found;
}

}  // namespace saef::cse
