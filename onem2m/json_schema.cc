// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/json_schema.h"

#include <rapidjson/internal/regex.h>
#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "onem2m/json.h"

namespace saef::onem2m {
namespace {

using rapidjson::Document;
using rapidjson::Pointer;
using rapidjson::Value;

std::string_view TextOf(const Value& string) noexcept {
  return {string.GetString(), string.GetStringLength()};
}

std::string ToText(const Pointer& pointer) {
  rapidjson::StringBuffer buffer;
  pointer.Stringify(buffer);
  return buffer.GetSize() == 0 ? std::string("the document")
                               : std::string(buffer.GetString(), buffer.GetSize());
}

// A place in a document, as a JSON pointer.
std::string Below(const std::string& path, std::string_view name) {
  return path + "/" + std::string(name);
}

// The path of the first string or name that holds NUL. Recursion is bounded by kMaxJsonDepth.
std::optional<std::string> FindNul(const Value& value, const std::string& path) {
  if (value.IsString() && TextOf(value).find('\0') != std::string_view::npos) return path;
  if (value.IsArray()) {
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      if (auto found = FindNul(value[i], Below(path, std::to_string(i)))) return found;
    }
  }
  if (!value.IsObject()) return std::nullopt;
  for (const auto& member : value.GetObject()) {
    if (TextOf(member.name).find('\0') != std::string_view::npos) return path;
    if (auto found = FindNul(member.value, Below(path, TextOf(member.name)))) return found;
  }
  return std::nullopt;
}

// RapidJSON's compiler asserts on some bad patterns and calls others invalid; our RAPIDJSON_ASSERT
// throws.
bool IsPattern(const char* text) {
  try {
    return rapidjson::internal::Regex(text).IsValid();
  } catch (const std::logic_error&) {
    return false;
  }
}

// The first pattern of a schema that RapidJSON can't compile, and would therefore not check.
std::optional<std::string> FindBadPattern(const Value& schema) {
  if (schema.IsArray()) {
    for (const Value& element : schema.GetArray()) {
      if (auto found = FindBadPattern(element)) return found;
    }
  }
  if (!schema.IsObject()) return std::nullopt;
  for (const auto& member : schema.GetObject()) {
    if (TextOf(member.name) == "pattern" && member.value.IsString() &&
        !IsPattern(member.value.GetString())) {
      return std::string(TextOf(member.value));
    }
    if (auto found = FindBadPattern(member.value)) return found;
  }
  return std::nullopt;
}

std::string Join(std::string list, std::string_view next) {
  return list.empty() ? std::string(next) : std::move(list) + ", " + std::string(next);
}

std::string ListElements(const Value& array) {
  std::string list;
  if (array.IsString()) return std::string(TextOf(array));
  if (!array.IsArray()) return WriteJson(array);
  for (const Value& element : array.GetArray()) {
    list = Join(std::move(list), element.IsString() ? TextOf(element) : WriteJson(element));
  }
  return list;
}

std::string ListNames(const Value* object) {
  std::string list;
  if (object == nullptr || !object->IsObject()) return list;
  for (const auto& member : object->GetObject()) list = Join(std::move(list), TextOf(member.name));
  return list;
}

std::string ListMissing(const Value& required, const Value* object) {
  std::string list;
  if (!required.IsArray() || object == nullptr || !object->IsObject()) return list;
  for (const Value& name : required.GetArray()) {
    if (name.IsString() && FindMember(*object, TextOf(name)) == nullptr) {
      list = Join(std::move(list), TextOf(name));
    }
  }
  return list;
}

std::string_view TypeOf(const Value& value) noexcept {
  if (value.IsNull()) return "null";
  if (value.IsBool()) return "a boolean";
  if (value.IsNumber()) return "a number";
  if (value.IsString()) return "a string";
  return value.IsArray() ? "an array" : "an object";
}

std::string Bound(const Value& schema, std::string_view keyword, std::string_view exclusive,
                  std::string_view at, std::string_view beyond) {
  const Value* const bound = FindMember(schema, keyword);
  const Value* const strict = FindMember(schema, exclusive);
  const bool is_strict = strict != nullptr && strict->IsTrue();
  return "must be " + std::string(is_strict ? beyond : at) + " " +
         (bound == nullptr ? std::string("the bound") : WriteJson(*bound));
}

// What violating `keyword` of `schema` means, for a person. `value` is where it happened; null
// where the path leads to nothing.
std::string Explain(std::string_view keyword, const Value& schema, const Value* value) {
  const Value* const member = FindMember(schema, keyword);
  const std::string operand = member == nullptr ? std::string() : ListElements(*member);
  if (keyword == "type") {
    return "must be of type " + operand +
           (value == nullptr ? "" : ", is " + std::string(TypeOf(*value)));
  }
  if (keyword == "required" && member != nullptr) return "lacks " + ListMissing(*member, value);
  if (keyword == "additionalProperties") {
    return "is not a known member; known are " + ListNames(FindMember(schema, "properties"));
  }
  if (keyword == "enum") return "must be one of " + operand;
  if (keyword == "pattern") return "must match " + operand;
  if (keyword == "minimum") {
    return Bound(schema, "minimum", "exclusiveMinimum", "at least", "above");
  }
  if (keyword == "maximum") {
    return Bound(schema, "maximum", "exclusiveMaximum", "at most", "below");
  }
  if (keyword == "multipleOf") return "must be a multiple of " + operand;
  if (keyword == "minLength") return "must have at least " + operand + " characters";
  if (keyword == "maxLength") return "must have at most " + operand + " characters";
  if (keyword == "minItems") return "must have at least " + operand + " elements";
  if (keyword == "maxItems") return "must have at most " + operand + " elements";
  if (keyword == "minProperties") return "must have at least " + operand + " members";
  if (keyword == "maxProperties") return "must have at most " + operand + " members";
  if (keyword == "uniqueItems") return "repeats an earlier element";
  if (keyword == "additionalItems") return "has more elements than allowed";
  return "does not fit the schema's \"" + std::string(keyword) + "\"";
}

std::string DescribeFault(const rapidjson::SchemaValidator& validator, const Document& schema,
                          const Document& document) {
  const Pointer where = validator.GetInvalidDocumentPointer();
  const Value* const value = where.Get(document);
  const Value* const part = validator.GetInvalidSchemaPointer().Get(schema);
  const char* const keyword = validator.GetInvalidSchemaKeyword();
  std::string sentence = ToText(where) + ": ";
  if (part == nullptr || keyword == nullptr) return sentence + "does not fit the schema";
  sentence += Explain(keyword, *part, value);
  const Value* const description = FindMember(*part, "description");
  if (description != nullptr && description->IsString()) {
    sentence += "; " + std::string(TextOf(*description));
  }
  return sentence;
}

std::string DescribeFault(const JsonFault& fault) {
  if (fault.line == 0) return fault.text;
  return "line " + std::to_string(fault.line) + ", column " + std::to_string(fault.column) + ": " +
         fault.text;
}

std::variant<Document, std::string> Check(std::string_view text, std::string_view schema) {
  JsonFault fault;
  const auto rules = ParseJson(schema, kMaxJsonLength, &fault);
  if (!rules) return "the schema isn't JSON: " + DescribeFault(fault);
  if (const auto pattern = FindBadPattern(*rules)) {
    return "the schema has a pattern that can't be checked: " + *pattern;
  }
  auto document = ParseJson(text, kMaxJsonLength, &fault);
  if (!document) return DescribeFault(fault);
  if (const auto path = FindNul(*document, "")) {
    return (path->empty() ? "the document" : *path) + ": has a NUL character";
  }
  const rapidjson::SchemaDocument compiled(*rules);
  rapidjson::SchemaValidator validator(compiled);
  if (!document->Accept(validator)) return DescribeFault(validator, *rules, *document);
  return std::move(*document);
}

}  // namespace

std::variant<Document, std::string> CheckAgainstSchema(std::string_view text,
                                                       std::string_view schema) {
  try {
    return Check(text, schema);
  } catch (const std::logic_error& error) {
    return std::string("the schema can't be used: ") + error.what();
  }
}

}  // namespace saef::onem2m
