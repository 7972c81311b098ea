// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/mef_interface.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "onem2m/ascii.h"
#include "onem2m/interface_json.h"
#include "onem2m/json.h"
#include "onem2m/key_derivation.h"

namespace saef::onem2m::mef {
namespace {

using interface_json::kFixedRoom;
using interface_json::ObjectWriter;
using rapidjson::Value;

constexpr std::string_view kCertificateEnrolment = "certificateEnrolment";
constexpr std::string_view kMafEnrolment = "mafEnrolment";
constexpr std::string_view kRemoteManagement = "remoteManagement";
constexpr std::string_view kRelativeKeyIdMember = "relativeKeyID";
constexpr std::string_view kLifetimeMember = "lifetime";
constexpr std::string_view kEnroleeId = "enroleeID";
constexpr std::string_view kEnroleeType = "enroleeType";
constexpr std::string_view kMafs = "mafs";
constexpr std::string_view kFqdn = "fqdn";
constexpr std::string_view kCredentialType = "credentialType";
constexpr std::string_view kSymmetricKey = "symmetricKey";
constexpr std::string_view kCertificate = "certificate";
constexpr std::string_view kKeyRegistration = "keyRegistration";
constexpr std::string_view kKeyRetrieval = "keyRetrieval";
constexpr std::string_view kKmIdRetrieval = "kmIdRetrieval";
constexpr std::string_view kTrustAnchors = "trustAnchors";
constexpr std::string_view kStatusMember = "status";
constexpr std::string_view kCredential = "credential";
constexpr std::string_view kErrorString = "errorString";

// False where it is missing or null. (An error_code converts to bool, which leaves result<bool>
// undecided; hence the tag.)
Result<bool> ReadIndication(const Value& object, std::string_view member) {
  if (!object.IsObject()) return {boost::system::in_place_error, Error::kWrongType};
  const Value* const value = FindMember(object, member);
  if (value == nullptr || value->IsNull()) return false;
  return GetBool(object, member);
}

Result<std::string> CheckUri(std::string text) {
  if (text.empty()) return Error::kEmpty;
  if (text.size() > kMaxUriLength) return Error::kTooLong;
  if (!std::ranges::all_of(text, ascii::IsVisible)) return Error::kBadCharacter;
  // Keys travel there: nothing in the clear.
  if (!text.starts_with("coaps://") && !text.starts_with("https://")) return Error::kBadForm;
  return text;
}

Result<std::string> ReadUri(const Value& object, std::string_view member) {
  auto text = GetString(object, member);
  if (!text) return text.error();
  return CheckUri(std::move(*text));
}

Result<std::optional<std::string>> ReadOptionalUri(const Value& object, std::string_view member) {
  auto text = GetOptionalString(object, member);
  if (!text || !*text) return text;
  auto uri = CheckUri(std::move(**text));
  if (!uri) return uri.error();
  return std::optional<std::string>(std::move(*uri));
}

Result<MafCredentialType> ReadCredentialType(const Value& object) {
  const auto text = GetString(object, kCredentialType);
  if (!text) return text.error();
  if (*text == kSymmetricKey) return MafCredentialType::kSymmetricKey;
  if (*text == kCertificate) return MafCredentialType::kCertificate;
  return Error::kOutOfRange;
}

int Base64Digit(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// Certificates are larger than a Secret and not secret. The one canonical form, as there.
Result<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return Error::kBadBase64;
  if (text.size() > (kMaxCertificateLength + 2) / 3 * 4) return Error::kTooLong;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  std::string octets;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) return Error::kBadBase64;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count & 0xFF);
  }
  const bool unused_bits_are_zero = (bits & ((1U << count) - 1)) == 0;
  if (!unused_bits_are_zero || count != 2 * padding) return Error::kBadBase64;
  return octets.size() > kMaxCertificateLength ? Result<std::string>(Error::kTooLong)
                                               : Result<std::string>(std::move(octets));
}

std::string EncodeBase64(std::string_view octets) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t rest = std::min<std::size_t>(3, octets.size() - i);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < rest ? static_cast<unsigned char>(octets[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= rest ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

Result<std::vector<std::string>> ReadTrustAnchors(const Value& object) {
  std::vector<std::string> anchors;
  const Value* const array = FindMember(object, kTrustAnchors);
  if (array == nullptr || array->IsNull()) return anchors;
  if (!array->IsArray()) return Error::kWrongType;
  if (array->Size() > kMaxTrustAnchors) return Error::kTooLong;
  for (const Value& element : array->GetArray()) {
    if (!element.IsString()) return Error::kWrongType;
    auto anchor = DecodeBase64({element.GetString(), element.GetStringLength()});
    if (!anchor) return anchor.error();
    anchors.push_back(std::move(*anchor));
  }
  return anchors;
}

Result<MafInstructions> ReadMaf(const Value& object) {
  if (!object.IsObject()) return Error::kWrongType;
  const auto name = GetString(object, kFqdn);
  if (!name) return name.error();
  auto fqdn = Fqdn::Parse(*name);
  if (!fqdn) return fqdn.error();
  // KcIds of this MAF must fit in a psk_identity (RFC 4279 5.3).
  if (fqdn->text().size() > Fqdn::kMaxMafLength) return Error::kTooLong;
  MafInstructions maf{std::move(*fqdn), MafCredentialType::kSymmetricKey, {}, {}, {}, {}};
  const auto type = ReadCredentialType(object);
  if (!type) return type.error();
  maf.credential_type = *type;
  auto registration = ReadUri(object, kKeyRegistration);
  if (!registration) return registration.error();
  maf.key_registration = std::move(*registration);
  auto retrieval = ReadUri(object, kKeyRetrieval);
  if (!retrieval) return retrieval.error();
  maf.key_retrieval = std::move(*retrieval);
  auto km_id = ReadOptionalUri(object, kKmIdRetrieval);
  if (!km_id) return km_id.error();
  maf.km_id_retrieval = std::move(*km_id);
  // The seed's 8.x.2: also the KmId Retrieval URI, if a symmetric key is provisioned remotely.
  if (*type == MafCredentialType::kSymmetricKey && !maf.km_id_retrieval) {
    return Error::kMissingMember;
  }
  auto anchors = ReadTrustAnchors(object);
  if (!anchors) return anchors.error();
  maf.trust_anchors = std::move(*anchors);
  return maf;
}

Result<std::vector<MafInstructions>> ReadMafs(const Value& object) {
  const Value* const array = FindMember(object, kMafs);
  if (array == nullptr) return Error::kMissingMember;
  if (!array->IsArray()) return Error::kWrongType;
  if (array->Size() > kMaxMafs) return Error::kTooLong;
  std::vector<MafInstructions> mafs;
  for (const Value& element : array->GetArray()) {
    auto maf = ReadMaf(element);
    if (!maf) return maf.error();
    const auto same = [&](const MafInstructions& other) { return other.fqdn == maf->fqdn; };
    if (std::ranges::any_of(mafs, same)) return Error::kBadForm;
    mafs.push_back(std::move(*maf));
  }
  return mafs;
}

std::size_t RoomFor(const EnrolmentResponse& response) {
  std::size_t room = kFixedRoom + 6 * response.enrolee_id.value_or("").size();
  for (const MafInstructions& maf : response.mafs) {
    room += kFixedRoom + maf.key_registration.size() + maf.key_retrieval.size();
    for (const std::string& anchor : maf.trust_anchors) room += anchor.size() / 3 * 4 + 8;
  }
  return room;
}

void WriteMaf(const MafInstructions& maf, ObjectWriter& writer) {
  writer.BeginObject();
  writer.Put(kFqdn, maf.fqdn.text());
  const bool symmetric = maf.credential_type == MafCredentialType::kSymmetricKey;
  writer.Put(kCredentialType, symmetric ? kSymmetricKey : kCertificate);
  writer.Put(kKeyRegistration, maf.key_registration);
  writer.Put(kKeyRetrieval, maf.key_retrieval);
  if (maf.km_id_retrieval) writer.Put(kKmIdRetrieval, *maf.km_id_retrieval);
  if (!maf.trust_anchors.empty()) {
    writer.BeginArray(kTrustAnchors);
    for (const std::string& anchor : maf.trust_anchors) writer.String(EncodeBase64(anchor));
    writer.EndArray();
  }
  writer.EndObject();
}

Result<void> ReadEnrolee(const Value& object, FetchedCredential& fetched) {
  const auto id = GetOptionalString(object, kEnroleeId);
  if (!id) return id.error();
  const auto type = GetOptionalString(object, kEnroleeType);
  if (!type) return type.error();
  if (id->has_value() != type->has_value()) return Error::kBadForm;
  if (!*id) return {};
  const auto kind = interface_json::ToEntityKind(**type);
  if (!kind) return kind.error();
  auto entity = interface_json::CanonicalEntity(**id, *kind);
  if (!entity) return entity.error();
  fetched.enrolee_id = std::move(*entity);
  fetched.enrolee_type = *kind;
  return {};
}

}  // namespace

Result<EnrolmentRequest> ParseEnrolmentRequest(std::string_view json) {
  const auto document = ParseJson(json, kMaxContentLength);
  if (!document) return document.error();
  EnrolmentRequest request;
  const std::pair<std::string_view, bool*> members[] = {
      {kCertificateEnrolment, &request.certificate_enrolment},
      {kMafEnrolment, &request.maf_enrolment},
      {kRemoteManagement, &request.remote_management}};
  for (const auto& [name, to] : members) {
    const auto value = ReadIndication(*document, name);
    if (value.has_error()) return value.error();
    *to = *value;
  }
  return request;
}

std::string Write(const EnrolmentRequest& request) {
  ObjectWriter writer(kFixedRoom);
  writer.PutBool(kCertificateEnrolment, request.certificate_enrolment);
  writer.PutBool(kMafEnrolment, request.maf_enrolment);
  writer.PutBool(kRemoteManagement, request.remote_management);
  return writer.Take();
}

Result<EnrolmentResponse> ParseEnrolmentResponse(std::string_view json) {
  const auto document = ParseJson(json, kMaxContentLength);
  if (!document) return document.error();
  EnrolmentResponse response;
  auto relative = interface_json::ReadRelativeKeyId(*document, kRelativeKeyIdMember);
  if (!relative) return relative.error();
  response.relative_key_id = std::move(*relative);
  const auto lifetime = interface_json::ReadLifetime(*document, kLifetimeMember, kMaxLifetime);
  if (!lifetime) return lifetime.error();
  response.lifetime = *lifetime;
  const auto id = GetOptionalString(*document, kEnroleeId);
  if (!id) return id.error();
  if (*id) {
    auto entity = interface_json::CanonicalEntity(**id);
    if (!entity) return entity.error();
    response.enrolee_id = std::move(*entity);
  }
  auto mafs = ReadMafs(*document);
  if (!mafs) return mafs.error();
  response.mafs = std::move(*mafs);
  return response;
}

std::string Write(const EnrolmentResponse& response) {
  ObjectWriter writer(RoomFor(response));
  writer.Put(kRelativeKeyIdMember, response.relative_key_id);
  writer.Put(kLifetimeMember, std::int64_t{response.lifetime.count()});
  if (response.enrolee_id) writer.Put(kEnroleeId, *response.enrolee_id);
  writer.BeginArray(kMafs);
  for (const MafInstructions& maf : response.mafs) WriteMaf(maf, writer);
  writer.EndArray();
  return writer.Take();
}

Result<FetchedCredential> ParseFetchedCredential(std::string_view json) {
  const auto document = SensitiveJson::Parse(json, kMaxContentLength);
  if (!document) return document.error();
  const Value& object = document->root();
  const auto status = GetBool(object, kStatusMember);
  if (status.has_error()) return status.error();
  if (!*status) return Error::kStatusNotOk;
  FetchedCredential fetched;
  auto key = interface_json::ReadKey(object, kCredential, kKeyLength, kKeyLength);
  if (!key) return key.error();
  fetched.credential = std::move(*key);
  if (const auto enrolee = ReadEnrolee(object, fetched); !enrolee) return enrolee.error();
  const auto lifetime = interface_json::ReadLifetime(object, kLifetimeMember, kMaxLifetime);
  if (!lifetime) return lifetime.error();
  fetched.lifetime = *lifetime;
  return fetched;
}

std::string Write(const FetchedCredential& fetched) {
  ObjectWriter writer(kFixedRoom + 6 * fetched.enrolee_id.value_or("").size() +
                      2 * fetched.credential.size());
  writer.PutBool(kStatusMember, true);
  writer.Put(kCredential, fetched.credential);
  if (fetched.enrolee_id) writer.Put(kEnroleeId, *fetched.enrolee_id);
  if (fetched.enrolee_type) {
    writer.Put(kEnroleeType, interface_json::Name(*fetched.enrolee_type));
  }
  writer.Put(kLifetimeMember, std::int64_t{fetched.lifetime.count()});
  return writer.Take();
}

Result<FetchFailure> ParseFetchFailure(std::string_view json) {
  const auto document = ParseJson(json, kMaxContentLength);
  if (!document) return document.error();
  const auto status = GetBool(*document, kStatusMember);
  if (status.has_error()) return status.error();
  if (*status) return Error::kBadForm;
  auto text = GetString(*document, kErrorString);
  if (!text) return text.error();
  if (text->size() > kMaxErrorString) return Error::kTooLong;
  return FetchFailure{std::move(*text)};
}

std::string Write(const FetchFailure& failure) {
  ObjectWriter writer(kFixedRoom + 6 * failure.error_string.size());
  writer.PutBool(kStatusMember, false);
  writer.Put(kErrorString, failure.error_string);
  return writer.Take();
}

std::string FetchCredentialsPath(const KeId& ke_id, Suid suid) {
  return std::string(kFetchCredentialsPath.substr(1)) + "/" + ke_id.text() + "/" +
         std::to_string(static_cast<int>(suid));
}

Result<FetchTarget> ParseFetchCredentialsPath(std::string_view path) {
  constexpr std::string_view kPrefix = kFetchCredentialsPath.substr(1);
  if (!path.starts_with(kPrefix) || path.size() == kPrefix.size() || path[kPrefix.size()] != '/') {
    return Error::kBadForm;
  }
  path.remove_prefix(kPrefix.size() + 1);
  const std::size_t slash = path.find('/');
  if (slash == path.npos) return Error::kBadForm;
  auto ke_id = KeId::Parse(path.substr(0, slash));
  if (!ke_id) return ke_id.error();
  const std::string_view digits = path.substr(slash + 1);
  int number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || std::to_string(number) != digits) return Error::kOutOfRange;
  const auto suid = ToSuid(number);
  if (!suid || *suid < Suid::kRspfMaf || *suid > Suid::kRspfEsDataOther) return Error::kOutOfRange;
  return FetchTarget{std::move(*ke_id), *suid};
}

}  // namespace saef::onem2m::mef
