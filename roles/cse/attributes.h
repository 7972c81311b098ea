// SPDX-License-Identifier: GPL-3.0-or-later
//
// The attributes of the resource types that this CSE offers (TS-0004 7.4, TS-0001 9.6): which there
// are, of which type, and whether a CREATE or an UPDATE may carry them. Reading a request's content
// is strict: what the table doesn't have is refused, and so is what only the CSE sets.
//
// Pure; threads: any.
#ifndef SAEF_ROLES_CSE_ATTRIBUTES_H_
#define SAEF_ROLES_CSE_ATTRIBUTES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "onem2m/primitive.h"
#include "onem2m/timestamp.h"
#include "roles/cse/limits.h"
#include "roles/cse/outcome.h"

namespace saef::cse {

// A scalar that is kept as the JSON text that came: <contentInstance>'s content (xs:anySimpleType).
struct JsonText {
  std::string text;
  friend bool operator==(const JsonText&, const JsonText&) = default;
};

using AttributeValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>,
                                    std::vector<std::int64_t>, JsonText>;

// In the order in which they came; short names (TS-0004 8.2.3). Each name once.
class Attributes {
 public:
  const AttributeValue* Find(std::string_view name) const noexcept;
  // The integer of that name, or `otherwise`.
  std::int64_t Integer(std::string_view name, std::int64_t otherwise) const noexcept;
  // The text of that name, or an empty one.
  std::string Text(std::string_view name) const;
  void Set(std::string_view name, AttributeValue value);
  void Remove(std::string_view name);
  auto begin() const noexcept { return items_.begin(); }
  auto end() const noexcept { return items_.end(); }
  // What they take in memory, as the bounds count it: octets of names and values.
  std::size_t size() const;

 private:
  std::vector<std::pair<std::string, AttributeValue>> items_;
};

// The content of a CREATE or an UPDATE, read.
struct Content {
  std::optional<std::string> name;      // rn
  std::optional<onem2m::Time> expires;  // et
  Attributes attributes;                // the others
  std::vector<std::string> removed;     // null in an UPDATE: optional attributes that go
};

// "m2m:ae"; empty for a type that this CSE doesn't offer.
std::string_view RootName(onem2m::ResourceType type) noexcept;
// Is it one that a CREATE may ask for here?
bool IsOffered(int type) noexcept;

// Is it a resourceName: unreserved characters of RFC 3986, and not the name of a virtual child?
bool IsResourceName(std::string_view text) noexcept;

// kBadRequest with the attribute's name: not JSON, another root, unknown, not allowed in this
// operation, missing, out of bounds, of another type (that one kContentsUnacceptable).
Outcome<Content> ReadCreate(std::string_view json, onem2m::ResourceType type, const Limits& limits);
Outcome<Content> ReadUpdate(std::string_view json, onem2m::ResourceType type, const Limits& limits);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ATTRIBUTES_H_
