// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/attribute_rules.h"

namespace saef::cse {
namespace {

using enum AttributeType;
using enum Presence;
using onem2m::ResourceType;

// TS-0001 9.6.1.3: universal and common attributes.
constexpr AttributeRule kCommon[] = {
    {"rn", kName, kOptional, kNever},    {"ri", kText, kNever, kNever},
    {"pi", kText, kNever, kNever},       {"ty", kCount, kNever, kNever},
    {"ct", kTime, kNever, kNever},       {"lt", kTime, kNever, kNever},
    {"et", kTime, kOptional, kOptional}, {"lbl", kTexts, kOptional, kOptional},
};

// TS-0001 9.6.5. supportedReleaseVersions is mandatory from Release 3 on; AEs of Release 2 don't
// know it, so it is optional here.
constexpr AttributeRule kAe[] = {
    {"api", kText, kMandatory, kNever},      {"aei", kText, kNever, kNever},
    {"rr", kBoolean, kMandatory, kOptional}, {"poa", kTexts, kOptional, kOptional},
    {"srv", kTexts, kOptional, kOptional},   {"apn", kText, kOptional, kOptional},
    {"or", kText, kOptional, kOptional},     {"csz", kTexts, kOptional, kOptional},
};

// TS-0001 9.6.6.
constexpr AttributeRule kContainer[] = {
    {"mni", kCount, kOptional, kOptional}, {"mbs", kCount, kOptional, kOptional},
    {"mia", kCount, kOptional, kOptional}, {"cni", kCount, kNever, kNever},
    {"cbs", kCount, kNever, kNever},       {"st", kCount, kNever, kNever},
    {"or", kText, kOptional, kOptional},
};

// TS-0001 9.6.7. Immutable: no UPDATE reaches these rules.
constexpr AttributeRule kContentInstance[] = {
    {"con", kScalar, kMandatory, kNever}, {"cnf", kText, kOptional, kNever},
    {"cs", kCount, kNever, kNever},       {"st", kCount, kNever, kNever},
    {"or", kText, kOptional, kNever},
};

// TS-0001 9.6.4.
constexpr AttributeRule kRemoteCse[] = {
    {"csi", kText, kMandatory, kNever},      {"cb", kText, kMandatory, kNever},
    {"rr", kBoolean, kMandatory, kOptional}, {"cst", kCseType, kOptional, kNever},
    {"poa", kTexts, kOptional, kOptional},   {"srv", kTexts, kOptional, kOptional},
    {"csz", kTexts, kOptional, kOptional},   {"dcse", kTexts, kOptional, kOptional},
};

// TS-0001 9.6.20, TS-0004 7.4.20.
constexpr AttributeRule kServiceSubscribedNode[] = {
    {"ni", kText, kMandatory, kNever},       {"csi", kText, kOptional, kNever},
    {"di", kTexts, kOptional, kNever},       {"rlk", kTexts, kOptional, kOptional},
    {"nrq", kBoolean, kOptional, kOptional},
};

// TS-0001 9.6.29, TS-0004 7.4.29.
constexpr AttributeRule kServiceSubscribedAppRule[] = {
    {"apci", kTexts, kOptional, kOptional},
    {"aai", kTexts, kOptional, kOptional},
    {"aae", kTexts, kOptional, kOptional},
    {"ari", kTexts, kOptional, kOptional},
};

}  // namespace

std::span<const AttributeRule> CommonRules() noexcept { return kCommon; }

std::span<const AttributeRule> RulesOf(ResourceType type) noexcept {
  switch (type) {
    case ResourceType::kAe:
      return kAe;
    case ResourceType::kContainer:
      return kContainer;
    case ResourceType::kContentInstance:
      return kContentInstance;
    case ResourceType::kRemoteCse:
      return kRemoteCse;
    case ResourceType::kServiceSubscribedNode:
      return kServiceSubscribedNode;
    case ResourceType::kServiceSubscribedAppRule:
      return kServiceSubscribedAppRule;
    default:
      return {};
  }
}

}  // namespace saef::cse
