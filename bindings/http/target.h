// SPDX-License-Identifier: GPL-3.0-or-later
//
// To as HTTP's request-target and back (TS-0009 6.2.2): CSE-relative "x/y" is "/x/y", SP-relative
// "/cse/x" is "/~/cse/x", absolute "//fqdn/cse/x" is "/_/fqdn/cse/x". The query carries the other
// parameters.
#ifndef SAEF_BINDINGS_HTTP_TARGET_H_
#define SAEF_BINDINGS_HTTP_TARGET_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/http/refusal.h"

namespace saef::http {

inline constexpr std::size_t kMaxTarget = 8192;
inline constexpr std::size_t kMaxQueryParameters = 64;

struct Target {
  std::string to;
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
};

// The origin form or, as from a proxy, the absolute form with http or https. 4000 for anything
// else, for an empty segment (so that "//x" can't pass for an absolute To), an encoded slash,
// octets that no identifier has (the path) or that aren't text (the query), and beyond the bounds.
Checked<Target> ParseTarget(std::string_view text);

// The origin form. 4000 where `to` is empty, has an empty segment or other octets than ParseTarget
// takes, or where its first segment would read as another form.
Checked<std::string> WriteTarget(const Target& target);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_TARGET_H_
