// SPDX-License-Identifier: GPL-3.0-or-later
//
// The member `statistics` of cse.json, maf.json and mef.json (docs/configuration.md): where the
// numbers are told, on loopback only. Without it they aren't.
#ifndef SAEF_ROLES_STATISTICS_CONFIGURATION_H_
#define SAEF_ROLES_STATISTICS_CONFIGURATION_H_

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>

namespace saef::statistics {

struct EndpointOptions {
  std::string address = "127.0.0.1";  // or "::1"
  std::uint16_t port = 0;             // 0: any free one
};

// For the "properties" of a schema: a member with its name, without a comma.
// clang-format off
#define SAEF_STATISTICS_SCHEMA \
  R"json("statistics": {)json" \
  R"json(  "description": "{\"port\": 9464}, and \"address\" where it isn't 127.0.0.1: where this program tells what it counts",)json" \
  R"json(  "type": "object", "required": ["port"], "additionalProperties": false,)json" \
  R"json(  "properties": {)json" \
  R"json(    "port": {"description": "0 to 65535; 0 is any free one",)json" \
  R"json(      "type": "integer", "minimum": 0, "maximum": 65535},)json" \
  R"json(    "address": {"description": "127.0.0.1 or ::1: loopback only",)json" \
  R"json(      "enum": ["127.0.0.1", "::1"]})json" \
  R"json(  })json" \
  R"json(})json"
// clang-format on

// Of a document that the schema has checked.
inline std::optional<EndpointOptions> TakeStatistics(const rapidjson::Value& document) {
  const auto member = document.FindMember("statistics");
  if (member == document.MemberEnd()) return std::nullopt;
  EndpointOptions options;
  options.port = static_cast<std::uint16_t>(member->value["port"].GetInt());
  if (member->value.HasMember("address")) options.address = member->value["address"].GetString();
  return options;
}

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_CONFIGURATION_H_
