// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/psk_identity.h"

#include <bit>
#include <cstring>

#include "onem2m/key_identifier.h"

namespace saef::plugin {
namespace {

// Octets side by side, as processors have had them for long; compilers know how (GCC's and clang's
// vector extension). What a comparison finds true is 0xff.
constexpr std::size_t kWidth = 16;
typedef std::uint8_t Octets16 __attribute__((vector_size(kWidth)));
constexpr Octets16 kFiller = Octets16{} + std::uint8_t{'x'};
constexpr Octets16 kPlaces = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

Octets16 Load(const char* from) noexcept {
  Octets16 octets;
  std::memcpy(&octets, from, sizeof(octets));
  return octets;
}
void Store(Octets16 octets, char* to) noexcept { std::memcpy(to, &octets, sizeof(octets)); }

// The bit in which the cases of an ASCII letter differ, where there is one.
Octets16 CaseBit(Octets16 octets) noexcept {
  constexpr std::uint8_t kLetters = 'z' - 'a';
  const Octets16 of_alphabet = (octets | std::uint8_t{0x20}) - std::uint8_t{'a'};
  return Octets16(of_alphabet <= kLetters) & std::uint8_t{0x20};
}

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
  Store(kFiller, as_sent_.data() + octets.size());
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
  for (std::size_t i = 0; i < length; i += kWidth, places += static_cast<std::uint8_t>(kWidth)) {
    const Octets16 sent = Load(as_sent_.data() + i);
    nuls |= Octets16(sent == 0);
    const auto is_relative = Octets16(places < places_of_relative);
    const Octets16 case_bit = CaseBit(sent);
    const Octets16 folded = sent | (case_bit & ~is_relative);
    Store(folded, as_sent_.data() + i);
    Store(folded & ~(case_bit & is_relative), canonical_.data() + i);
  }
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(nuls);
  return (halves[0] | halves[1]) == 0;
}

bool PskIdentity::relative_is_well_formed() const noexcept {
  return onem2m::IsRelativeKeyIdentifier(relative());
}

}  // namespace saef::plugin
