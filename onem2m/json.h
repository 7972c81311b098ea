// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON from outside, read with RapidJSON under bounds: length, depth (without recursion), valid
// UTF-8, no duplicate members in any object, no NUL and nothing else after the document. And small
// typed accessors that look before they take, so that no document can violate RapidJSON's
// preconditions.
//
// A string may hold "\u0000": its length counts, and the parsers of this folder refuse it.
#ifndef SAEF_ONEM2M_JSON_H_
#define SAEF_ONEM2M_JSON_H_

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/error.h"

namespace saef::onem2m {

inline constexpr std::size_t kMaxJsonLength = 1 << 20;
inline constexpr std::size_t kMaxJsonDepth = 32;

// Why a text isn't JSON, and where: for a person who wrote it.
struct JsonFault {
  std::string text;        // "Missing a comma or } after an object member."
  std::size_t line = 0;    // from 1; 0 where the fault has no single place
  std::size_t column = 0;  // in octets, from 1
};

// kTooLong above `max_length` octets, else kBadJson for whatever is wrong; `fault`, where it isn't
// null, then says what.
Result<rapidjson::Document> ParseJson(std::string_view text,
                                      std::size_t max_length = kMaxJsonLength,
                                      JsonFault* fault = nullptr);

// A document whose text holds a key. Its strings lie in one buffer of its own, which is wiped when
// it goes; the caller wipes what it gave.
class SensitiveJson {
 public:
  static Result<SensitiveJson> Parse(std::string_view text,
                                     std::size_t max_length = kMaxJsonLength);
  SensitiveJson(SensitiveJson&&) noexcept = default;
  SensitiveJson& operator=(SensitiveJson&&) = delete;
  ~SensitiveJson();
  const rapidjson::Value& root() const noexcept { return document_; }

 private:
  SensitiveJson() = default;
  std::vector<char> buffer_;  // moves without copying, so that the document's strings stay put
  rapidjson::Document document_;
};

// Without and with white space. Strings are written as they are: who puts bytes from outside into a
// value has checked that they are UTF-8.
std::string WriteJson(const rapidjson::Value& value);
std::string WritePrettyJson(const rapidjson::Value& value);

// The member, or null where there is none or `object` is no object. Lives as long as `object`.
const rapidjson::Value* FindMember(const rapidjson::Value& object, std::string_view member);

// A member of an object: kMissingMember; kWrongType (also where `object` is no object); kOutOfRange
// for an integer that 64 bits with a sign don't hold. A number with a fraction or an exponent isn't
// an integer. The optional forms answer nullopt where the member is missing or null.
Result<std::string> GetString(const rapidjson::Value& object, std::string_view member);
Result<std::int64_t> GetInteger(const rapidjson::Value& object, std::string_view member);
Result<bool> GetBool(const rapidjson::Value& object, std::string_view member);
Result<std::optional<std::string>> GetOptionalString(const rapidjson::Value& object,
                                                     std::string_view member);
Result<std::optional<std::int64_t>> GetOptionalInteger(const rapidjson::Value& object,
                                                       std::string_view member);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_JSON_H_
