// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/originator_check.h"

#include <algorithm>

#include "bindings/log.h"
#include "onem2m/json.h"

namespace saef::cse {
namespace {

using onem2m::RequestPrimitive;
using enum onem2m::ResponseStatusCode;

// App-ID of the <AE> that a CREATE would make; empty: none, or none that can be read, and then the
// request fails later for that.
std::string AppIdOf(const RequestPrimitive& request) {
  if (request.operation != onem2m::Operation::kCreate ||
      request.resource_type != static_cast<int>(onem2m::ResourceType::kAe)) {
    return {};
  }
  const auto document = onem2m::ParseJson(request.content);
  const rapidjson::Value* ae = document ? onem2m::FindMember(*document, "m2m:ae") : nullptr;
  const auto app_id = ae == nullptr ? onem2m::Result<std::string>(onem2m::Error::kMissingMember)
                                    : onem2m::GetString(*ae, "api");
  return app_id ? *app_id : std::string();
}

saef_request ToAbi(const RequestPrimitive& request, const std::string& app_id) {
  saef_request abi = {};
  abi.size = sizeof(abi);
  abi.operation = static_cast<int32_t>(request.operation);
  abi.resource_type =
      request.operation == onem2m::Operation::kCreate ? request.resource_type.value_or(0) : 0;
  if (request.from) {
    abi.originator = request.from->data();
    abi.originator_length = request.from->size();
  }
  if (!app_id.empty()) {
    abi.app_id = app_id.data();
    abi.app_id_length = app_id.size();
  }
  return abi;
}

Refusal PluginFails(const char* call, int32_t result) {
  return Refuse(kInternalServerError, std::string("the security association plugin failed: ") +
                                          call + " " + std::to_string(result));
}

Refusal Explain(const RequestPrimitive& request, saef_association association, int32_t code) {
  const std::string from =
      request.from ? "From " + bindings::Quote(*request.from, 80) : "a request without From";
  const bool associated = association != SAEF_NO_ASSOCIATION;
  switch (code) {
    case 4000:
      return Refuse(kBadRequest, from + " doesn't have the form that this originator must use");
    case 4106:
      return Refuse(kOriginatorNotAuthenticated,
                    from + (associated ? " isn't the entity behind this security association"
                                       : " needs a registration or a security association"));
    case 4107:
      return Refuse(kSecurityAssociationRequired, from + " needs a security association");
    case 4126:
      return Refuse(kAppRuleValidationFailed,
                    "no rule of the service subscription lets " + from + " register");
    case 4128:
      return Refuse(kServiceSubscriptionNotEstablished,
                    "the rules of the service subscription are not to be had now");
    default:
      return PluginFails("check_originator", code);
  }
}

PeerKind ToPeerKind(int32_t kind) {
  switch (kind) {
    case SAEF_ENTITY_AE:
      return PeerKind::kAe;
    case SAEF_ENTITY_CSE:
      return PeerKind::kCse;
    case SAEF_ENTITY_AE_LIST:
      return PeerKind::kAeList;
    default:
      return PeerKind::kUnresolved;
  }
}

// At line feeds.
std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

Outcome<Peer> OriginatorCheck::Admit(const RequestPrimitive& request,
                                     saef_association association) const {
  if (api_ == nullptr) {
    return Peer{};
  }
  const std::string app_id = AppIdOf(request);
  const saef_request abi = ToAbi(request, app_id);
  const int32_t code = api_->check_originator(instance_, association, &abi);
  // Only this one value lets it pass; whatever else comes is a refusal or a failure.
  if (code != onem2m::Number(kOk)) {
    return Explain(request, association, code);
  }
  return association == SAEF_NO_ASSOCIATION ? Outcome<Peer>(Peer{}) : Describe(association);
}

Outcome<Peer> OriginatorCheck::Describe(saef_association association) const {
  std::string entity(512, '\0');
  std::string credential(512, '\0');
  std::string allowed(512, '\0');
  saef_association_description description = {};
  int32_t result = SAEF_E_BUFFER_TOO_SMALL;
  // A second time with what the first has told; the identity may be resolved in between, once.
  for (int attempt = 0; attempt < 3 && result == SAEF_E_BUFFER_TOO_SMALL; ++attempt) {
    entity.resize(std::max(entity.size(), description.entity_id_length));
    credential.resize(std::max(credential.size(), description.credential_id_length));
    allowed.resize(std::max(allowed.size(), description.allowed_ids_length));
    description.size = sizeof(description);
    description.entity_id = entity.data();
    description.entity_id_length = entity.size();
    description.credential_id = credential.data();
    description.credential_id_length = credential.size();
    description.allowed_ids = allowed.data();
    description.allowed_ids_length = allowed.size();
    result = api_->describe(instance_, association, &description);
  }
  if (result == SAEF_DENIED) {
    return Peer{};  // ended: counts as none
  }
  if (result != SAEF_DONE) {
    return PluginFails("describe", result);
  }
  entity.resize(description.entity_id_length);
  credential.resize(description.credential_id_length);
  Peer peer{ToPeerKind(description.kind), std::move(entity), std::move(credential)};
  if (peer.kind == PeerKind::kAeList) {
    allowed.resize(std::min(allowed.size(), description.allowed_ids_length));
    peer.allowed_ids = Split(allowed);
  }
  return peer;
}

std::optional<Refusal> OriginatorCheck::Assign(saef_association association,
                                               const std::string& ae_id) const {
  if (api_ == nullptr || association == SAEF_NO_ASSOCIATION) {
    return std::nullopt;
  }
  const int32_t result = api_->assign_ae_id(instance_, association, ae_id.data(), ae_id.size());
  switch (result) {
    case SAEF_DONE:
      return std::nullopt;
    case SAEF_DENIED:
      return Refuse(kOriginatorHasAlreadyRegistered,
                    "the entity behind this security association is registered otherwise");
    case SAEF_E_HANDLE:
      return Refuse(kSecurityAssociationRequired, "the security association has ended");
    default:
      return PluginFails("assign_ae_id", result);
  }
}

void OriginatorCheck::Withdraw(const std::vector<std::string>& stems) const {
  if (api_ == nullptr) {
    return;
  }
  for (const std::string& stem : stems) {
    api_->withdraw_ae_id(instance_, stem.data(), stem.size());
  }
}

}  // namespace saef::cse
