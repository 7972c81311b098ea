// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table behind attributes.h: one row for each attribute of each resource type (TS-0004 7.4,
// TS-0001 9.6).
#ifndef SAEF_ROLES_CSE_ATTRIBUTE_RULES_H_
#define SAEF_ROLES_CSE_ATTRIBUTE_RULES_H_

#include <span>
#include <string_view>

#include "onem2m/primitive.h"

namespace saef::cse {

enum class Presence {
  kMandatory,
  kOptional,
  kNever,  // only the CSE sets it
};

enum class AttributeType {
  kText,
  kTexts,
  kBoolean,
  kCount,    // xs:nonNegativeInteger
  kCseType,  // m2m:cseTypeID: 1 IN-CSE, 2 MN-CSE, 3 ASN-CSE
  kTime,
  kScalar,  // xs:anySimpleType
  kName,    // rn
};

struct AttributeRule {
  std::string_view name;
  AttributeType type;
  Presence create;
  Presence update;
};

// The universal and common attributes: rn, ri, pi, ty, ct, lt, et, lbl.
std::span<const AttributeRule> CommonRules() noexcept;
// Those of one resource type; empty for a type that this CSE doesn't offer.
std::span<const AttributeRule> RulesOf(onem2m::ResourceType type) noexcept;

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ATTRIBUTE_RULES_H_
