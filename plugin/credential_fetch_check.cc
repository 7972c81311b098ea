// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/credential_fetch_check.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "end-point/credential_fetch.h"

namespace saef::plugin {
namespace {

using end_point::FetchRefusal;
using onem2m::mef::FetchedCredential;

// Nothing, or why this can't be the enrolee. TS-0003 8.2.1: the MEF may tell who it is. Where it
// doesn't, the Credential-ID is what is known of it.
std::optional<std::string> ReadEnrolee(const FetchedCredential& fetched, const onem2m::CseId& own,
                                       Source& source) {
  if (!fetched.enrolee_id) return std::nullopt;
  if (*fetched.enrolee_type == onem2m::EntityKind::kAe) {
    auto ae = onem2m::AeId::ParseAbsolute(*fetched.enrolee_id);
    if (!ae) return "the enrolee is no Absolute AE-ID";
    source.entity = std::move(*ae);
    return std::nullopt;
  }
  auto cse = onem2m::CseId::ParseAbsolute(*fetched.enrolee_id);
  if (!cse) return "the enrolee is no Absolute CSE-ID";
  if (*cse == own) return "the enrolee is this CSE itself";
  source.entity = std::move(*cse);
  return std::nullopt;
}

FetchAnswer Refuse(FetchRefusal refusal) {
  FetchAnswer answer = DenyKey(std::move(refusal.why));
  if (refusal.kind == FetchRefusal::Kind::kCannot) {
    answer.outcome = SAEF_UNAVAILABLE;
    answer.why = FetchProblem::kIssuerFailed;
  }
  if (refusal.kind == FetchRefusal::Kind::kNotForUs) {
    // One text for an unknown KeId, an expired one, and one that isn't for us.
    answer.outcome = SAEF_UNKNOWN;
    answer.why = FetchProblem::kNone;
    answer.taken_back = true;
  }
  return answer;
}

}  // namespace

FetchAnswer CheckCredentialFetch(onem2m::ResponsePrimitive& response,
                                 const CredentialFetchContext& context) {
  auto read = end_point::ReadFetchAnswer(response);
  if (auto* const refusal = std::get_if<FetchRefusal>(&read)) return Refuse(std::move(*refusal));
  auto& fetched = std::get<FetchedCredential>(read);
  auto source = std::make_shared<Source>();
  // TS-0003 10.4: KpsaId, which is KeId here.
  source->credential_id = "12-" + std::string(context.ke_id.as_sent());
  source->suid = onem2m::Suid::kRspfSaef;
  if (const auto wrong = ReadEnrolee(fetched, context.own, *source)) return DenyKey(*wrong);
  return GiveKey(std::move(fetched.credential), std::move(source), context.now + fetched.lifetime);
}

}  // namespace saef::plugin
