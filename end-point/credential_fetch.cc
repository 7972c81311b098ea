// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/credential_fetch.h"

#include <algorithm>
#include <utility>

#include "bindings/log.h"
#include "end-point/open_client.h"

namespace saef::end_point {
namespace {

using onem2m::ResponseStatusCode;
using rapidjson::Value;

constexpr std::string_view kMefsSchema = R"json({
  "type": "array", "maxItems": 64,
  "description": "a list of the MEFs that credentials are fetched from, at most 64",
  "items": {
    "type": "object", "additionalProperties": false,
    "required": ["fqdn", "uri"],
    "description": "an object with fqdn, uri, and either kmId and kmFile or certificate",
    "properties": {
      "fqdn": {"type": "string", "minLength": 1, "maxLength": 95,
        "description": "the MEF's domain in lower case, at most 95 octets"},
      "uri": {"type": "string", "minLength": 1, "maxLength": 1024,
        "description": "where the MEF is, such as coaps://mef.example.com:5686"},
      "kmId": {"type": "string", "minLength": 1, "maxLength": 128,
        "description": "the psk_identity of this party at the MEF"},
      "kmFile": {"type": "string", "minLength": 1, "maxLength": 4096,
        "description": "the file with the key of that: 64 hexadecimal digits, mode 0600"},
      "certificate": $certificate$
    }
  }
})json";

std::string TextIn(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

std::variant<MefAccess, std::string> ReadMefAccess(const bindings::ConfigurationFile& file,
                                                   const Value& mef, const std::string& where) {
  auto fqdn = onem2m::Fqdn::ParseCanonical(TextIn(mef["fqdn"]));
  if (!fqdn) {
    return where + "/fqdn: " + bindings::Quote(TextIn(mef["fqdn"])) +
           " is no domain name in lower case: " + fqdn.error().message();
  }
  auto uri = bindings::Uri::Parse(TextIn(mef["uri"]));
  if (!uri || !uri->secure() || uri->port == 0) {
    return where + "/uri: " + bindings::Quote(TextIn(mef["uri"])) + " isn't a coaps or https URI";
  }
  while (uri->path.ends_with('/')) uri->path.pop_back();
  auto access = ReadAccess(file, mef, where, "kmId", "kmFile");
  if (auto* const error = std::get_if<std::string>(&access)) return std::move(*error);
  return MefAccess{std::move(*fqdn), std::move(*uri), std::get<Access>(std::move(access))};
}

}  // namespace

std::string InsertMefsSchema(std::string_view schema) {
  static constexpr std::string_view kPlace = "$mefs$";
  std::string text(schema);
  if (const auto at = text.find(kPlace); at != std::string::npos) {
    text.replace(at, kPlace.size(), kMefsSchema);
  }
  return text;
}

std::variant<std::vector<MefAccess>, std::string> ReadMefs(
    const bindings::ConfigurationFile& file) {
  std::vector<MefAccess> mefs;
  const auto list = file.document.FindMember("mefs");
  if (list == file.document.MemberEnd()) return mefs;
  for (const Value& value : list->value.GetArray()) {
    const std::string where = "/mefs/" + std::to_string(mefs.size());
    auto mef = ReadMefAccess(file, value, where);
    if (auto* const error = std::get_if<std::string>(&mef)) return std::move(*error);
    auto& read = std::get<MefAccess>(mef);
    if (std::ranges::find(mefs, read.fqdn, &MefAccess::fqdn) != mefs.end()) {
      return where + "/fqdn: stands here twice";
    }
    mefs.push_back(std::move(read));
  }
  return mefs;
}

bindings::Result<std::unique_ptr<bindings::Client>> OpenMefClient(const MefAccess& mef,
                                                                  bindings::ClientOptions options) {
  options.uri = mef.uri;
  options.max_content_length = onem2m::mef::kMaxContentLength;
  if (const auto applied = Apply(mef.access, mef.fqdn, options); !applied) return applied.error();
  return OpenClient(std::move(options));
}

onem2m::RequestPrimitive MakeFetchRequest(const MefAccess& mef, const onem2m::KeId& ke_id,
                                          onem2m::Suid suid, std::string from) {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = mef.uri.path.empty() ? "" : mef.uri.path.substr(1) + "/";
  request.to += onem2m::mef::FetchCredentialsPath(ke_id, suid);
  request.from = std::move(from);
  request.release_version = "3";
  return request;
}

std::variant<onem2m::mef::FetchedCredential, FetchRefusal> ReadFetchAnswer(
    onem2m::ResponsePrimitive& response) {
  using Kind = FetchRefusal::Kind;
  auto answer = onem2m::mef::ParseFetchedCredential(response.content);
  if (answer && response.status == ResponseStatusCode::kOk) {
    onem2m::Wipe(response.content);
    return std::move(*answer);
  }
  const auto failure = onem2m::mef::ParseFetchFailure(response.content);
  onem2m::Wipe(response.content);
  FetchRefusal refusal;
  refusal.why = "the MEF answered " + std::to_string(onem2m::Number(response.status)) + " " +
                std::string(onem2m::Name(response.status));
  if (failure) refusal.why += " " + bindings::Quote(failure->error_string);
  switch (response.status) {
    case ResponseStatusCode::kRequestTimeout:
    case ResponseStatusCode::kInternalServerError:
    case ResponseStatusCode::kTargetNotReachable:
      refusal.kind = Kind::kCannot;
      break;
    case ResponseStatusCode::kNotFound:
    case ResponseStatusCode::kOriginatorHasNoPrivilege:
      refusal.kind = Kind::kNotForUs;
      break;
    default:
      if (onem2m::IsSuccess(response.status)) refusal.why += ", and not as it must be";
      break;
  }
  return refusal;
}

}  // namespace saef::end_point
