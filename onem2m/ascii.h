// SPDX-License-Identifier: GPL-3.0-or-later
//
// Character classes of ASCII, for this folder's grammars. The locale has no say, and octets above
// 0x7F belong to no class.
#ifndef SAEF_ONEM2M_ASCII_H_
#define SAEF_ONEM2M_ASCII_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace saef::onem2m::ascii {

constexpr bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool IsUpper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool IsLower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool IsAlphanumeric(char c) noexcept { return IsDigit(c) || IsUpper(c) || IsLower(c); }
constexpr bool IsVisible(char c) noexcept { return c >= 0x21 && c <= 0x7E; }
constexpr char ToLower(char c) noexcept {
  return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char ToUpper(char c) noexcept {
  return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

// A class of characters as a table, which is looked up in a few instructions, however many ranges
// the class has.
class Class {
 public:
  template <typename Predicate>
  explicit constexpr Class(Predicate is_in) {
    for (std::size_t c = 0; c < table_.size(); ++c) table_[c] = is_in(static_cast<char>(c));
  }
  constexpr bool HasAllOf(std::string_view text) const noexcept {
    bool all = true;
    for (const char c : text) all &= table_[static_cast<unsigned char>(c)];
    return all;
  }

 private:
  std::array<bool, 256> table_{};
};

inline std::string ToLower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = ToLower(c);
  return folded;
}

inline std::string ToUpper(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = ToUpper(c);
  return folded;
}

inline bool EqualsWithoutCase(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return ToLower(x) == ToLower(y); });
}

}  // namespace saef::onem2m::ascii

#endif  // SAEF_ONEM2M_ASCII_H_
