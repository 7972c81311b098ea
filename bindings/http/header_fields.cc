// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/header_fields.h"

#include "bindings/log.h"

namespace saef::http {

bool IsFieldValue(std::string_view text, std::size_t limit) {
  if (text.empty() || text.size() > limit || text.front() == ' ' || text.back() == ' ') {
    return false;
  }
  for (const char c : text) {
    if (c < 0x20 || c >= 0x7f) return false;
  }
  return true;
}

Checked<std::optional<std::string>> ReadField(const boost::beast::http::fields& fields,
                                              const char* name, std::size_t limit) {
  const auto [first, last] = fields.equal_range(name);
  if (first == last) return std::optional<std::string>{};
  if (std::next(first) != last) return BadRequest(std::string(name) + " is there more than once");
  const std::string_view value{first->value().data(), first->value().size()};
  if (!IsFieldValue(value, limit)) {
    return BadRequest(std::string(name) + " " + bindings::Quote(value) +
                      " is empty, too long or not printable ASCII");
  }
  return std::optional<std::string>{value};
}

bool WriteField(boost::beast::http::fields& fields, const char* name,
                const std::optional<std::string>& value, std::size_t limit) {
  if (!value) return true;
  if (!IsFieldValue(*value, limit)) return false;
  fields.set(name, *value);
  return true;
}

}  // namespace saef::http
