// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_retrieval.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "onem2m/credential_id.h"
#include "onem2m/key_identifier.h"
#include "onem2m/maf_interface.h"
#include "roles/maf/key_registration.h"

namespace saef::maf {
namespace {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

std::optional<onem2m::Suid> ReadSuid(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  const auto suid = onem2m::ToSuid(number);
  return suid ? std::optional(*suid) : std::nullopt;
}

// As it mostly comes, in canonical form; no: it may be the same in another form.
bool IsKcId(std::string_view text, std::string_view relative_id, const onem2m::Fqdn& fqdn) {
  return text.size() == relative_id.size() + 1 + fqdn.text().size() &&
         text.starts_with(relative_id) && text[relative_id.size()] == '@' &&
         text.ends_with(fqdn.text());
}

std::string Give(const KeyView& key, const Client& source, onem2m::Time now) {
  onem2m::maf::KeyRetrievalView answer{.key = key.key};
  if (key.source) {
    answer.source_id = key.source->id;
    answer.source_type = key.source->kind;
  }
  // TS-0003 8.2.2.3 step 12: without an IdA, Entity B goes by the source's Credential-ID: of its
  // KmId or its certificate.
  if (source.known_id) {
    answer.credential_id = source.known_id->text();
  }
  answer.suid = key.suid;
  answer.lifetime = key.expires - now;
  answer.expiration_time = key.expires;
  return onem2m::maf::Write(answer);
}

}  // namespace

ResponsePrimitive KeyRetrieval::Retrieve(const RequestPrimitive& request,
                                         std::string_view relative_id, const Client& target,
                                         KeyReader& keys, onem2m::Time now) const {
  const auto parameters = ReadParameters(request, relative_id);
  if (const auto* error = std::get_if<std::string>(&parameters)) {
    return onem2m::RespondWithText(request, ResponseStatusCode::kBadRequest, *error);
  }
  // TS-0003 8.x.6 step 3: identify Kc by KcId …
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
  const auto judge = [&](const KeyView& key) {
    Judge(key, std::get<onem2m::Suid>(parameters), target, now, response);
  };
  const auto found = keys.Read(relative_id, std::ref(judge));
  if (!found) {
    log_(bindings::LogLevel::kError, "a key can't be read: " + found.error().message());
    return onem2m::RespondWithText(request, ResponseStatusCode::kInternalServerError,
                                   "the MAF can't read the key now");
  }
  return response;
}

void KeyRetrieval::Judge(const KeyView& key, onem2m::Suid suid, const Client& target,
                         onem2m::Time now, ResponsePrimitive& response) const {
  const Client* const source = key.expires <= now ? nullptr : SourceOf(key);
  if (source == nullptr) {
    response.status = ResponseStatusCode::kNotFound;
    return;
  }
  // … and verify that the usage is right. Step 4: is this target on the key's list? One answer for
  // both, with nothing in it.
  const bool is_target = target.entity && std::find(key.targets.begin(), key.targets.end(),
                                                    target.entity->id) != key.targets.end();
  if (suid != key.suid || !is_target) {
    response.status = ResponseStatusCode::kOriginatorHasNoPrivilege;
    return;
  }
  response.status = ResponseStatusCode::kOk;
  response.content = Give(key, *source, now);
}

std::variant<onem2m::Suid, std::string> KeyRetrieval::ReadParameters(
    const RequestPrimitive& request, std::string_view relative_id) const {
  std::optional<std::string_view> suid_text;
  std::optional<std::string_view> kc_id_text;
  for (const auto& [name, value] : request.query) {
    auto* place = name == "suid" ? &suid_text : name == "kcid" ? &kc_id_text : nullptr;
    if (place == nullptr || *place) {
      return "parameters of a Key Retrieval are suid and kcid, each once";
    }
    *place = value;
  }
  if (!suid_text || !kc_id_text) {
    return "a Key Retrieval needs both suid and kcid";
  }
  const auto suid = ReadSuid(*suid_text);
  if (!suid) {
    return "suid: not a Security Usage Identifier";
  }
  if (IsKcId(*kc_id_text, relative_id, fqdn_)) {
    return *suid;
  }
  const auto kc_id = onem2m::KcId::Parse(*kc_id_text);
  if (!kc_id || kc_id->fqdn() != fqdn_) {
    return "kcid: not a KcId of this MAF";
  }
  const auto canonical = CanonicalRelativeId(kc_id->relative(), fqdn_);
  if (!canonical || *canonical != relative_id) {
    return "kcid: not the one of the path";
  }
  return *suid;
}

const Client* KeyRetrieval::SourceOf(const KeyView& key) const {
  const Client* const source = clients_.FindName(key.source_km_id);
  if (source == nullptr || source->entity.has_value() != key.source.has_value()) {
    return nullptr;
  }
  // Whose credential was taken back, or given to somebody else, doesn't vouch for old keys.
  const bool is_same = !key.source || (source->entity->id == key.source->id &&
                                       source->entity->kind == key.source->kind);
  return is_same ? source : nullptr;
}

}  // namespace saef::maf
