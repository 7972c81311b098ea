// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/uri.h"

#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace saef::bindings {
namespace {

struct SchemeEntry {
  Scheme scheme;
  std::string_view name;
  std::uint16_t port;
};

constexpr std::array kSchemes = {
    SchemeEntry{Scheme::kCoap, "coap", 5683}, SchemeEntry{Scheme::kCoaps, "coaps", 5684},
    SchemeEntry{Scheme::kHttp, "http", 80}, SchemeEntry{Scheme::kHttps, "https", 443}};

constexpr std::size_t kMaxUri = 2048;
constexpr std::size_t kMaxHost = 253;

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

const SchemeEntry& EntryOf(Scheme scheme) {
  for (const SchemeEntry& entry : kSchemes) {
    if (entry.scheme == scheme) return entry;
  }
  return kSchemes[0];
}

// The host goes into getaddrinfo and into SNI as a C string.
bool IsHost(std::string_view host) {
  if (host.empty() || host.size() > kMaxHost) return false;
  for (const char c : host) {
    if (c <= 0x20 || c >= 0x7f) return false;
  }
  return true;
}

}  // namespace

Result<Uri> Uri::Parse(std::string_view text) {
  // Without "//" there is no authority, and Boost.URL 1.81 asserts on some of what may follow then.
  if (text.size() > kMaxUri || text.find("://") == std::string_view::npos) return Error::kBadUri;
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return Error::kBadUri;
  const boost::urls::url_view& url = *parsed;
  const std::string scheme = Lower(url.scheme());
  for (const SchemeEntry& entry : kSchemes) {
    if (scheme != entry.name) continue;
    if (!url.has_authority() || url.has_userinfo() || url.has_query() || url.has_fragment()) {
      return Error::kBadUri;
    }
    Uri uri;
    uri.scheme = entry.scheme;
    uri.host = Lower(url.host_address());
    if (!IsHost(uri.host)) return Error::kBadUri;
    uri.port = url.port_number();
    // port_number() is 0 for "none", for "0" and for what doesn't fit.
    const bool given = url.has_port() && !url.port().empty();
    if (uri.port == 0 && given && url.port() != "0") return Error::kBadUri;
    if (!given) uri.port = entry.port;
    uri.path = url.path();
    if (uri.path.find('\0') != std::string::npos) return Error::kBadUri;
    // Boost.URL 1.81 takes "a:-1" for a host, an empty port and the path "-1".
    if (!uri.path.empty() && uri.path.front() != '/') return Error::kBadUri;
    return uri;
  }
  return Error::kBadUri;
}

std::string Uri::text() const {
  const SchemeEntry& entry = EntryOf(scheme);
  std::string out{entry.name};
  out += "://";
  out += host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != entry.port) out += ":" + std::to_string(port);
  return out + path;
}

}  // namespace saef::bindings
