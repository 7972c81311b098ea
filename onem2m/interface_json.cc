// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/interface_json.h"

#include "onem2m/json.h"
#include "onem2m/key_identifier.h"

namespace saef::onem2m::interface_json {

using rapidjson::Value;

Result<std::string> CanonicalEntity(std::string_view text) {
  if (const auto ae = AeId::ParseAbsolute(text)) return ae->Absolute();
  const auto cse = CseId::ParseAbsolute(text);
  if (!cse) return cse.error();
  return cse->Absolute();
}

Result<std::string> CanonicalEntity(std::string_view text, EntityKind kind) {
  if (kind == EntityKind::kAe) {
    const auto ae = AeId::ParseAbsolute(text);
    if (!ae) return ae.error();
    return ae->Absolute();
  }
  const auto cse = CseId::ParseAbsolute(text);
  if (!cse) return cse.error();
  return cse->Absolute();
}

namespace {

constexpr std::string_view kAeName = "AE";
constexpr std::string_view kCseName = "CSE";

}  // namespace

Result<EntityKind> ToEntityKind(std::string_view text) {
  if (text == kAeName) return EntityKind::kAe;
  if (text == kCseName) return EntityKind::kCse;
  return Error::kOutOfRange;
}

std::string_view Name(EntityKind kind) noexcept {
  return kind == EntityKind::kAe ? kAeName : kCseName;
}

Result<Secret> ReadKey(const Value& object, std::string_view member, std::size_t min,
                       std::size_t max) {
  if (!object.IsObject()) return Error::kWrongType;
  const Value* const text = FindMember(object, member);
  if (text == nullptr) return Error::kMissingMember;
  if (!text->IsString()) return Error::kWrongType;
  auto key = Secret::FromBase64({text->GetString(), text->GetStringLength()});
  if (key && (key->size() < min || key->size() > max)) return Error::kBadKeyLength;
  return key;
}

Result<Time> ReadTime(const Value& object, std::string_view member) {
  const auto text = GetString(object, member);
  if (!text) return text.error();
  return ParseTimestamp(*text);
}

Result<std::optional<Time>> ReadOptionalTime(const Value& object, std::string_view member) {
  const auto text = GetOptionalString(object, member);
  if (!text) return text.error();
  if (!*text) return std::optional<Time>();
  const auto time = ParseTimestamp(**text);
  if (!time) return time.error();
  return std::optional<Time>(*time);
}

Result<std::chrono::seconds> ReadLifetime(const Value& object, std::string_view member,
                                          std::chrono::seconds most) {
  const auto number = GetInteger(object, member);
  if (!number) return number.error();
  if (*number <= 0 || *number > most.count()) return Error::kOutOfRange;
  return std::chrono::seconds(*number);
}

Result<std::string> ReadRelativeKeyId(const Value& object, std::string_view member) {
  auto text = GetString(object, member);
  if (!text || IsRelativeKeyIdentifier(*text)) return text;
  if (text->empty()) return Error::kEmpty;
  return text->size() > KeyIdentifier::kMaxRelativeLength ? Error::kTooLong : Error::kBadCharacter;
}

}  // namespace saef::onem2m::interface_json
