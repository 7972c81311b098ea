// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/request_handler.h"

#include <algorithm>

#include "onem2m/timestamp.h"

namespace saef::cse {
namespace {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResourceType;
using onem2m::ResponsePrimitive;
using enum onem2m::ResponseStatusCode;

bool RegistersAe(const RequestPrimitive& request) {
  return request.operation == Operation::kCreate &&
         request.resource_type == static_cast<int>(ResourceType::kAe);
}

// Request Expiration Timestamp (TS-0004 6.4.1): a time, or milliseconds from now, which are not
// over when the answer is computed at once.
std::optional<Refusal> CheckExpiration(const std::string& text) {
  const bool relative =
      !text.empty() && text.size() < 15 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (relative) {
    return std::nullopt;
  }
  const onem2m::Result<onem2m::Time> time = onem2m::ParseTimestamp(text);
  if (!time) {
    return Refuse(kBadRequest, "Request Expiration Timestamp is neither a time nor milliseconds");
  }
  if (*time < onem2m::Now()) {
    return Refuse(kRequestTimeout, "the request had expired when it came");
  }
  return std::nullopt;
}

// Mandatory parameters (TS-0004 6.4.1) that the bindings let pass.
std::optional<Refusal> CheckParameters(const RequestPrimitive& request) {
  if (request.request_identifier.empty()) {
    return Refuse(kBadRequest, "a Request Identifier is needed");
  }
  if ((!request.from || request.from->empty()) && !RegistersAe(request)) {
    return Refuse(kBadRequest, "From is needed; only an AE that registers may leave it out");
  }
  return request.request_expiration ? CheckExpiration(*request.request_expiration) : std::nullopt;
}

ResponsePrimitive RespondRefusing(const RequestPrimitive& request, const Refusal& refusal) {
  return onem2m::RespondWithText(request, refusal.status, refusal.text);
}

}  // namespace

RequestHandler::RequestHandler(onem2m::CseId self, OriginatorCheck check, ResourceService& service,
                               bindings::Log log, Forwarder* forwarder)
    : self_(std::move(self)),
      check_(check),
      service_(service),
      log_(std::move(log)),
      forwarder_(forwarder) {}

void RequestHandler::Handle(RequestPrimitive request, std::shared_ptr<bindings::Session> session,
                            bindings::Respond respond) {
  const saef_association association = session->association();
  std::string line = session->peer() + " " + std::string(onem2m::Name(request.operation)) + " " +
                     bindings::Quote(request.to, 80) + " from " +
                     bindings::Quote(request.from.value_or(""), 80) + ": ";
  Route(std::move(request), association,
        [log = log_, line = std::move(line),
         respond = std::move(respond)](ResponsePrimitive response) {
          log(bindings::LogLevel::kDebug, line + std::to_string(onem2m::Number(response.status)));
          respond(std::move(response));
        });
}

void RequestHandler::Route(RequestPrimitive request, saef_association association, Answered done) {
  const Outcome<Peer> peer = check_.Admit(request, association);
  if (!peer) {
    done(RespondRefusing(request, peer.error()));
    return;
  }
  if (const std::optional<Refusal> refusal = CheckParameters(request)) {
    done(RespondRefusing(request, *refusal));
    return;
  }
  if (forwarder_ != nullptr) {
    if (const auto elsewhere = forwarder_->Elsewhere(request)) {
      forwarder_->Forward(std::move(request), *peer, *elsewhere, std::move(done));
      return;
    }
  }
  done(Answer(request, *peer, association));
}

ResponsePrimitive RequestHandler::Answer(const RequestPrimitive& request, const Peer& peer,
                                         saef_association association) {
  cse::Answer answer = service_.Handle(request, peer);
  // The withdrawals first: the registration may have been made in the place of one that ended.
  WithdrawRemoved();
  if (answer.registered_ae && peer.kind != PeerKind::kNone) {
    const auto ae_id = onem2m::AeId::Parse(*answer.registered_ae, self_);
    if (const std::optional<Refusal> refusal = check_.Assign(association, ae_id->Absolute())) {
      service_.Deregister(*answer.registered_ae);
      WithdrawRemoved();
      return RespondRefusing(request, *refusal);
    }
  }
  return std::move(answer.response);
}

void RequestHandler::WithdrawRemoved() {
  const std::vector<std::string> removed = service_.TakeRemovedAes();
  if (!removed.empty()) {
    check_.Withdraw(removed);
    service_.ForgetRemovedAes(removed);
  }
}

}  // namespace saef::cse
