// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/fqdn.h"

#include <algorithm>

#include "onem2m/ascii.h"

namespace saef::onem2m {
namespace {

constexpr std::size_t kMaxLabelLength = 63;
constexpr ascii::Class kAllowed([](char c) {
  return ascii::IsAlphanumeric(c) || c == '-' || c == '.';
});

std::optional<Error> CheckLabel(std::string_view label) noexcept {
  if (label.empty()) return Error::kBadForm;
  if (label.size() > kMaxLabelLength) return Error::kTooLong;
  if (label.front() == '-' || label.back() == '-') return Error::kBadForm;
  return std::nullopt;
}

}  // namespace

std::optional<Error> Fqdn::Check(std::string_view text) noexcept {
  if (text.empty()) return Error::kEmpty;
  if (text.size() > Fqdn::kMaxLength) return Error::kTooLong;
  if (!kAllowed.HasAllOf(text)) return Error::kBadCharacter;
  std::string_view label;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    if (const auto error = CheckLabel(label)) return error;
    if (dot == rest.size() - 1) return Error::kBadForm;  // a trailing dot
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  if (std::ranges::all_of(label, ascii::IsDigit)) return Error::kBadForm;
  return std::nullopt;
}

Result<Fqdn> Fqdn::Parse(std::string_view text) {
  if (const auto error = Check(text)) return *error;
  return Fqdn(ascii::ToLower(text));
}

Result<Fqdn> Fqdn::ParseCanonical(std::string_view text) {
  if (const auto error = Check(text)) return *error;
  if (std::ranges::any_of(text, ascii::IsUpper)) return Error::kUpperCase;
  return Fqdn(std::string(text));
}

}  // namespace saef::onem2m
