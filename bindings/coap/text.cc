// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

// The length of the well-formed character at the start of `text`, 0 if there is none (RFC 3629 4).
std::size_t CharacterLength(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto is_tail = [&at](std::size_t i) { return at(i) >= 0x80 && at(i) <= 0xbf; };
  const unsigned lead = at(0);
  if (lead < 0x80) return text.empty() ? 0 : 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (!is_tail(1)) return 0;
  if (lead < 0xe0) return 2;
  if (!is_tail(2)) return 0;
  if (lead < 0xf0) {
    const bool overlong = lead == 0xe0 && at(1) < 0xa0;
    const bool surrogate = lead == 0xed && at(1) > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  if (!is_tail(3)) return 0;
  const bool overlong = lead == 0xf0 && at(1) < 0x90;
  const bool too_high = lead == 0xf4 && at(1) > 0x8f;
  return overlong || too_high ? 0 : 4;
}

}  // namespace

bool IsUtf8(std::string_view text) noexcept {
  // Nearly all there is, is ASCII.
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  if (all < 0x80) return true;
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool IsText(std::string_view text) noexcept {
  bool control = false;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    control |= octet < 0x20 || octet == 0x7f;
  }
  return !control && IsUtf8(text);
}

std::optional<std::uint32_t> ReadUint(std::string_view value, std::size_t max_length) noexcept {
  if (value.size() > max_length || value.size() > sizeof(std::uint32_t)) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : value) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

std::string WriteUint(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const std::uint32_t octet = value >> shift & 0xff;
    if (octet != 0 || !out.empty()) out += static_cast<char>(octet);
  }
  return out;
}

}  // namespace saef::coap
