// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parsers of application rules on any content of a host's answer. The first octet chooses
// which. What is read keeps the bounds, and matching it ends and never allows what no pattern
// lists.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugin/application_rules.h"

namespace {

using namespace saef::plugin;

void CheckLinks(std::string_view content) {
  static const auto own = saef::onem2m::CseId::ParseAbsolute("//sp.example.com/cse1").value();
  const auto links = ParseRuleLinks(content, own);
  if (!links) return;
  if (links->size() > kMaxRuleLinks) std::abort();
  for (const std::string& link : *links) {
    if (link.empty() || link.size() > kMaxRuleText || link.front() != '/') std::abort();
  }
}

void CheckRule(std::string_view content) {
  const auto rule = ParseApplicationRule(content);
  if (!rule) return;
  if (rule->app_ids.size() > kMaxRulePatterns || rule->aes.size() > kMaxRulePatterns) std::abort();
  // Of another kind than each pattern can be.
  if (AllowRegistration({&*rule, 1}, {"11-a@maf.example.com", "Rapp", "xx"}) &&
      std::none_of(rule->aes.begin(), rule->aes.end(),
                   [](const std::string& pattern) { return pattern.front() == '*'; })) {
    std::abort();
  }
  if (AllowRegistration({&*rule, 1}, {std::nullopt, "Rapp", ""}) && rule->credential_ids) {
    std::abort();
  }
  AllowStem({&*rule, 1}, "11-a@maf.example.com", "Cae1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view content(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] % 2 == 0) {
    CheckLinks(content);
  } else {
    CheckRule(content);
  }
  return 0;
}
