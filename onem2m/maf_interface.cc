// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/maf_interface.h"

#include <algorithm>

#include "onem2m/interface_json.h"
#include "onem2m/json.h"

namespace saef::onem2m::maf {
namespace {

using interface_json::CanonicalEntity;
using interface_json::kFixedRoom;
using interface_json::ReadOptionalTime;
using interface_json::ReadTime;
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
constexpr std::string_view kKmId = "kmId";

// ---- Reading ----

Result<Suid> ReadSuid(const Value& object) {
  const auto number = GetInteger(object, kSuid);
  if (!number) return number.error();
  const auto suid = ToSuid(*number);
  if (suid && !IsDistributedByMaf(*suid)) return Error::kOutOfRange;
  return suid;
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
    auto target = CanonicalEntity({element.GetString(), element.GetStringLength()});
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

Result<Secret> ReadKey(const Value& object) {
  return interface_json::ReadKey(object, kKeyValue, kMinKeyLength, kMaxKeyLength);
}

Result<std::optional<Secret>> ReadOptionalKey(const Value& object) {
  const Value* const text = FindMember(object, kKeyValue);
  if (text == nullptr || text->IsNull()) return std::optional<Secret>();
  auto key = ReadKey(object);
  if (!key) return key.error();
  return std::optional<Secret>(std::move(*key));
}

Result<std::optional<std::string>> ReadOptionalEntity(const Value& object) {
  const auto text = GetOptionalString(object, kSourceId);
  if (!text) return text.error();
  if (!*text) return std::optional<std::string>();
  auto entity = CanonicalEntity(**text);
  if (!entity) return entity.error();
  return std::optional<std::string>(std::move(*entity));
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
  const auto kind = interface_json::ToEntityKind(**type);
  if (!kind) return kind.error();
  response.source_type = *kind;
  auto source = CanonicalEntity(**id, *kind);
  if (!source) return source.error();
  response.source_id = std::move(*source);
  return {};
}

// ---- Writing ----

std::size_t RoomFor(const TargetIds& targets) {
  std::size_t room = kFixedRoom;
  for (const std::string& target : targets) room += 6 * target.size() + 3;
  return room;
}

// The members that these objects have, under their names.
class ObjectWriter : public interface_json::ObjectWriter {
 public:
  using interface_json::ObjectWriter::ObjectWriter;
  using interface_json::ObjectWriter::Put;

  void Put(Suid suid) { Put(kSuid, static_cast<std::int64_t>(suid)); }
  void Put(Time time) { Put(kExpirationTime, time); }
  void Put(const Secret& key) { Put(kKeyValue, key); }
  void Put(const TargetIds& targets) {
    BeginArray(kTargetIds);
    for (const std::string& target : targets) String(target);
    EndArray();
  }
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
  const auto time = ReadOptionalTime(object, kExpirationTime);
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
  auto relative = interface_json::ReadRelativeKeyId(*document, kRelativeKeyId);
  if (!relative) return relative.error();
  response.relative_key_id = std::move(*relative);
  const auto time = ReadTime(*document, kExpirationTime);
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
  const auto lifetime = interface_json::ReadLifetime(object, kLifetime, kMaxLifetime);
  if (!lifetime) return lifetime.error();
  response.lifetime = *lifetime;
  const auto time = ReadOptionalTime(object, kExpirationTime);
  if (!time) return time.error();
  response.expiration_time = *time;
  return response;
}

std::string Write(const KeyRetrievalResponse& response) {
  KeyRetrievalView view{response.key,  response.source_id, response.source_type,    std::nullopt,
                        response.suid, response.lifetime,  response.expiration_time};
  if (response.credential_id) view.credential_id = response.credential_id->text();
  return Write(view);
}

std::string Write(const KeyRetrievalView& response) {
  // Names, punctuation, numbers and times; so small that it is quickly had and wiped.
  constexpr std::size_t kOthers = 256;
  ObjectWriter writer(kOthers + interface_json::RoomOf(response.source_id.value_or("")) +
                      interface_json::RoomOf(response.credential_id.value_or("")) +
                      response.key.Base64Size());
  writer.Put(kStatus, kStatusOk);
  writer.Put(response.key);
  if (response.source_id) writer.Put(kSourceId, *response.source_id);
  if (response.source_type) {
    writer.Put(kSourceType, interface_json::Name(*response.source_type));
  }
  if (response.credential_id) writer.Put(kCredentialId, *response.credential_id);
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

Result<KmIdRetrievalResponse> ParseKmIdRetrievalResponse(std::string_view json) {
  const auto document = ParseJson(json, kMaxContentLength);
  if (!document) return document.error();
  const auto status = GetString(*document, kStatus);
  if (!status) return status.error();
  if (*status != kStatusOk) return Error::kStatusNotOk;
  const auto text = GetString(*document, kKmId);
  if (!text) return text.error();
  auto km_id = KmId::Parse(*text);
  if (!km_id) return km_id.error();
  const auto time = ReadOptionalTime(*document, kExpirationTime);
  if (!time) return time.error();
  return KmIdRetrievalResponse{std::move(*km_id), *time};
}

std::string Write(const KmIdRetrievalResponse& response) {
  ObjectWriter writer(kFixedRoom);
  writer.Put(kStatus, kStatusOk);
  writer.Put(kKmId, response.km_id.text());
  if (response.expiration_time) writer.Put(*response.expiration_time);
  return writer.Take();
}

}  // namespace saef::onem2m::maf
