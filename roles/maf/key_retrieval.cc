// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_retrieval.h"

#include <algorithm>
#include <charconv>
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

ResponsePrimitive Give(const RequestPrimitive& request, KeyRecord record, const Client& source,
                       onem2m::Time now) {
  onem2m::maf::KeyRetrievalResponse answer;
  answer.key = std::move(record.key);
  if (record.source) {
    answer.source_id = record.source->id;
    answer.source_type = record.source->kind;
  }
  // TS-0003 8.2.2.3 step 12: without an IdA, Entity B goes by the source's Credential-ID: of its
  // KmId or its certificate.
  if (auto id = source.credential_id()) {
    answer.credential_id = std::move(*id);
  }
  answer.suid = record.suid;
  answer.lifetime = record.expires - now;
  answer.expiration_time = record.expires;
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kOk);
  response.content = onem2m::maf::Write(answer);
  return response;
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
  auto found = keys.Find(relative_id);
  if (!found) {
    log_(bindings::LogLevel::kError, "a key can't be read: " + found.error().message());
    return onem2m::RespondWithText(request, ResponseStatusCode::kInternalServerError,
                                   "the MAF can't read the key now");
  }
  if (!*found || (*found)->expires <= now) {
    return onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
  }
  KeyRecord& record = **found;
  const Client* source = SourceOf(record);
  if (source == nullptr) {
    return onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
  }
  // … and verify that the usage is right. Step 4: is this target on the key's list? One answer for
  // both, with nothing in it.
  const bool usage_is_right = std::get<onem2m::Suid>(parameters) == record.suid;
  const bool is_target = target.entity && std::find(record.targets.begin(), record.targets.end(),
                                                    target.entity->id) != record.targets.end();
  if (!usage_is_right || !is_target) {
    return onem2m::RespondTo(request, ResponseStatusCode::kOriginatorHasNoPrivilege);
  }
  return Give(request, std::move(record), *source, now);
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

const Client* KeyRetrieval::SourceOf(const KeyRecord& record) const {
  const Client* source = clients_.FindName(record.source_km_id);
  // Whose credential was taken back, or given to somebody else, doesn't vouch for old keys.
  return source != nullptr && source->entity == record.source ? source : nullptr;
}

}  // namespace saef::maf
