// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/psk_identity.h"

#include <algorithm>

#include "onem2m/key_identifier.h"

namespace saef::plugin {
namespace {

char ToLower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char ToUpper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

}  // namespace

PskIdentity::PskIdentity(std::span<const std::uint8_t> octets) noexcept {
  if (octets.empty() || octets.size() > kMaxLength) return;
  if (std::find(octets.begin(), octets.end(), 0) != octets.end()) return;
  shape_ = Shape::kOther;
  const auto last_at = std::find(octets.rbegin(), octets.rend(), '@');
  if (last_at == octets.rend()) return;
  const auto at = static_cast<std::size_t>(octets.rend() - last_at) - 1;
  if (at == 0 || at + 1 == octets.size()) return;
  shape_ = Shape::kKcId;
  at_ = at;
  length_ = octets.size();
  for (std::size_t i = 0; i < length_; ++i) {
    const char c = static_cast<char>(octets[i]);
    as_sent_[i] = i < at ? c : ToLower(c);
    canonical_[i] = i < at ? ToUpper(c) : ToLower(c);
  }
}

bool PskIdentity::relative_is_well_formed() const noexcept {
  return onem2m::IsRelativeKeyIdentifier(relative());
}

}  // namespace saef::plugin
