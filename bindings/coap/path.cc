// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/path.h"

#include <algorithm>

#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

constexpr std::string_view kSpRelative = "~";
constexpr std::string_view kAbsolute = "_";

bool IsSegment(std::string_view segment) {
  return !segment.empty() && segment.size() <= kMaxSegment && segment != "." && segment != ".." &&
         segment.find('/') == std::string_view::npos && IsText(segment);
}

}  // namespace

std::optional<std::vector<std::string>> ToSegments(std::string_view to) {
  if (to.empty() || to.size() > kMaxPath) return std::nullopt;
  std::vector<std::string> segments;
  if (to.substr(0, 2) == "//") {
    segments.emplace_back(kAbsolute);
    to.remove_prefix(2);
  } else if (to.front() == '/') {
    segments.emplace_back(kSpRelative);
    to.remove_prefix(1);
  }
  const bool relative = segments.empty();
  for (;;) {
    const std::size_t slash = to.find('/');
    const std::string_view segment = to.substr(0, slash);
    if (!IsSegment(segment)) return std::nullopt;
    if (relative && segments.empty() && (segment == kSpRelative || segment == kAbsolute)) {
      return std::nullopt;
    }
    segments.emplace_back(segment);
    if (slash == std::string_view::npos) return segments;
    to.remove_prefix(slash + 1);
  }
}

std::optional<std::string> FromSegments(std::span<const std::string_view> segments) {
  if (segments.empty()) return std::nullopt;
  std::size_t length = 2;
  for (const std::string_view segment : segments) length += 1 + segment.size();
  std::string to;
  to.reserve(std::min(length, 2 * kMaxPath));
  std::size_t next = 0;
  if (segments[0] == kSpRelative || segments[0] == kAbsolute) {
    to = segments[0] == kAbsolute ? "//" : "/";
    next = 1;
    if (segments.size() == 1) return std::nullopt;
  }
  for (bool first = true; next < segments.size(); ++next, first = false) {
    if (!IsSegment(segments[next])) return std::nullopt;
    if (!first) to += '/';
    to += segments[next];
  }
  if (to.size() > kMaxPath) return std::nullopt;
  return to;
}

}  // namespace saef::coap
