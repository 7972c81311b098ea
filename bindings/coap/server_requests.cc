// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_requests.h"

#include <utility>
#include <variant>

#include "bindings/coap/answerer.h"
#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"
#include "bindings/coap/response_codec.h"

namespace saef::coap {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;

namespace {

// Answers to one client that came later than its requests' acknowledgements (RFC 7252 5.2.2) and
// aren't acknowledged themselves yet: NSTART's usual 1 would be one in a round trip. It is the
// client that keeps the path from being overrun, by how much it asks at a time.
constexpr std::uint16_t kAnswersAtOnce = 16384;

std::uint16_t MessageIdOf(const coap_pdu_t* pdu) {
  return static_cast<std::uint16_t>(coap_pdu_get_mid(pdu));
}

}  // namespace

struct ServerRequests::Waiting {
  Waiting(const ReceivedRequest& of, Operation asked, std::uint64_t observed_as)
      : request(of),
        operation(asked),
        confirmable(coap_pdu_get_type(of.pdu) == COAP_MESSAGE_CON),
        observer(observed_as) {}

  const KeptRequest request;
  const Operation operation;
  const bool confirmable;
  const std::uint64_t observer;  // not 0: it is to be observed (observers.h)
};

ServerRequests::ServerRequests(std::shared_ptr<Loop> loop, bindings::RequestHandler& handler,
                               Observers& observers, Server server)
    : loop_(std::move(loop)),
      handler_(handler),
      observers_(observers),
      server_(std::move(server)) {}

ServerRequests::~ServerRequests() { Clear(); }

void ServerRequests::Handle(ReceivedRequest request, coap_pdu_t* response) {
  const auto now = Clock::now();
  ServerSession& session = *request.session;
  MessageView message = ViewPdu(request.pdu);
  request.asks_for_blocks = HasOption(message, COAP_OPTION_BLOCK2);
  const auto seen = session.recent.See(MessageIdOf(request.pdu), TokenOf(request.pdu), now);
  if (seen.state == RecentRequests::State::kPending) return;
  if (seen.state == RecentRequests::State::kAnswered) {
    server_.fill(request, *seen.answer, response);
    return;
  }
  if (seen.state == RecentRequests::State::kForgotten && message.code == kPost) return;
  // With Observe it does more than to read.
  request.is_read = message.code == kGet && !HasOption(message, COAP_OPTION_OBSERVE);

  const bool in_blocks = HasOption(message, COAP_OPTION_BLOCK1);
  Block block;
  if (in_blocks) {
    block = ReadBlock(request.coap_session, request.pdu, COAP_OPTION_BLOCK1);
  } else {
    block.data = DataOf(request.pdu);
  }
  std::string body;
  const std::uint8_t code = session.bodies.Add(message, block, in_blocks, now, body);
  if (code != 0) {
    AnswerNow(request, {code, {}, {}}, response);
    return;
  }
  message.payload = in_blocks ? body : block.data;
  Dispatch(std::move(request), message, response);
  onem2m::Wipe(body);
}

void ServerRequests::Dispatch(ReceivedRequest request, const MessageView& message,
                              coap_pdu_t* response) {
  auto decoded = DecodeRequest(message);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) {
    const auto answer = RespondWithText(refusal->request, refusal->status, refusal->text);
    AnswerNow(request, EncodeResponse(answer, refusal->set, refusal->request.operation), response);
    return;
  }
  const std::shared_ptr<ServerSession> session = request.session;
  session->SetAssociation(server_.association_of(request.coap_session));
  auto& [primitive, set] = std::get<DecodedRequest>(decoded);
  request.set = set;
  const Operation operation = primitive.operation;
  const std::uint64_t id = ++last_id_;
  const std::uint64_t observer = ConsiderObserver(request, message, primitive);
  auto answerer = std::make_shared<Answerer>(
      loop_, primitive, [this, id](ResponsePrimitive answer) { Deliver(id, std::move(answer)); });
  ++session->pending;
  server_.requests.Add();
  handler_.Handle(std::move(primitive), session,
                  [answerer](ResponsePrimitive&& answer) { answerer->Answer(std::move(answer)); });
  // Dropped already: nobody is left to answer.
  if (answerer.use_count() == 1) answerer->AnswerNothing();
  if (auto early = answerer->HandlerReturned()) {
    --session->pending;
    Message answer = EncodeResponse(std::move(*early), set, operation);
    if (observer != 0) observers_.FirstAnswer(observer, answer);
    AnswerNow(request, std::move(answer), response);
    return;
  }
  waiting_[id] = std::make_unique<Waiting>(request, operation, observer);
}

// RFC 7641 4.1: not 0 where this request makes its sender an observer.
std::uint64_t ServerRequests::ConsiderObserver(const ReceivedRequest& request,
                                               const MessageView& message,
                                               const RequestPrimitive& primitive) {
  switch (ReadObserveWish(message)) {
    case ObserveWish::kDeregister:
      observers_.Remove(request.coap_session, TokenOf(request.pdu));
      return 0;
    case ObserveWish::kRegister:
      if (!server_.observable || !server_.observable(primitive.to)) return 0;
      return observers_.Begin(request, primitive);
    case ObserveWish::kNone:
      break;
  }
  return 0;
}

// The answer goes with the acknowledgement.
void ServerRequests::AnswerNow(const ReceivedRequest& request, Message answer,
                               coap_pdu_t* response) {
  server_.fill(request, answer, response);
  RecentRequests& recent = request.session->recent;
  if (request.is_read) {
    recent.Forget(MessageIdOf(request.pdu), TokenOf(request.pdu));
    onem2m::Wipe(answer.payload);
  } else {
    recent.Answered(MessageIdOf(request.pdu), TokenOf(request.pdu), std::move(answer));
  }
  server_.answered(*request.session);
}

// An answer that comes after the acknowledgement.
void ServerRequests::Deliver(std::uint64_t id, ResponsePrimitive answer) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;  // the session has ended meanwhile
  // A failure to send ends the session, and then Forget finds nothing of this one.
  const std::unique_ptr<const Waiting> waiting = Take(found);
  Send(*waiting, std::move(answer));
  server_.answered(*waiting->request.get().session);
}

void ServerRequests::Send(const Waiting& waiting, ResponsePrimitive answer) {
  const ReceivedRequest& request = waiting.request.get();
  coap_pdu_t* const response = coap_pdu_init(
      waiting.confirmable ? COAP_MESSAGE_CON : COAP_MESSAGE_NON, COAP_EMPTY_CODE,
      coap_new_message_id(request.coap_session), coap_session_max_pdu_size(request.coap_session));
  if (response == nullptr) return;
  const coap_bin_const_t token =
      request.pdu == nullptr ? coap_bin_const_t{} : coap_pdu_get_token(request.pdu);
  if (request.pdu == nullptr || coap_add_token(response, token.length, token.s) == 0) {
    coap_delete_pdu(response);
    return;
  }
  Message message = EncodeResponse(std::move(answer), request.set, waiting.operation);
  if (waiting.observer != 0) observers_.FirstAnswer(waiting.observer, message);
  server_.fill(request, message, response);
  onem2m::Wipe(message.payload);
  coap_session_set_nstart(request.coap_session, kAnswersAtOnce);
  coap_send(request.coap_session, response);
}

std::unique_ptr<const ServerRequests::Waiting> ServerRequests::Take(Table::iterator place) {
  std::unique_ptr<const Waiting> taken = std::move(place->second);
  waiting_.erase(place);
  --taken->request.get().session->pending;
  return taken;
}

void ServerRequests::Forget(coap_session_t* session) {
  for (auto i = waiting_.begin(); i != waiting_.end();) {
    const auto waiting = i++;
    if (waiting->second->request.get().coap_session == session) Take(waiting);
  }
}

void ServerRequests::Clear() {
  while (!waiting_.empty()) Take(waiting_.begin());
}

}  // namespace saef::coap
