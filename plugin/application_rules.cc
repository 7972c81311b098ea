// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/application_rules.h"

#include <algorithm>
#include <utility>

#include "onem2m/json.h"

namespace saef::plugin {
namespace {

using onem2m::Error;
using onem2m::Result;
using rapidjson::Value;
using Texts = std::vector<std::string>;

char FoldCase(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Visible ASCII: what identifiers and addresses of oneM2M have.
bool IsRuleText(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// The list of texts, or nothing where the member is missing.
Result<std::optional<Texts>> ReadTexts(const Value& object, std::string_view member,
                                       std::size_t max) {
  const Value* const array = onem2m::FindMember(object, member);
  if (array == nullptr) return std::optional<Texts>();
  if (!array->IsArray()) return Error::kWrongType;
  if (array->Size() > max) return Error::kOutOfRange;
  Texts texts;
  for (const Value& value : array->GetArray()) {
    if (!value.IsString()) return Error::kWrongType;
    const std::string_view text(value.GetString(), value.GetStringLength());
    if (text.size() > kMaxRuleText) return Error::kTooLong;
    if (!IsRuleText(text)) return Error::kBadCharacter;
    texts.emplace_back(text);
  }
  return std::optional<Texts>(std::move(texts));
}

Result<const Value*> RootMember(const rapidjson::Document& document, std::string_view name) {
  if (!document.IsObject()) return Error::kWrongType;
  if (document.MemberCount() != 1) return Error::kBadForm;
  const Value* const root = onem2m::FindMember(document, name);
  if (root == nullptr) return Error::kMissingMember;
  if (!root->IsObject()) return Error::kWrongType;
  return root;
}

bool BeginsWithOneOf(const Texts& patterns, std::string_view beginnings) {
  return std::all_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return beginnings.find(pattern.front()) != std::string_view::npos;
  });
}

bool Lists(const Texts& patterns, std::string_view text, bool ignore_case) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return MatchesPattern(pattern, text, ignore_case);
  });
}

// Key identifiers within a Credential-ID compare without case (TS-0003 10.6): types 10, 11 and 12.
bool ComparesWithoutCase(std::string_view credential_id) { return credential_id.starts_with('1'); }

bool IsFor(const ApplicationRule& rule, const std::optional<std::string_view>& credential_id) {
  if (!credential_id || !rule.credential_ids) return !credential_id && !rule.credential_ids;
  return Lists(*rule.credential_ids, *credential_id, ComparesWithoutCase(*credential_id));
}

bool ListsStem(const ApplicationRule& rule, std::string_view from) {
  if (from.size() > 1) return Lists(rule.aes, from, false);
  // A stem is still to be chosen, of any kind or of that one.
  return std::any_of(rule.aes.begin(), rule.aes.end(), [&](const std::string& pattern) {
    return from.empty() || pattern.front() == '*' || pattern.front() == from.front();
  });
}

}  // namespace

bool MatchesPattern(std::string_view pattern, std::string_view text, bool ignore_case) noexcept {
  const auto same = [ignore_case](char a, char b) {
    return ignore_case ? FoldCase(a) == FoldCase(b) : a == b;
  };
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && same(pattern[p], text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      // The last '*' takes one octet more.
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

Result<Texts> ParseRuleLinks(std::string_view content, const onem2m::CseId& own) {
  const auto document = onem2m::ParseJson(content, kMaxRuleContent);
  if (!document) return document.error();
  const auto node = RootMember(*document, "m2m:svsn");
  if (!node) return node.error();
  const auto id = onem2m::GetString(**node, "csi");
  if (!id) return id.error();
  // "a CSE-ID attribute that matches the Receiver owned CSE-ID" (TS-0004 7.3.2.7).
  const auto cse = onem2m::CseId::Parse(*id, own.sp());
  if (!cse || *cse != own) return Error::kBadForm;
  auto links = ReadTexts(**node, "rlk", kMaxRuleLinks);
  if (!links) return links.error();
  if (!*links) return Texts();
  const bool lead_somewhere = std::all_of((*links)->begin(), (*links)->end(),
                                          [](const std::string& link) { return link[0] == '/'; });
  if (!lead_somewhere) return Error::kBadForm;
  return std::move(**links);
}

Result<ApplicationRule> ParseApplicationRule(std::string_view content) {
  const auto document = onem2m::ParseJson(content, kMaxRuleContent);
  if (!document) return document.error();
  const auto root = RootMember(*document, "m2m:asar");
  if (!root) return root.error();
  auto credential_ids = ReadTexts(**root, "apci", kMaxRulePatterns);
  if (!credential_ids) return credential_ids.error();
  auto app_ids = ReadTexts(**root, "aai", kMaxRulePatterns);
  if (!app_ids) return app_ids.error();
  auto aes = ReadTexts(**root, "aae", kMaxRulePatterns);
  if (!aes) return aes.error();
  ApplicationRule rule{std::move(*credential_ids), std::move(*app_ids).value_or(Texts()),
                       std::move(*aes).value_or(Texts())};
  if (!BeginsWithOneOf(rule.app_ids, "*RN") || !BeginsWithOneOf(rule.aes, "*CS")) {
    return Error::kBadForm;
  }
  return rule;
}

bool AllowRegistration(std::span<const ApplicationRule> rules, const Registration& registration) {
  return std::any_of(rules.begin(), rules.end(), [&](const ApplicationRule& rule) {
    return IsFor(rule, registration.credential_id) &&
           Lists(rule.app_ids, registration.app_id, false) && ListsStem(rule, registration.from);
  });
}

bool AllowStem(std::span<const ApplicationRule> rules, std::string_view credential_id,
               std::string_view stem) {
  return std::any_of(rules.begin(), rules.end(), [&](const ApplicationRule& rule) {
    return IsFor(rule, credential_id) && Lists(rule.aes, stem, false);
  });
}

}  // namespace saef::plugin
