// SPDX-License-Identifier: GPL-3.0-or-later
//
// Uri: where a peer is, split with Boost.URL: coap, coaps, http, https.
#ifndef SAEF_BINDINGS_URI_H_
#define SAEF_BINDINGS_URI_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "bindings/error.h"

namespace saef::bindings {

enum class Scheme { kCoap, kCoaps, kHttp, kHttps };

struct Uri {
  Scheme scheme = Scheme::kCoaps;
  std::string host;        // a name or an address, without brackets
  std::uint16_t port = 0;  // the scheme's default where none is given: 5683, 5684, 80, 443. 0 only
                           // where "0" is: a listener's "any free one"; no client can use it
  std::string path;        // decoded, with the leading '/', or empty

  static Result<Uri> Parse(std::string_view text);  // kBadUri: other scheme, user information, no
                                                    // host, query or fragment
  bool secure() const { return scheme == Scheme::kCoaps || scheme == Scheme::kHttps; }
  bool coap() const { return scheme == Scheme::kCoap || scheme == Scheme::kCoaps; }
  std::string text() const;
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_URI_H_
