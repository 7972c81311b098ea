// SPDX-License-Identifier: GPL-3.0-or-later
//
// The members `threads` and `limits` of maf.json and mef.json (docs/configuration.md): with how
// many threads a party serves, and for how many sessions and handshakes it has room.
#ifndef SAEF_BINDINGS_SERVER_LIMITS_H_
#define SAEF_BINDINGS_SERVER_LIMITS_H_

#include <rapidjson/document.h>

#include <cstddef>

#include "bindings/server.h"

namespace saef::bindings {

// Of each binding's server; what 0 means, ServerOptions says.
struct ServerLimits {
  std::size_t threads = 0;
  std::size_t max_sessions = 20000;
  std::size_t max_sessions_per_source = 0;
  std::size_t max_handshakes = 0;
  std::size_t max_handshakes_per_source = 0;

  void SetIn(ServerOptions& options) const {
    options.threads = threads;
    options.max_sessions = max_sessions;
    options.max_sessions_per_source = max_sessions_per_source;
    options.max_handshakes = max_handshakes;
    options.max_handshakes_per_source = max_handshakes_per_source;
  }
};

// For the "properties" of a schema: two members with their names, without a comma at the end.
// clang-format off
#define SAEF_SERVER_LIMITS_SCHEMA \
  R"json("threads": {)json" \
  R"json(  "description": "0 to 64 threads of each binding; 0, the default, is one for each processor",)json" \
  R"json(  "type": "integer", "minimum": 0, "maximum": 64},)json" \
  R"json("limits": {)json" \
  R"json(  "description": "an object of bounds, such as {\"maxSessions\": 20000}",)json" \
  R"json(  "type": "object", "additionalProperties": false,)json" \
  R"json(  "properties": {)json" \
  R"json(    "maxSessions": {"description": "1 to 1000000 sessions of each binding",)json" \
  R"json(      "type": "integer", "minimum": 1, "maximum": 1000000},)json" \
  R"json(    "maxSessionsPerSource": {"description": "1 to 1000000 of them from one IPv4 address or IPv6 prefix of 64 bits",)json" \
  R"json(      "type": "integer", "minimum": 1, "maximum": 1000000},)json" \
  R"json(    "maxHandshakes": {"description": "1 to 1000000 handshakes under way of each binding",)json" \
  R"json(      "type": "integer", "minimum": 1, "maximum": 1000000},)json" \
  R"json(    "maxHandshakesPerSource": {"description": "1 to 1000000 of them from one IPv4 address or IPv6 prefix of 64 bits",)json" \
  R"json(      "type": "integer", "minimum": 1, "maximum": 1000000})json" \
  R"json(  })json" \
  R"json(})json"
// clang-format on

// Of a document that the schema has checked.
inline ServerLimits TakeServerLimits(const rapidjson::Value& document) {
  ServerLimits read;
  const auto take = [](const rapidjson::Value& object, const char* name, std::size_t& value) {
    const auto member = object.FindMember(name);
    if (member != object.MemberEnd()) value = member->value.GetUint();
  };
  take(document, "threads", read.threads);
  const auto limits = document.FindMember("limits");
  if (limits == document.MemberEnd()) return read;
  take(limits->value, "maxSessions", read.max_sessions);
  take(limits->value, "maxSessionsPerSource", read.max_sessions_per_source);
  take(limits->value, "maxHandshakes", read.max_handshakes);
  take(limits->value, "maxHandshakesPerSource", read.max_handshakes_per_source);
  return read;
}

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_SERVER_LIMITS_H_
