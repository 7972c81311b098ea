// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/log.h"

namespace saef::bindings {

std::string Quote(std::string_view text, std::size_t limit) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text.substr(0, limit)) {
    const auto octet = static_cast<unsigned char>(c);
    // The two characters that would make the quoting ambiguous are written as octets as well.
    if (octet >= 0x20 && octet < 0x7f && c != '"' && c != '\\') {
      out += c;
    } else {
      out += "\\x";
      out += kHex[octet >> 4];
      out += kHex[octet & 0xf];
    }
  }
  if (text.size() > limit) {
    return out + "…\" (" + std::to_string(text.size()) + " octets)";
  }
  return out + '"';
}

}  // namespace saef::bindings
