// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON from outside, read with RapidJSON under bounds: length, depth (without recursion), valid
// UTF-8, no duplicate members, nothing after the document. And small typed accessors whose errors
// say which member.
#ifndef SAEF_ONEM2M_JSON_H_
#define SAEF_ONEM2M_JSON_H_

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

inline constexpr std::size_t kMaxJsonLength = 1 << 20;
inline constexpr std::size_t kMaxJsonDepth = 32;

Result<rapidjson::Document> ParseJson(std::string_view text,
                                      std::size_t max_length = kMaxJsonLength);
std::string WriteJson(const rapidjson::Value& value);
std::string WritePrettyJson(const rapidjson::Value& value);

// A member of an object: kMissingMember, kWrongType. The optional forms answer nullopt where it is
// missing or null.
Result<std::string> GetString(const rapidjson::Value& object, std::string_view member);
Result<std::int64_t> GetInteger(const rapidjson::Value& object, std::string_view member);
Result<bool> GetBool(const rapidjson::Value& object, std::string_view member);
Result<std::optional<std::string>> GetOptionalString(const rapidjson::Value& object,
                                                     std::string_view member);
Result<std::optional<std::int64_t>> GetOptionalInteger(const rapidjson::Value& object,
                                                       std::string_view member);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_JSON_H_
