// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/target.h"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

#include <boost/beast/core/string.hpp>
#include <boost/url/authority_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include "bindings/log.h"

namespace saef::http {
namespace {

namespace urls = boost::urls;

Refusal BadTarget(std::string_view target, std::string_view why) {
  return BadRequest("target " + bindings::Quote(target) + ": " + std::string(why));
}

bool IsIdentifierText(std::string_view text) {
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || c == '/') return false;
  }
  return !text.empty();
}

// UTF-8 without control characters.
bool IsText(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  struct Discard {
    void Put(char) {}
  } discard;
  rapidjson::MemoryStream stream(text.data(), text.size());
  while (stream.Tell() < text.size()) {
    if (!rapidjson::UTF8<>::Validate(stream, discard)) return false;
  }
  return true;
}

// The segments of a To of any form, without what marks the form.
Checked<std::vector<std::string>> SplitTo(std::string_view to) {
  std::vector<std::string> segments;
  for (;;) {
    const std::size_t slash = to.find('/');
    segments.emplace_back(to.substr(0, slash));
    if (!IsIdentifierText(segments.back())) {
      return BadRequest("To has an empty segment or an octet that no identifier has");
    }
    if (slash == std::string_view::npos) return segments;
    to.remove_prefix(slash + 1);
  }
}

Checked<std::string> ToFromSegments(std::string_view text, const urls::url_view& url) {
  std::vector<std::string> segments;
  for (const auto encoded : url.encoded_segments()) {
    segments.push_back(encoded.decode());
    if (!IsIdentifierText(segments.back())) {
      return BadTarget(text, "a segment is empty or has an octet that no identifier has");
    }
  }
  std::string to;
  std::size_t first = 0;
  std::size_t least = 1;
  if (!segments.empty() && segments[0] == "~") {
    to = "/";
    first = 1;
    least = 2;
  } else if (!segments.empty() && segments[0] == "_") {
    to = "//";
    first = 1;
    least = 3;
  }
  if (segments.size() < least) return BadTarget(text, "it names no resource");
  for (std::size_t i = first; i < segments.size(); ++i) {
    if (i != first) to += '/';
    to += segments[i];
  }
  return to;
}

// The absolute form (RFC 9112 3.2.2) without scheme and authority; the text itself where it isn't
// one. Boost.URL 1.81's own parser of absolute URIs asserts on "http:<", so it isn't asked.
std::string_view OriginForm(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    const std::string_view start = text.substr(0, scheme.size());
    if (!boost::beast::iequals({start.data(), start.size()}, {scheme.data(), scheme.size()})) {
      continue;
    }
    const std::string_view rest = text.substr(scheme.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    const auto authority = urls::parse_authority({name.data(), name.size()});
    if (!authority || authority->has_userinfo() || authority->host().empty()) return {};
    return rest.substr(name.size());
  }
  return text;
}

}  // namespace

Checked<Target> ParseTarget(std::string_view text) {
  if (text.size() > kMaxTarget) return BadRequest("the target is too long");
  const std::string_view origin_form = OriginForm(text);
  const auto parsed = urls::parse_origin_form({origin_form.data(), origin_form.size()});
  if (!parsed) return BadTarget(text, "not a path, nor an http URI");
  Target target;
  Checked<std::string> to = ToFromSegments(text, *parsed);
  if (!to) return to.error();
  target.to = std::move(*to);

  urls::encoding_opts options;
  options.space_as_plus = true;
  for (const auto& parameter : parsed->encoded_params()) {
    if (target.query.size() == kMaxQueryParameters) return BadTarget(text, "too many parameters");
    target.query.emplace_back(parameter.key.decode(options), parameter.value.decode(options));
    const auto& [name, value] = target.query.back();
    if (name.empty() || !IsText(name) || !IsText(value)) {
      return BadTarget(text, "a parameter has no name or isn't text");
    }
  }
  return target;
}

Checked<std::string> WriteTarget(const Target& target) {
  std::string_view to = target.to;
  std::string text;
  const bool absolute = to.starts_with("//");
  const bool sp_relative = !absolute && to.starts_with("/");
  if (absolute) {
    to.remove_prefix(2);
    text = "/_";
  } else if (sp_relative) {
    to.remove_prefix(1);
    text = "/~";
  }
  const Checked<std::vector<std::string>> segments = SplitTo(to);
  if (!segments) return segments.error();
  const std::string& first = segments->front();
  if (text.empty() && (first == "~" || first == "_")) {
    return BadRequest("To would read as another form");
  }
  if (absolute && segments->size() < 2) return BadRequest("an absolute To names an entity");
  for (const std::string& segment : *segments) {
    text += '/' + urls::encode(segment, urls::pchars);
  }
  char separator = '?';
  for (const auto& [name, value] : target.query) {
    if (name.empty() || !IsText(name) || !IsText(value)) {
      return BadRequest("a parameter has no name or isn't text");
    }
    text += separator + urls::encode(name, urls::unreserved_chars) + '=' +
            urls::encode(value, urls::unreserved_chars);
    separator = '&';
  }
  if (text.size() > kMaxTarget || target.query.size() > kMaxQueryParameters) {
    return BadRequest("the target is too long");
  }
  return text;
}

}  // namespace saef::http
