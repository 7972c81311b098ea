// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/media_type.h"

#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <charconv>

#include "bindings/log.h"

namespace saef::http {
namespace {

using onem2m::ContentFormat;

struct Row {
  std::string_view type;
  ContentFormat format;
};

// The first row of a format is the one that is written.
constexpr std::array kTypes = {
    Row{"application/json", ContentFormat::kJson},
    Row{"application/vnd.onem2m-ntfy+json", ContentFormat::kJson},
    Row{"application/vnd.onem2m-preq+json", ContentFormat::kJson},
    Row{"application/vnd.onem2m-prsp+json", ContentFormat::kJson},
    Row{"application/vnd.onem2m-res+json", ContentFormat::kResponseJson},
    Row{"application/cbor", ContentFormat::kCbor},
    Row{"application/vnd.onem2m-res+cbor", ContentFormat::kCbor},
    Row{"application/octet-stream", ContentFormat::kOther},
};

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool SameWithoutCase(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool LooksLikeMediaType(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == text.size()) return false;
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || c == ',') return false;
  }
  return text.find('/', slash + 1) == std::string_view::npos;
}

std::optional<int> ParseResourceType(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.front() == '0') return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

}  // namespace

Checked<MediaType> ParseMediaType(std::string_view text) {
  const std::size_t semicolon = text.find(';');
  const std::string_view type = Trim(text.substr(0, semicolon));
  if (!LooksLikeMediaType(type)) {
    return BadRequest("Content-Type " + bindings::Quote(text) + " is not a media type");
  }
  MediaType result;
  result.format = ContentFormat::kOther;
  for (const Row& row : kTypes) {
    if (SameWithoutCase(type, row.type)) result.format = row.format;
  }
  if (semicolon == std::string_view::npos) return result;

  // Beast's list ends silently at what it can't read; a parameter of our own at the end tells.
  const std::string parameters = std::string(text.substr(semicolon)) + ";end-of-list=1";
  bool complete = false;
  for (const auto& [name, value] : boost::beast::http::param_list(parameters)) {
    complete = name == "end-of-list" && value == "1";
    if (!boost::beast::iequals(name, "ty")) continue;
    const std::optional<int> number = ParseResourceType({value.data(), value.size()});
    if (!number || result.resource_type) {
      return BadRequest("Content-Type " + bindings::Quote(text) +
                        " must have one ty, a number from 1 to 99999");
    }
    result.resource_type = number;
  }
  if (!complete) {
    return BadRequest("Content-Type " + bindings::Quote(text) + " has malformed parameters");
  }
  return result;
}

std::string WriteMediaType(ContentFormat format, std::optional<int> resource_type) {
  std::string text;
  for (const Row& row : kTypes) {
    if (row.format != format) continue;
    text = row.type;
    break;
  }
  if (resource_type) text += ";ty=" + std::to_string(*resource_type);
  return text;
}

bool AcceptsJson(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t comma = accept.find(',');
    const std::string_view range = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? std::string_view{} : accept.substr(comma + 1);
    const std::string_view type = Trim(range.substr(0, range.find(';')));
    for (const std::string_view good :
         {"*/*", "application/*", "application/json", "application/vnd.onem2m-res+json"}) {
      if (SameWithoutCase(type, good)) return true;
    }
  }
  return false;
}

}  // namespace saef::http
