// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>

#include "onem2m/secret.h"

namespace saef::onem2m {
namespace {

using rapidjson::SizeType;
using rapidjson::Value;

// Iterative: hostile nesting costs heap, not stack.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

// Stands between the reader and the document and ends the parse at the depth bound.
class DepthLimit {
 public:
  explicit DepthLimit(rapidjson::Document& next) : next_(next) {}
  bool too_deep() const noexcept { return depth_ > kMaxJsonDepth; }

  bool Null() { return next_.Null(); }
  bool Bool(bool value) { return next_.Bool(value); }
  bool Int(int value) { return next_.Int(value); }
  bool Uint(unsigned value) { return next_.Uint(value); }
  bool Int64(std::int64_t value) { return next_.Int64(value); }
  bool Uint64(std::uint64_t value) { return next_.Uint64(value); }
  bool Double(double value) { return next_.Double(value); }
  bool RawNumber(const char* text, SizeType length, bool copy) {
    return next_.RawNumber(text, length, copy);
  }
  bool String(const char* text, SizeType length, bool copy) {
    return next_.String(text, length, copy);
  }
  bool Key(const char* text, SizeType length, bool copy) { return next_.Key(text, length, copy); }
  bool StartObject() { return ++depth_ <= kMaxJsonDepth && next_.StartObject(); }
  bool StartArray() { return ++depth_ <= kMaxJsonDepth && next_.StartArray(); }
  bool EndObject(SizeType count) {
    --depth_;
    return next_.EndObject(count);
  }
  bool EndArray(SizeType count) {
    --depth_;
    return next_.EndArray(count);
  }

 private:
  rapidjson::Document& next_;
  std::size_t depth_ = 0;
};

std::string_view View(const Value& string) noexcept {
  return {string.GetString(), string.GetStringLength()};
}

// The reader lets "\uDC00" without its other half pass; as UTF-8 that is 0xED 0xA0…0xBF.
bool HasLoneSurrogate(std::string_view text) noexcept {
  for (std::size_t i = text.find('\xED'); i != text.npos; i = text.find('\xED', i + 1)) {
    if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return true;
  }
  return false;
}

bool HasDuplicate(const Value& object) {
  std::vector<std::string_view> names;
  names.reserve(object.MemberCount());
  for (const auto& member : object.GetObject()) names.push_back(View(member.name));
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

// What is wrong with a document that RapidJSON takes; null: nothing. Recursion is bounded by
// kMaxJsonDepth.
const char* FindFault(const Value& value) {
  constexpr const char* kSurrogate = "Half a surrogate pair in a string.";
  if (value.IsString()) return HasLoneSurrogate(View(value)) ? kSurrogate : nullptr;
  // Without full precision the reader lets some numbers overflow, and the writer can't write those.
  if (value.IsDouble() && !std::isfinite(value.GetDouble())) return "A number is too large.";
  if (value.IsArray()) {
    for (const Value& element : value.GetArray()) {
      if (const char* fault = FindFault(element)) return fault;
    }
  }
  if (!value.IsObject()) return nullptr;
  if (HasDuplicate(value)) return "An object has two members of the same name.";
  for (const auto& member : value.GetObject()) {
    if (HasLoneSurrogate(View(member.name))) return kSurrogate;
    if (const char* fault = FindFault(member.value)) return fault;
  }
  return nullptr;
}

void SetFault(JsonFault* fault, const char* what, std::string_view text, std::size_t offset) {
  if (fault == nullptr) return;
  const std::string_view before = text.substr(0, offset);
  fault->text = what;
  fault->line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t line_end = before.rfind('\n');
  fault->column = before.size() - (line_end == before.npos ? 0 : line_end + 1) + 1;
}

// `text` is what faults are counted in; `stream` yields the same octets.
template <unsigned kParseFlags, typename Stream>
Result<rapidjson::Document> Read(std::string_view text, Stream& stream, JsonFault* fault) {
  rapidjson::Document document;
  rapidjson::Reader reader;
  bool too_deep = false;
  const auto generate = [&](rapidjson::Document& into) {
    DepthLimit limit(into);
    const bool good = !reader.Parse<kParseFlags>(stream, limit).IsError();
    too_deep = limit.too_deep();
    return good;
  };
  document.Populate(generate);
  if (reader.HasParseError()) {
    const char* const what = too_deep ? "Nested more deeply than 32 levels."
                                      : rapidjson::GetParseError_En(reader.GetParseErrorCode());
    SetFault(fault, what, text, reader.GetErrorOffset());
    return Error::kBadJson;
  }
  if (const char* what = FindFault(document)) {
    if (fault != nullptr) *fault = {what, 0, 0};
    return Error::kBadJson;
  }
  return document;
}

// RapidJSON's streams end at NUL, so that what follows one would go unread.
Result<void> CheckText(std::string_view text, std::size_t max_length, JsonFault* fault) {
  if (text.size() > max_length) {
    if (fault != nullptr) *fault = {"Longer than " + std::to_string(max_length) + " octets.", 0, 0};
    return Error::kTooLong;
  }
  if (const std::size_t nul = text.find('\0'); nul != text.npos) {
    SetFault(fault, "A NUL.", text, nul);
    return Error::kBadJson;
  }
  return {};
}

template <typename Writer>
std::string WriteWith(const Value& value) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

Result<rapidjson::Document> ParseJson(std::string_view text, std::size_t max_length,
                                      JsonFault* fault) {
  if (const auto good = CheckText(text, max_length, fault); !good) return good.error();
  rapidjson::MemoryStream stream(text.data(), text.size());
  return Read<kFlags>(text, stream, fault);
}

Result<SensitiveJson> SensitiveJson::Parse(std::string_view text, std::size_t max_length) {
  if (const auto good = CheckText(text, max_length, nullptr); !good) return good.error();
  SensitiveJson json;
  // One NUL ends the stream. The check of a UTF-8 sequence that the text breaks off takes the rest
  // of the sequence without a look at the end, NUL and two octets more.
  constexpr std::size_t kPadding = 4;
  json.buffer_.assign(text.size() + kPadding, '\0');
  std::ranges::copy(text, json.buffer_.begin());
  rapidjson::InsituStringStream stream(json.buffer_.data());
  auto document = Read<kFlags | rapidjson::kParseInsituFlag>(text, stream, nullptr);
  if (!document) return document.error();
  json.document_ = std::move(*document);
  return json;
}

SensitiveJson::~SensitiveJson() {
  Wipe({reinterpret_cast<std::uint8_t*>(buffer_.data()), buffer_.size()});
}

std::string WriteJson(const Value& value) {
  return WriteWith<rapidjson::Writer<rapidjson::StringBuffer>>(value);
}

std::string WritePrettyJson(const Value& value) {
  return WriteWith<rapidjson::PrettyWriter<rapidjson::StringBuffer>>(value);
}

const Value* FindMember(const Value& object, std::string_view member) {
  if (!object.IsObject()) return nullptr;
  for (const auto& candidate : object.GetObject()) {
    if (View(candidate.name) == member) return &candidate.value;
  }
  return nullptr;
}

namespace {

Result<const Value*> Member(const Value& object, std::string_view member) {
  if (!object.IsObject()) return Error::kWrongType;
  const Value* const value = FindMember(object, member);
  if (value == nullptr) return Error::kMissingMember;
  return value;
}

bool IsAbsent(const Value& object, std::string_view member) {
  const Value* const value = FindMember(object, member);
  return object.IsObject() && (value == nullptr || value->IsNull());
}

}  // namespace

Result<std::string> GetString(const Value& object, std::string_view member) {
  const auto value = Member(object, member);
  if (!value) return value.error();
  if (!(*value)->IsString()) return Error::kWrongType;
  return std::string(View(**value));
}

Result<std::int64_t> GetInteger(const Value& object, std::string_view member) {
  const auto value = Member(object, member);
  if (!value) return value.error();
  if ((*value)->IsInt64()) return (*value)->GetInt64();
  return (*value)->IsUint64() ? Error::kOutOfRange : Error::kWrongType;
}

Result<bool> GetBool(const Value& object, std::string_view member) {
  const auto value = Member(object, member);
  // An error_code converts to bool, which leaves result<bool> undecided; hence the tag.
  if (!value) return {boost::system::in_place_error, value.error()};
  if (!(*value)->IsBool()) return Error::kWrongType;
  return (*value)->GetBool();
}

Result<std::optional<std::string>> GetOptionalString(const Value& object, std::string_view member) {
  if (IsAbsent(object, member)) return std::optional<std::string>();
  auto value = GetString(object, member);
  if (!value) return value.error();
  return std::optional<std::string>(std::move(*value));
}

Result<std::optional<std::int64_t>> GetOptionalInteger(const Value& object,
                                                       std::string_view member) {
  if (IsAbsent(object, member)) return std::optional<std::int64_t>();
  const auto value = GetInteger(object, member);
  if (!value) return value.error();
  return std::optional<std::int64_t>(*value);
}

}  // namespace saef::onem2m
