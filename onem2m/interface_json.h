// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the JSON of the MAF's and the MEF's interfaces (maf_interface.h, mef_interface.h) is read
// and written with: members that both have, and a writer that leaves no copy of a key behind. Pure;
// the errors are those that the two headers list.
#ifndef SAEF_ONEM2M_INTERFACE_JSON_H_
#define SAEF_ONEM2M_INTERFACE_JSON_H_

#include <rapidjson/document.h>
#include <rapidjson/writer.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"
#include "onem2m/secret.h"
#include "onem2m/timestamp.h"

namespace saef::onem2m::interface_json {

// ---- Reading ----

// An Absolute CSE-ID or AE-ID in canonical form. Which kind of entity it is, "//fqdn/Sx" doesn't
// say; the second form is told.
Result<std::string> CanonicalEntity(std::string_view text);
Result<std::string> CanonicalEntity(std::string_view text, EntityKind kind);

// "AE" or "CSE"; kOutOfRange for anything else.
Result<EntityKind> ToEntityKind(std::string_view text);
std::string_view Name(EntityKind kind) noexcept;

// base64 of `min` to `max` octets. The text stays in the document, which wipes it.
Result<Secret> ReadKey(const rapidjson::Value& object, std::string_view member, std::size_t min,
                       std::size_t max);
Result<Time> ReadTime(const rapidjson::Value& object, std::string_view member);
Result<std::optional<Time>> ReadOptionalTime(const rapidjson::Value& object,
                                             std::string_view member);
// Seconds, 1 to `most`.
Result<std::chrono::seconds> ReadLifetime(const rapidjson::Value& object, std::string_view member,
                                          std::chrono::seconds most);
// TS-0003 12.2 sec:relKeyID.
Result<std::string> ReadRelativeKeyId(const rapidjson::Value& object, std::string_view member);

// ---- Writing ----

// RapidJSON's output, straight into a string whose room is there from the start: a string that
// grows leaves copies of a key behind.
class Output {
 public:
  using Ch = char;
  explicit Output(std::size_t room) : text_(room, '\0') {}
  void Put(char c) {
    if (used_ == text_.size()) Grow(1);
    text_[used_++] = c;
  }
  void Append(std::string_view text) {
    text.copy(Room(text.size()), text.size());
    used_ += text.size();
  }
  void Quote(std::string_view text) {
    char* const room = Room(text.size() + 2);
    room[0] = '"';
    text.copy(room + 1, text.size());
    room[text.size() + 1] = '"';
    used_ += text.size() + 2;
  }
  // As base64.
  void Append(const Secret& key) {
    const std::size_t size = key.Base64Size();
    if (key.WriteBase64({Room(size), size})) used_ += size;
  }
  void Flush() {}
  std::string Take() {
    text_.resize(used_);
    return std::move(text_);
  }

 private:
  char* Room(std::size_t size) {
    if (text_.size() - used_ < size) Grow(size);
    return text_.data() + used_;
  }
  void Grow(std::size_t by) { text_.resize(2 * used_ + by); }

  std::string text_;
  std::size_t used_ = 0;
};

// Printable ASCII but for the two characters that JSON escapes.
inline constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = ' '; c < '\x7f'; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();
inline bool IsPlain(std::string_view text) noexcept {
  bool plain = true;
  for (const char c : text) plain &= kPlain[static_cast<unsigned char>(c)];
  return plain;
}

// Room for all members of fixed size. Strings of any size come on top, six octets for each of
// theirs at worst ("\u0000").
inline constexpr std::size_t kFixedRoom = 1024;
// Room for one string.
inline std::size_t RoomOf(std::string_view text) noexcept {
  return IsPlain(text) ? text.size() : 6 * text.size();
}

// RapidJSON looks at each octet of a text and puts it alone, which most don't need.
class Writer : public rapidjson::Writer<Output> {
 public:
  using rapidjson::Writer<Output>::Writer;

  void Text(std::string_view text) {
    if (IsPlain(text)) return Plain(text);
    String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  // What is known to have nothing to escape: the names of members, digits.
  void Plain(std::string_view text) {
    Prefix(rapidjson::kStringType);
    os_->Quote(text);
  }
  void Base64(const Secret& key) {
    Prefix(rapidjson::kStringType);
    os_->Put('"');
    os_->Append(key);
    os_->Put('"');
  }
};

// One object, and what it holds, from its first member to its last. Names are of plain characters.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::size_t room) : output_(room), writer_(output_) {
    writer_.StartObject();
  }
  std::string Take() {
    writer_.EndObject();
    return output_.Take();
  }

  void Put(std::string_view name, std::string_view text) {
    Key(name);
    String(text);
  }
  void Put(std::string_view name, std::int64_t number) {
    Key(name);
    writer_.Int64(number);
  }
  void PutBool(std::string_view name, bool value) {
    Key(name);
    writer_.Bool(value);
  }
  void Put(std::string_view name, Time time) {
    Key(name);
    writer_.Plain(FormatTimestamp(time));
  }
  void Put(std::string_view name, const Secret& key) {
    Key(name);
    writer_.Base64(key);
  }
  void BeginArray(std::string_view name) {
    Key(name);
    writer_.StartArray();
  }
  void EndArray() { writer_.EndArray(); }
  void BeginObject() { writer_.StartObject(); }  // an element of an array
  void EndObject() { writer_.EndObject(); }
  void String(std::string_view text) { writer_.Text(text); }

 private:
  void Key(std::string_view name) { writer_.Plain(name); }

  Output output_;
  Writer writer_;
};

}  // namespace saef::onem2m::interface_json

#endif  // SAEF_ONEM2M_INTERFACE_JSON_H_
