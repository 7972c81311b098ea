// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/maf_interface.h"

#include <rapidjson/writer.h>

#include <algorithm>

#include "onem2m/json.h"

namespace saef::onem2m::maf {
namespace {

using rapidjson::Value;
using TargetIds = std::vector<std::string>;

constexpr std::string_view kSuid = "suid";
constexpr std::string_view kTargetIds = "targetIDs";
constexpr std::string_view kKeyValue = "keyValue";
constexpr std::string_view kExpirationTime = "expirationTime";
constexpr std::string_view kRelativeKeyId = "relativeKeyID";
constexpr std::string_view kSourceId = "sourceID";
constexpr std::string_view kSourceType = "sourceType";
constexpr std::string_view kCredentialId = "credentialID";
constexpr std::string_view kStatus = "status";
constexpr std::string_view kLifetime = "lifetime";
constexpr std::string_view kAe = "AE";
constexpr std::string_view kCse = "CSE";

// ---- Reading ----

Result<Suid> ReadSuid(const Value& object) {
  const auto number = GetInteger(object, kSuid);
  if (!number) return number.error();
  const auto suid = ToSuid(*number);
  if (suid && !IsDistributedByMaf(*suid)) return Error::kOutOfRange;
  return suid;
}

// Canonical form. Which kind of entity it is doesn't matter here, and "//fqdn/Sx" doesn't say.
Result<std::string> ReadEntity(std::string_view text) {
  if (const auto ae = AeId::ParseAbsolute(text)) return ae->Absolute();
  const auto cse = CseId::ParseAbsolute(text);
  if (!cse) return cse.error();
  return cse->Absolute();
}

Result<TargetIds> ReadTargets(const Value& object) {
  if (!object.IsObject()) return Error::kWrongType;
  const Value* const array = FindMember(object, kTargetIds);
  if (array == nullptr) return Error::kMissingMember;
  if (!array->IsArray()) return Error::kWrongType;
  if (array->Empty() || array->Size() > kMaxTargets) return Error::kTargetCount;
  TargetIds targets;
  for (const Value& element : array->GetArray()) {
    if (!element.IsString()) return Error::kWrongType;
    auto target = ReadEntity({element.GetString(), element.GetStringLength()});
    if (!target) return target.error();
    if (std::ranges::find(targets, *target) != targets.end()) return Error::kBadForm;
    targets.push_back(std::move(*target));
  }
  return targets;
}

// TS-0003 8.x.5 step 3: exactly one target for SAEF and ESPrim, any non-zero number for ESData.
Result<TargetIds> ReadTargets(const Value& object, Suid suid) {
  auto targets = ReadTargets(object);
  if (targets && targets->size() > 1 && !AllowsSeveralTargets(suid)) return Error::kTargetCount;
  return targets;
}

// The text stays in the document, which wipes it; a std::string of it would be one copy more.
Result<Secret> ReadKey(const Value& object) {
  const Value* const text = FindMember(object, kKeyValue);
  if (text == nullptr) return Error::kMissingMember;
  if (!text->IsString()) return Error::kWrongType;
  auto key = Secret::FromBase64({text->GetString(), text->GetStringLength()});
  if (key && (key->size() < kMinKeyLength || key->size() > kMaxKeyLength)) {
    return Error::kBadKeyLength;
  }
  return key;
}

Result<std::optional<Secret>> ReadOptionalKey(const Value& object) {
  const Value* const text = FindMember(object, kKeyValue);
  if (text == nullptr || text->IsNull()) return std::optional<Secret>();
  auto key = ReadKey(object);
  if (!key) return key.error();
  return std::optional<Secret>(std::move(*key));
}

Result<std::optional<Time>> ReadOptionalTime(const Value& object) {
  const auto text = GetOptionalString(object, kExpirationTime);
  if (!text) return text.error();
  if (!*text) return std::optional<Time>();
  const auto time = ParseTimestamp(**text);
  if (!time) return time.error();
  return std::optional<Time>(*time);
}

Result<Time> ReadTime(const Value& object) {
  const auto text = GetString(object, kExpirationTime);
  if (!text) return text.error();
  return ParseTimestamp(*text);
}

Result<std::string> ReadRelativeKeyId(const Value& object) {
  auto text = GetString(object, kRelativeKeyId);
  if (!text || IsRelativeKeyIdentifier(*text)) return text;
  if (text->empty()) return Error::kEmpty;
  return text->size() > KeyIdentifier::kMaxRelativeLength ? Error::kTooLong : Error::kBadCharacter;
}

Result<std::optional<std::string>> ReadOptionalEntity(const Value& object) {
  const auto text = GetOptionalString(object, kSourceId);
  if (!text) return text.error();
  if (!*text) return std::optional<std::string>();
  auto entity = ReadEntity(**text);
  if (!entity) return entity.error();
  return std::optional<std::string>(std::move(*entity));
}

Result<std::string> ReadSourceOfKind(std::string_view text, EntityKind kind) {
  if (kind == EntityKind::kAe) {
    const auto ae = AeId::ParseAbsolute(text);
    if (!ae) return ae.error();
    return ae->Absolute();
  }
  const auto cse = CseId::ParseAbsolute(text);
  if (!cse) return cse.error();
  return cse->Absolute();
}

// TS-0003 8.2.2.3 step 12: the source's identity, or the Credential-ID where the MAF doesn't know
// it.
Result<void> ReadSource(const Value& object, KeyRetrievalResponse& response) {
  const auto id = GetOptionalString(object, kSourceId);
  if (!id) return id.error();
  const auto type = GetOptionalString(object, kSourceType);
  if (!type) return type.error();
  const auto credential = GetOptionalString(object, kCredentialId);
  if (!credential) return credential.error();
  if (*credential) {
    auto parsed = CredentialId::Parse(**credential);
    if (!parsed) return parsed.error();
    response.credential_id = std::move(*parsed);
  }
  if (!*id) {
    if (*type) return Error::kBadForm;
    if (!*credential) return Error::kMissingMember;
    return {};
  }
  if (!*type) return Error::kMissingMember;
  if (**type != kAe && **type != kCse) return Error::kOutOfRange;
  response.source_type = **type == kAe ? EntityKind::kAe : EntityKind::kCse;
  auto source = ReadSourceOfKind(**id, *response.source_type);
  if (!source) return source.error();
  response.source_id = std::move(*source);
  return {};
}

Result<std::chrono::seconds> ReadLifetime(const Value& object) {
  const auto number = GetInteger(object, kLifetime);
  if (!number) return number.error();
  if (*number <= 0 || *number > kMaxLifetime.count()) return Error::kOutOfRange;
  return std::chrono::seconds(*number);
}

// ---- Writing ----

// RapidJSON's output, straight into a string whose room is there from the start: a string that
// grows leaves copies of a key behind.
class Output {
 public:
  using Ch = char;
  explicit Output(std::size_t room) { text_.reserve(room); }
  void Put(char c) { text_.push_back(c); }
  void Flush() {}
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

// Room for all members of fixed size. Strings of any size come on top, six octets for each of
// theirs at worst ("\u0000").
constexpr std::size_t kFixedRoom = 1024;

std::size_t RoomFor(const TargetIds& targets) {
  std::size_t room = kFixedRoom;
  for (const std::string& target : targets) room += 6 * target.size() + 3;
  return room;
}

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
  void Put(Suid suid) { Put(kSuid, static_cast<std::int64_t>(suid)); }
  void Put(Time time) { Put(kExpirationTime, FormatTimestamp(time)); }
  void Put(const TargetIds& targets) {
    Key(kTargetIds);
    writer_.StartArray();
    for (const std::string& target : targets) String(target);
    writer_.EndArray();
  }
  void Put(const Secret& key) {
    std::string text = key.ToBase64();
    Put(kKeyValue, text);
    Wipe(text);
  }

 private:
  void Key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }
  void String(std::string_view text) {
    writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  Output output_;
  rapidjson::Writer<Output> writer_;
};

}  // namespace

Result<KeyRegistrationRequest> ParseKeyRegistrationRequest(std::string_view json) {
  const auto document = SensitiveJson::Parse(json, kMaxContentLength);
  if (!document) return document.error();
  const Value& object = document->root();
  KeyRegistrationRequest request;
  const auto suid = ReadSuid(object);
  if (!suid) return suid.error();
  request.suid = *suid;
  auto targets = ReadTargets(object, *suid);
  if (!targets) return targets.error();
  request.target_ids = std::move(*targets);
  auto key = ReadOptionalKey(object);
  if (!key) return key.error();
  request.key = std::move(*key);
  const auto time = ReadOptionalTime(object);
  if (!time) return time.error();
  request.expiration_time = *time;
  return request;
}

std::string Write(const KeyRegistrationRequest& request) {
  ObjectWriter writer(RoomFor(request.target_ids));
  writer.Put(request.suid);
  writer.Put(request.target_ids);
  if (request.key) writer.Put(*request.key);
  if (request.expiration_time) writer.Put(*request.expiration_time);
  return writer.Take();
}

Result<KeyRegistrationResponse> ParseKeyRegistrationResponse(std::string_view json) {
  const auto document = ParseJson(json, kMaxContentLength);
  if (!document) return document.error();
  KeyRegistrationResponse response;
  auto relative = ReadRelativeKeyId(*document);
  if (!relative) return relative.error();
  response.relative_key_id = std::move(*relative);
  const auto time = ReadTime(*document);
  if (!time) return time.error();
  response.expiration_time = *time;
  const auto suid = ReadSuid(*document);
  if (!suid) return suid.error();
  response.suid = *suid;
  auto targets = ReadTargets(*document, *suid);
  if (!targets) return targets.error();
  response.target_ids = std::move(*targets);
  auto source = ReadOptionalEntity(*document);
  if (!source) return source.error();
  response.source_id = std::move(*source);
  return response;
}

std::string Write(const KeyRegistrationResponse& response) {
  ObjectWriter writer(RoomFor(response.target_ids));
  writer.Put(kRelativeKeyId, response.relative_key_id);
  writer.Put(response.expiration_time);
  writer.Put(response.suid);
  writer.Put(response.target_ids);
  if (response.source_id) writer.Put(kSourceId, *response.source_id);
  return writer.Take();
}

Result<KeyRetrievalResponse> ParseKeyRetrievalResponse(std::string_view json) {
  const auto document = SensitiveJson::Parse(json, kMaxContentLength);
  if (!document) return document.error();
  const Value& object = document->root();
  const auto status = GetString(object, kStatus);
  if (!status) return status.error();
  if (*status != kStatusOk) return Error::kStatusNotOk;
  KeyRetrievalResponse response;
  auto key = ReadKey(object);
  if (!key) return key.error();
  response.key = std::move(*key);
  if (const auto source = ReadSource(object, response); !source) return source.error();
  const auto suid = ReadSuid(object);
  if (!suid) return suid.error();
  response.suid = *suid;
  const auto lifetime = ReadLifetime(object);
  if (!lifetime) return lifetime.error();
  response.lifetime = *lifetime;
  const auto time = ReadOptionalTime(object);
  if (!time) return time.error();
  response.expiration_time = *time;
  return response;
}

std::string Write(const KeyRetrievalResponse& response) {
  const std::size_t source_size = response.source_id ? response.source_id->size() : 0;
  ObjectWriter writer(kFixedRoom + 6 * (source_size + CredentialId::kMaxLength) +
                      2 * response.key.size());
  writer.Put(kStatus, kStatusOk);
  writer.Put(response.key);
  if (response.source_id) writer.Put(kSourceId, *response.source_id);
  if (response.source_type) {
    writer.Put(kSourceType, *response.source_type == EntityKind::kAe ? kAe : kCse);
  }
  if (response.credential_id) writer.Put(kCredentialId, response.credential_id->text());
  writer.Put(response.suid);
  writer.Put(kLifetime, response.lifetime.count());
  if (response.expiration_time) writer.Put(*response.expiration_time);
  return writer.Take();
}

Result<TargetListUpdate> ParseTargetListUpdate(std::string_view json) {
  const auto document = ParseJson(json, kMaxContentLength);
  if (!document) return document.error();
  auto targets = ReadTargets(*document);
  if (!targets) return targets.error();
  return TargetListUpdate{std::move(*targets)};
}

std::string Write(const TargetListUpdate& update) {
  ObjectWriter writer(RoomFor(update.target_ids));
  writer.Put(update.target_ids);
  return writer.Take();
}

}  // namespace saef::onem2m::maf
