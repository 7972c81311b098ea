// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/psk_identity.h"

#include <cstring>

#include "onem2m/key_identifier.h"

namespace saef::plugin {
namespace {

// Octets side by side, as processors have had them for long; compilers know how (GCC's and clang's
// vector extension). What a comparison finds true is 0xff.
constexpr std::size_t kWidth = 16;
typedef std::uint8_t Octets16 __attribute__((vector_size(kWidth)));
constexpr Octets16 kPlaces = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

Octets16 Load(const char* from) noexcept {
  Octets16 octets;
  std::memcpy(&octets, from, sizeof(octets));
  return octets;
}
void Store(Octets16 octets, char* to) noexcept { std::memcpy(to, &octets, sizeof(octets)); }

// The bit in which the cases of an ASCII letter differ, for those from `first` to `last`.
Octets16 CaseBit(Octets16 octets, char first, char last) noexcept {
  const auto between =
      (octets >= static_cast<std::uint8_t>(first)) & (octets <= static_cast<std::uint8_t>(last));
  return Octets16(between) & std::uint8_t{0x20};
}

}  // namespace

PskIdentity::PskIdentity(std::span<const std::uint8_t> octets) noexcept {
  if (octets.empty() || octets.size() > kMaxLength) return;
  if (std::memchr(octets.data(), 0, octets.size()) != nullptr) return;
  shape_ = Shape::kOther;
  const void* const last_at = memrchr(octets.data(), '@', octets.size());
  if (last_at == nullptr) return;
  const auto at =
      static_cast<std::size_t>(static_cast<const std::uint8_t*>(last_at) - octets.data());
  if (at == 0 || at + 1 == octets.size()) return;
  shape_ = Shape::kKcId;
  at_ = at;
  length_ = octets.size();
  std::memcpy(as_sent_.data(), octets.data(), length_);
  std::memset(as_sent_.data() + length_, 0, kSpare);
  for (std::size_t i = 0; i < length_; i += kWidth) {
    const Octets16 sent = Load(as_sent_.data() + i);
    const auto is_relative =
        Octets16(kPlaces + static_cast<std::uint8_t>(i) < static_cast<std::uint8_t>(at));
    const Octets16 to_lower = CaseBit(sent, 'A', 'Z') & ~is_relative;
    const Octets16 to_upper = CaseBit(sent, 'a', 'z') & is_relative;
    Store(sent ^ to_lower, as_sent_.data() + i);
    Store(sent ^ to_lower ^ to_upper, canonical_.data() + i);
  }
}

bool PskIdentity::relative_is_well_formed() const noexcept {
  return onem2m::IsRelativeKeyIdentifier(relative());
}

}  // namespace saef::plugin
