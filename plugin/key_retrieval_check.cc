// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_retrieval_check.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "onem2m/key_identifier.h"
#include "onem2m/maf_interface.h"

namespace saef::plugin {
namespace {

using onem2m::CredentialType;
using onem2m::ResponseStatusCode;
using onem2m::maf::KeyRetrievalResponse;

constexpr std::size_t kMinKey = 16;

std::string Words(ResponseStatusCode status) {
  return "the MAF answered " + std::to_string(Number(status)) + " " + std::string(Name(status));
}

FetchAnswer ByStatus(ResponseStatusCode status) {
  FetchAnswer answer = DenyKey(Words(status));
  switch (status) {
    case ResponseStatusCode::kNotFound:
      answer.outcome = SAEF_UNKNOWN;
      answer.why = FetchProblem::kNone;
      answer.taken_back = true;
      break;
    case ResponseStatusCode::kOriginatorHasNoPrivilege:
      answer.why = FetchProblem::kNotForUs;
      answer.taken_back = true;
      break;
    case ResponseStatusCode::kRequestTimeout:
    case ResponseStatusCode::kInternalServerError:
    case ResponseStatusCode::kTargetNotReachable:
      answer.outcome = SAEF_UNAVAILABLE;
      answer.why = FetchProblem::kIssuerFailed;
      break;
    default:
      break;
  }
  return answer;
}

// Nothing, or why the credential can't be the source's.
std::optional<std::string> CheckCredential(const KeyRetrievalResponse& response,
                                           const KeyRetrievalContext& context) {
  if (!response.credential_id) {
    if (response.source_id) return std::nullopt;
    return "neither the source nor its credential is named";
  }
  if (response.credential_id->type() != CredentialType::kKmId) return std::nullopt;
  // A KmId is one of this MAF's (TS-0003 10.6), else one MAF could speak for another's clients.
  const auto km_id = onem2m::KmId::Parse(response.credential_id->value());
  if (!km_id) return "the Credential-ID holds no KmId";
  if (km_id->fqdn() != context.maf) return "the Credential-ID is another MAF's";
  return std::nullopt;
}

// Nothing, or why this can't be the source. Fills in `source`.
std::optional<std::string> ReadSource(const KeyRetrievalResponse& response,
                                      const KeyRetrievalContext& context, Source& source) {
  if (auto wrong = CheckCredential(response, context)) return wrong;
  if (response.credential_id) source.credential_id = response.credential_id->text();
  if (!response.source_id) return std::nullopt;
  if (!response.source_type) return "the source is named, but not its kind";
  if (*response.source_type == onem2m::EntityKind::kAe) {
    auto ae = onem2m::AeId::ParseAbsolute(*response.source_id);
    if (!ae) return "the source is no Absolute AE-ID";
    source.entity = std::move(*ae);
    return std::nullopt;
  }
  auto cse = onem2m::CseId::ParseAbsolute(*response.source_id);
  if (!cse) return "the source is no Absolute CSE-ID";
  if (*cse == context.own) return "the source is this CSE itself";
  source.entity = std::move(*cse);
  return std::nullopt;
}

// The end of Kc: the lifetime counts from the answer; a time on the calendar can only shorten it.
std::chrono::seconds Remaining(const KeyRetrievalResponse& response,
                               const KeyRetrievalContext& context) {
  std::chrono::seconds remaining = response.lifetime;
  if (response.expiration_time) {
    remaining =
        std::min<std::chrono::seconds>(remaining, *response.expiration_time - context.calendar_now);
  }
  return remaining;
}

FetchAnswer Judge(KeyRetrievalResponse response, const KeyRetrievalContext& context) {
  if (response.suid != onem2m::Suid::kMafSaef) {
    return DenyKey("the key is for another use (SUID)", FetchProblem::kSuid);
  }
  if (response.key.size() < kMinKey || response.key.size() > SAEF_MAX_KEY) {
    return DenyKey("the key has " + std::to_string(response.key.size()) + " octets");
  }
  const std::chrono::seconds remaining = Remaining(response, context);
  if (remaining.count() <= 0) return DenyKey("the key has expired", FetchProblem::kExpired);
  auto source = std::make_shared<Source>();
  source->suid = response.suid;
  if (const auto wrong = ReadSource(response, context, *source)) return DenyKey(*wrong);

  return GiveKey(std::move(response.key), std::move(source), context.now + remaining);
}

}  // namespace

FetchAnswer CheckKeyRetrieval(onem2m::ResponsePrimitive& response,
                              const KeyRetrievalContext& context) {
  if (!IsSuccess(response.status)) {
    onem2m::Wipe(response.content);
    return ByStatus(response.status);
  }
  if (response.status != ResponseStatusCode::kOk) {
    onem2m::Wipe(response.content);
    return DenyKey(Words(response.status));
  }
  auto parsed = onem2m::maf::ParseKeyRetrievalResponse(response.content);
  onem2m::Wipe(response.content);
  if (!parsed) {
    return DenyKey("the MAF's answer is not as it must be: " + parsed.error().message());
  }
  return Judge(std::move(*parsed), context);
}

}  // namespace saef::plugin
