// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/key_identifier.h"

#include <algorithm>
#include <array>
#include <optional>

#include "onem2m/ascii.h"

namespace saef::onem2m {
namespace {

// By octet: may a relative part have it?
constexpr auto kAllowed = [] {
  std::array<bool, 256> allowed{};
  for (std::size_t i = 0; i < 0x80; ++i) {
    const char c = static_cast<char>(i);
    allowed[i] = ascii::IsAlphanumeric(c) || c == '.' || c == '_' || c == '-';
  }
  return allowed;
}();

std::optional<Error> CheckRelative(std::string_view text) noexcept {
  if (text.empty()) return Error::kEmpty;
  if (text.size() > KeyIdentifier::kMaxRelativeLength) return Error::kTooLong;
  const auto allowed = [](char c) { return kAllowed[static_cast<unsigned char>(c)]; };
  if (!std::ranges::all_of(text, allowed)) return Error::kBadCharacter;
  return std::nullopt;
}

}  // namespace

Result<KeyIdentifier> KeyIdentifier::Parse(std::string_view text) {
  if (text.empty()) return Error::kEmpty;
  if (text.size() > kMaxLength) return Error::kTooLong;
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return Error::kBadForm;
  if (const auto error = CheckRelative(text.substr(0, at))) return *error;
  Result<Fqdn> fqdn = Fqdn::Parse(text.substr(at + 1));
  if (!fqdn) return fqdn.error();
  return KeyIdentifier(std::string(text.substr(0, at)), std::move(*fqdn));
}

Result<KeyIdentifier> KeyIdentifier::Make(std::string_view relative, const Fqdn& fqdn) {
  if (const auto error = CheckRelative(relative)) return *error;
  if (relative.size() + 1 + fqdn.text().size() > kMaxLength) return Error::kTooLong;
  return KeyIdentifier(std::string(relative), fqdn);
}

Result<KeyIdentifier> KeyIdentifier::FromExport(std::span<const std::uint8_t, 16> relative,
                                                const Fqdn& fqdn) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::array<char, 32> text{};
  for (std::size_t i = 0; i < relative.size(); ++i) {
    text[2 * i] = kDigits[relative[i] >> 4];
    text[2 * i + 1] = kDigits[relative[i] & 0x0F];
  }
  return Make({text.data(), text.size()}, fqdn);
}

std::string KeyIdentifier::Canonical() const {
  return ascii::ToUpper(relative_) + "@" + fqdn_.text();
}

bool operator==(const KeyIdentifier& a, const KeyIdentifier& b) {
  return a.fqdn_ == b.fqdn_ && ascii::EqualsWithoutCase(a.relative_, b.relative_);
}

bool IsRelativeKeyIdentifier(std::string_view text) noexcept {
  return !CheckRelative(text).has_value();
}

}  // namespace saef::onem2m
