// SPDX-License-Identifier: GPL-3.0-or-later
//
// Application rules: what <serviceSubscribedNode> and <serviceSubscribedAppRule> say (TS-0001
// 9.6.20, 9.6.29; short names TS-0004 8.2.3), read strictly from their JSON representations, and
// whether they allow an AE to register (TS-0001 10.2.2.2 step 003; the seed's 10.1.1.2.2). Pure.
//
// What isn't understood is no rule: a rule that can't be read allows nothing, and a list that is
// missing lists nothing.
#ifndef SAEF_PLUGIN_APPLICATION_RULES_H_
#define SAEF_PLUGIN_APPLICATION_RULES_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"

namespace saef::plugin {

// Bounds of ours; a resource beyond them is refused as a whole.
inline constexpr std::size_t kMaxRuleLinks = 64;
inline constexpr std::size_t kMaxRulePatterns = 256;  // in each list of one rule
inline constexpr std::size_t kMaxRuleText = 256;      // octets of a pattern
inline constexpr std::size_t kMaxRuleContent = 256 * 1024;

// One <serviceSubscribedAppRule>. Each entry may have wildcards: '*' stands for any octets.
struct ApplicationRule {
  // Absent: the rule is for registrations without a security association (TS-0001 9.6.29).
  std::optional<std::vector<std::string>> credential_ids;  // applicableCredIDs
  std::vector<std::string> app_ids;                        // allowedApp-IDs
  std::vector<std::string> aes;                            // allowedAEs: AE-ID-Stems
};

// {"m2m:svsn": {"csi": …, "rlk": […]}}: the addresses of the rules of this CSE. kBadForm where the
// node is another CSE's or names none, or a link leads nowhere from here; kOutOfRange for too many;
// and the errors of onem2m/json.h.
onem2m::Result<std::vector<std::string>> ParseRuleLinks(std::string_view content,
                                                        const onem2m::CseId& own);

// {"m2m:asar": {"apci": […], "aai": […], "aae": […]}}. kBadForm for a pattern that can match
// nothing of its kind: App-IDs begin with 'R' or 'N' (TS-0004 7.4.29.2.1), stems with 'C' or 'S'.
onem2m::Result<ApplicationRule> ParseApplicationRule(std::string_view content);

// Who wants to register.
struct Registration {
  std::optional<std::string_view> credential_id;  // none: no security association; may be empty
  std::string_view app_id;
  std::string_view from;  // an AE-ID-Stem; "", "C" or "S" asks for one (of that kind)
};

// Is there one rule that is for this credential and lists the App-ID and the stem, or, where the
// stem is to be chosen, one of that kind?
bool AllowRegistration(std::span<const ApplicationRule> rules, const Registration& registration);
// Is there one that is for this credential and lists the stem that was chosen?
bool AllowStem(std::span<const ApplicationRule> rules, std::string_view credential_id,
               std::string_view stem);

// '*' matches any octets, also none; all else itself. Time is bounded by the product of the
// lengths.
bool MatchesPattern(std::string_view pattern, std::string_view text, bool ignore_case) noexcept;

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_APPLICATION_RULES_H_
