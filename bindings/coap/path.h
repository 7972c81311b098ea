// SPDX-License-Identifier: GPL-3.0-or-later
//
// To and Uri-Path (TS-0008 6.2.2.3): "x/y" is "x" "y", "/cse/x" is "~" "cse" "x", "//fqdn/cse/x" is
// "_" "fqdn" "cse" "x". The two directions are each other's inverse; what would be ambiguous is
// refused: an empty segment, "." and "..", a '/' within a segment, and a CSE-relative path that
// begins with "~" or "_".
#ifndef SAEF_BINDINGS_COAP_PATH_H_
#define SAEF_BINDINGS_COAP_PATH_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saef::coap {

inline constexpr std::size_t kMaxPath = 2048;    // octets of To
inline constexpr std::size_t kMaxSegment = 255;  // RFC 7252 table 4

std::optional<std::vector<std::string>> ToSegments(std::string_view to);
std::optional<std::string> FromSegments(std::span<const std::string_view> segments);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_PATH_H_
