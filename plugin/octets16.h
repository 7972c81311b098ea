// SPDX-License-Identifier: GPL-3.0-or-later
//
// Octets16: sixteen octets side by side, as processors have had them for long; compilers know how
// (GCC's and clang's vector extension). What a comparison finds true is 0xff.
#ifndef SAEF_PLUGIN_OCTETS16_H_
#define SAEF_PLUGIN_OCTETS16_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace saef::plugin {

constexpr std::size_t kOctets16 = 16;
typedef std::uint8_t Octets16 __attribute__((vector_size(kOctets16)));

inline Octets16 LoadOctets16(const void* from) noexcept {
  Octets16 octets;
  std::memcpy(&octets, from, sizeof(octets));
  return octets;
}
inline void StoreOctets16(Octets16 octets, void* to) noexcept {
  std::memcpy(to, &octets, sizeof(octets));
}

inline bool IsZero(Octets16 octets) noexcept {
  typedef std::uint64_t Words2 __attribute__((vector_size(kOctets16)));
  const auto words = reinterpret_cast<Words2>(octets);
  return (words[0] | words[1]) == 0;
}

// The bit in which the cases of an ASCII letter differ, where there is one.
inline Octets16 CaseBit(Octets16 octets) noexcept {
  constexpr std::uint8_t kLetters = 'z' - 'a';
  const Octets16 of_alphabet = (octets | std::uint8_t{0x20}) - std::uint8_t{'a'};
  return Octets16(of_alphabet <= kLetters) & std::uint8_t{0x20};
}
// Is there nothing for ToUpper to do? May say no where there isn't.
inline bool HasNoLower(Octets16 octets, Octets16 more) noexcept {
  typedef std::int8_t Signed16 __attribute__((vector_size(kOctets16)));
  constexpr std::int8_t kBefore = 'a' - 1;  // what isn't ASCII counts as less
  const auto beyond =
      (reinterpret_cast<Signed16>(octets) > kBefore) | (reinterpret_cast<Signed16>(more) > kBefore);
  return IsZero(Octets16(beyond));
}
inline Octets16 ToLower(Octets16 octets) noexcept { return octets | CaseBit(octets); }
inline Octets16 ToUpper(Octets16 octets) noexcept { return octets & ~CaseBit(octets); }

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_OCTETS16_H_
