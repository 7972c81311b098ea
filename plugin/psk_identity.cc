// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/psk_identity.h"

#include <cstring>

#include "onem2m/key_identifier.h"
#include "plugin/octets16.h"

namespace saef::plugin {
namespace {

constexpr Octets16 kFiller = Octets16{} + std::uint8_t{'x'};
constexpr Octets16 kPlaces = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

}  // namespace

PskIdentity::PskIdentity(std::span<const std::uint8_t> octets) noexcept {
  if (octets.empty() || octets.size() > kMaxLength) return;
  const void* const last_at = memrchr(octets.data(), '@', octets.size());
  const auto at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(last_at) -
                                           octets.data());  // unless there is none
  if (last_at == nullptr || at == 0 || at + 1 == octets.size()) {
    const bool has_nul = std::memchr(octets.data(), 0, octets.size()) != nullptr;
    shape_ = has_nul ? Shape::kInvalid : Shape::kOther;
    return;
  }
  std::memcpy(as_sent_.data(), octets.data(), octets.size());
  StoreOctets16(kFiller, as_sent_.data() + octets.size());
  if (!Fold(octets.size(), at)) return;
  shape_ = Shape::kKcId;
  at_ = at;
  length_ = octets.size();
}

// From as_sent_, which is as the client sent it, with what isn't zero after its end, and folded as
// far as it goes. False if there is a NUL in it.
inline bool PskIdentity::Fold(std::size_t length, std::size_t at) noexcept {
  Octets16 nuls{};
  Octets16 places = kPlaces;
  const Octets16 places_of_relative = Octets16{} + static_cast<std::uint8_t>(at);
  for (std::size_t i = 0; i < length;
       i += kOctets16, places += static_cast<std::uint8_t>(kOctets16)) {
    const Octets16 sent = LoadOctets16(as_sent_.data() + i);
    nuls |= Octets16(sent == 0);
    const auto is_relative = Octets16(places < places_of_relative);
    const Octets16 case_bit = CaseBit(sent);
    const Octets16 folded = sent | (case_bit & ~is_relative);
    StoreOctets16(folded, as_sent_.data() + i);
    StoreOctets16(folded & ~(case_bit & is_relative), canonical_.data() + i);
  }
  return IsZero(nuls);
}

bool PskIdentity::relative_is_well_formed() const noexcept {
  return onem2m::IsRelativeKeyIdentifier(relative());
}

}  // namespace saef::plugin
