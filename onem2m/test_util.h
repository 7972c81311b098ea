// SPDX-License-Identifier: GPL-3.0-or-later
//
// For the tables of this folder's tests.
#ifndef SAEF_ONEM2M_TEST_UTIL_H_
#define SAEF_ONEM2M_TEST_UTIL_H_

#include <string>
#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

// The error of a result as text that BOOST_TEST prints; "" for a value.
template <typename T>
std::string ErrorOf(const Result<T>& result) {
  return result.has_value() ? std::string() : result.error().message();
}

inline std::string Text(Error error) { return make_error_code(error).message(); }

// A refusal: `text` gives `error`.
struct Refusal {
  std::string text;
  Error error;
};

// Bytes as visible text, at most 80 of them, so that a failed check says which row it was.
inline std::string Visible(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string visible;
  for (const char c : text.substr(0, 80)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet < 0x7F) {
      visible += c;
    } else {
      visible += {'\\', 'x', kDigits[octet >> 4], kDigits[octet & 15]};
    }
  }
  return visible + (text.size() > 80 ? "… (" + std::to_string(text.size()) + ")" : "");
}

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_TEST_UTIL_H_
