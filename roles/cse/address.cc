// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/address.h"

#include "bindings/log.h"

namespace saef::cse {
namespace {

using enum onem2m::ResponseStatusCode;

constexpr std::size_t kMaxLength = 2048;
constexpr std::size_t kMaxSegments = 64;

// Cuts the first segment off `rest`, without its '/'.
std::string_view TakeSegment(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return segment;
}

Refusal Elsewhere(std::string_view to) {
  return Refuse(kTargetNotReachable, bindings::Quote(to) + " is not at this CSE");
}

}  // namespace

Outcome<std::vector<std::string_view>> ReadAddress(std::string_view to, const onem2m::CseId& self) {
  if (to.empty() || to.size() > kMaxLength) {
    return Refuse(kBadRequest, "To must have 1 to " + std::to_string(kMaxLength) + " octets");
  }
  std::string_view rest = to;
  bool at_cse = false;
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const onem2m::Result<onem2m::Fqdn> sp = onem2m::Fqdn::Parse(TakeSegment(rest));
    if (!sp || *sp != self.sp()) {
      return Elsewhere(to);
    }
    at_cse = true;
  } else if (rest.starts_with('/')) {
    rest.remove_prefix(1);
    at_cse = true;
  }
  if (at_cse && TakeSegment(rest) != self.name()) {
    return Elsewhere(to);
  }

  if (to.ends_with('/')) {
    return Refuse(kBadRequest, "To must not end with '/'");
  }
  std::vector<std::string_view> segments;
  while (!rest.empty()) {
    segments.push_back(TakeSegment(rest));
    if (segments.back().empty() || segments.size() > kMaxSegments) {
      return Refuse(kBadRequest, "To must have 1 to " + std::to_string(kMaxSegments) +
                                     " segments, none of them empty");
    }
  }
  return segments;
}

}  // namespace saef::cse
