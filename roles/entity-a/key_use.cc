// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/key_use.h"

#include <algorithm>
#include <utility>

#include "bindings/log.h"
#include "onem2m/key_derivation.h"

namespace saef::entity_a {
namespace {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

RequestPrimitive RequestTo(const MafAt& maf, Operation operation, const std::string& below) {
  RequestPrimitive request;
  request.operation = operation;
  request.to = maf.path.substr(1) + below;
  request.from = maf.originator;
  request.request_identifier = "key-use";
  request.release_version = "3";
  return request;
}

// The answer, if it has the status that is expected.
Outcome<ResponsePrimitive> AskMaf(const MafAt& maf, RequestPrimitive request,
                                  ResponseStatusCode expected, std::string_view doing) {
  auto response = maf.client.SendAndWait(std::move(request), maf.timeout);
  if (!response) return MakeFailure(Party::kMaf, response.error(), doing);
  if (response->status != expected) {
    return Failure{Party::kMaf, FailureKind::kRefused,
                   "the MAF answers " + std::to_string(onem2m::Number(response->status)) + " " +
                       std::string(onem2m::Name(response->status)) + " to " + std::string(doing) +
                       (response->content.empty() ? "" : ": " + bindings::Quote(response->content)),
                   response->status};
  }
  return std::move(*response);
}

Failure MafAnswersBadly(const std::string& text) {
  return {Party::kMaf, FailureKind::kBadAnswer, "the MAF's answer: " + text, {}};
}

// What is wrong with the answer to a registration; nothing: it is what was asked for, and alive.
std::optional<std::string> WrongIn(const onem2m::maf::KeyRegistrationResponse& answer,
                                   const onem2m::maf::KeyRegistrationRequest& asked) {
  if (answer.suid != asked.suid) return "another SUID than was asked for";
  if (!std::ranges::is_permutation(answer.target_ids, asked.target_ids))
    return "other targets than were asked for";
  if (answer.expiration_time <= onem2m::Now()) return "the key has expired";
  return std::nullopt;
}

}  // namespace

Outcome<RegisteredKey> RegisterKeyFor(const MafAt& maf, onem2m::Suid suid,
                                      const std::vector<std::string>& targets,
                                      std::optional<std::chrono::seconds> lifetime) {
  // TS-0003 8.x.5 step 1. The session must stand before the key is exported from it.
  if (const auto connected = maf.client.Connect(); !connected)
    return MakeFailure(Party::kMaf, connected.error(), "opening a session");
  const std::uint64_t session = maf.client.sessions_established();
  const auto exported =
      maf.client.ExportKeyingMaterial(onem2m::kConnectionExportLabel, onem2m::kExportLength);
  if (!exported)
    return MakeFailure(Party::kMaf, exported.error(), "exporting a key from the session");
  auto split = onem2m::SplitExport(exported->bytes());
  if (!split) return MakeFailure(Party::kSelf, split.error(), "splitting the exported key");

  onem2m::maf::KeyRegistrationRequest wish;
  wish.suid = suid;
  wish.target_ids = targets;
  if (lifetime) wish.expiration_time = onem2m::Now() + *lifetime;
  RequestPrimitive request = RequestTo(maf, Operation::kCreate, "");
  request.resource_type = onem2m::maf::kKeyResourceType;
  request.content = onem2m::maf::Write(wish);
  // As the MAF reads it: identifiers in their canonical form, as many as the SUID allows.
  const auto asked = onem2m::maf::ParseKeyRegistrationRequest(request.content);
  if (!asked) return MakeFailure(Party::kSelf, asked.error(), "asking for a key");
  auto response =
      AskMaf(maf, std::move(request), ResponseStatusCode::kCreated, "registering a key");
  if (!response) return response.error();
  // A request that travelled in another session than the key was exported from gave another key.
  if (maf.client.sessions_established() != session) {
    return Failure{Party::kMaf,
                   FailureKind::kUnreachable,
                   "the session with the MAF ended while a key was registered",
                   {}};
  }
  const auto answer = onem2m::maf::ParseKeyRegistrationResponse(response->content);
  if (!answer) return MafAnswersBadly(answer.error().message());
  if (const auto wrong = WrongIn(*answer, *asked)) return MafAnswersBadly(*wrong);
  auto kc_id = onem2m::KcId::Make(answer->relative_key_id, maf.fqdn);
  if (!kc_id) return MafAnswersBadly("the RelativeKcId makes no KcId");
  return RegisteredKey{std::move(*kc_id), std::move(split->key), onem2m::Now(),
                       answer->expiration_time};
}

Outcome<onem2m::maf::KeyRetrievalResponse> RetrieveKey(const MafAt& maf, const onem2m::KcId& kc_id,
                                                       onem2m::Suid suid) {
  // TS-0003 8.x.6 step 2: SUID and KcId.
  RequestPrimitive request = RequestTo(maf, Operation::kRetrieve, "/" + kc_id.relative());
  request.query = {{"suid", std::to_string(static_cast<int>(suid))}, {"kcid", kc_id.text()}};
  auto response = AskMaf(maf, std::move(request), ResponseStatusCode::kOk, "retrieving a key");
  if (!response) return response.error();
  auto answer = onem2m::maf::ParseKeyRetrievalResponse(response->content);
  onem2m::Wipe(response->content);
  if (!answer) return MafAnswersBadly(answer.error().message());
  // The SUID limits what the key may be used for (8.x.6 step 2).
  if (answer->suid != suid) return MafAnswersBadly("the key is for another SUID");
  return std::move(*answer);
}

Outcome<void> UpdateTargets(const MafAt& maf, const onem2m::KcId& kc_id,
                            const std::vector<std::string>& targets) {
  RequestPrimitive request = RequestTo(maf, Operation::kUpdate, "/" + kc_id.relative());
  request.content = onem2m::maf::Write(onem2m::maf::TargetListUpdate{targets});
  auto response =
      AskMaf(maf, std::move(request), ResponseStatusCode::kUpdated, "updating the list of targets");
  if (!response) return response.error();
  return {};
}

Outcome<void> DeregisterKey(const MafAt& maf, const onem2m::KcId& kc_id) {
  auto response = AskMaf(maf, RequestTo(maf, Operation::kDelete, "/" + kc_id.relative()),
                         ResponseStatusCode::kDeleted, "de-registering a key");
  if (!response) return response.error();
  return {};
}

}  // namespace saef::entity_a
