// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/observers.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "bindings/coap/answerer.h"
#include "bindings/coap/kept_request.h"
#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/response_codec.h"

namespace saef::coap {
namespace {

// "/KR/x" and "kr/X" are one.
std::string FoldPath(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::string folded(path);
  for (char& c : folded) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return folded;
}

}  // namespace

struct Observers::Observer {
  Observer(const ReceivedRequest& of, onem2m::RequestPrimitive asked_for)
      : request(of),
        token(TokenOf(of.pdu)),
        path(FoldPath(asked_for.to)),
        primitive(std::move(asked_for)) {}

  ServerSession& session() const { return *request.get().session; }

  const KeptRequest request;
  const std::string token;
  const std::string path;
  const onem2m::RequestPrimitive primitive;
  bool asked = true;            // the handler is at work
  bool of_request = true;       // … on the request itself, which the server counts as pending
  bool unacknowledged = false;  // a notification is under way
  bool changed = false;         // since the handler was asked
};

Observers::Observers(std::shared_ptr<Loop> loop, bindings::RequestHandler& handler, std::size_t max,
                     std::size_t max_per_session, Fill fill, Answered answered)
    : loop_(std::move(loop)),
      handler_(handler),
      max_(max),
      max_per_session_(max_per_session),
      fill_(std::move(fill)),
      answered_(std::move(answered)),
      on_acknowledged_([this](coap_session_t* session, const std::string& token) {
        Acknowledged(session, token);
      }) {}

Observers::~Observers() { Clear(); }

std::uint64_t Observers::Begin(const ReceivedRequest& request, onem2m::RequestPrimitive primitive) {
  Remove(request.coap_session, TokenOf(request.pdu));
  const auto known = sessions_.find(request.coap_session);
  const std::size_t of_session = known == sessions_.end() ? 0 : known->second.observers;
  if (table_.size() >= max_ || of_session >= max_per_session_) return 0;
  auto observer = std::make_unique<Observer>(request, std::move(primitive));
  if (observer->request.get().pdu == nullptr) return 0;
  const std::uint64_t id = ++last_id_;
  by_token_[{request.coap_session, observer->token}] = id;
  by_path_.emplace(observer->path, id);
  PerSession& session = sessions_[request.coap_session];
  if (++session.observers == 1) session.asked_at = Clock::now();
  table_.emplace(id, std::move(observer));
  size_ = table_.size();
  return id;
}

void Observers::FirstAnswer(std::uint64_t id, Message& answer) {
  const auto place = table_.find(id);
  if (place == table_.end()) return;
  if (ClassOf(answer.code) != 2) {
    Erase(place);
    return;
  }
  Observer& observer = *place->second;
  observer.asked = false;
  observer.of_request = false;
  WriteObserve(answer, ++last_sequence_);
  // Not before this answer is on its way.
  if (observer.changed) loop_->Post([this, id] { AskIfChanged(id); });
}

void Observers::Erase(Table::iterator place) {
  const Observer& observer = *place->second;
  if (observer.asked && !observer.of_request) --observer.session().pending;
  coap_session_t* const session = observer.request.get().coap_session;
  by_token_.erase({session, observer.token});
  auto [first, last] = by_path_.equal_range(observer.path);
  by_path_.erase(std::find_if(
      first, last, [&place](const auto& entry) { return entry.second == place->first; }));
  const auto of_session = sessions_.find(session);
  if (--of_session->second.observers == 0) sessions_.erase(of_session);
  table_.erase(place);
  size_ = table_.size();
}

void Observers::Remove(coap_session_t* session, const std::string& token) {
  const auto known = by_token_.find({session, token});
  if (known != by_token_.end()) Erase(table_.find(known->second));
}

void Observers::Forget(coap_session_t* session) {
  std::vector<std::uint64_t> gone;
  for (auto i = by_token_.lower_bound({session, std::string()});
       i != by_token_.end() && i->first.first == session; ++i) {
    gone.push_back(i->second);
  }
  for (const std::uint64_t id : gone) Erase(table_.find(id));
}

void Observers::Clear() {
  while (!table_.empty()) Erase(table_.begin());
}

void Observers::Changed(std::string_view path) {
  std::vector<std::uint64_t> concerned;
  const auto [first, last] = by_path_.equal_range(FoldPath(path));
  for (auto i = first; i != last; ++i) concerned.push_back(i->second);
  for (const std::uint64_t id : concerned) {
    const auto place = table_.find(id);
    if (place == table_.end()) continue;
    place->second->changed = true;
    AskIfChanged(id);
  }
}

void Observers::AskIfChanged(std::uint64_t id) {
  const auto place = table_.find(id);
  if (place == table_.end()) return;
  const Observer& observer = *place->second;
  if (observer.changed && !observer.asked && !observer.unacknowledged) Ask(id);
}

void Observers::Ask(std::uint64_t id) {
  Observer& observer = *table_.at(id);
  observer.asked = true;
  observer.changed = false;
  const std::shared_ptr<ServerSession> session = observer.request.get().session;
  auto answerer = std::make_shared<Answerer>(
      loop_, observer.primitive,
      [this, id](onem2m::ResponsePrimitive answer) { Deliver(id, std::move(answer)); });
  ++session->pending;
  handler_.Handle(observer.primitive, session, [answerer](onem2m::ResponsePrimitive&& answer) {
    answerer->Answer(std::move(answer));
  });
  // Dropped already: nobody is left to answer.
  if (answerer.use_count() == 1) answerer->AnswerNothing();
  if (auto early = answerer->HandlerReturned()) Deliver(id, std::move(*early));
}

void Observers::Deliver(std::uint64_t id, onem2m::ResponsePrimitive answer) {
  const auto place = table_.find(id);
  if (place == table_.end()) return onem2m::Wipe(answer.content);
  Observer& observer = *place->second;
  const std::shared_ptr<ServerSession> session = observer.request.get().session;
  --session->pending;
  observer.asked = false;
  Message message =
      EncodeResponse(std::move(answer), observer.request.get().set, onem2m::Operation::kRetrieve);
  // RFC 7641 4.2: an answer that isn't a success has no Observe option and is the last.
  const bool lasts = ClassOf(message.code) == 2;
  if (lasts) WriteObserve(message, ++last_sequence_);
  observer.unacknowledged = true;
  Send(observer, message);
  onem2m::Wipe(message.payload);
  const auto still = table_.find(id);
  if (!lasts && still != table_.end()) Erase(still);
  answered_(*session);
}

void Observers::Send(Observer& observer, const Message& answer) {
  // A failure to send ends the session, and the observer with it.
  coap_session_t* const session = coap_session_reference(observer.request.get().coap_session);
  const std::unique_ptr<coap_session_t, decltype(&coap_session_release)> held(session,
                                                                              coap_session_release);
  coap_pdu_t* const pdu =
      coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, coap_new_message_id(session),
                    coap_session_max_pdu_size(session));
  if (pdu == nullptr) return;
  if (coap_add_token(pdu, observer.token.size(),
                     reinterpret_cast<const std::uint8_t*>(observer.token.data())) == 0) {
    coap_delete_pdu(pdu);
    return;
  }
  fill_(observer.request.get(), answer, pdu);
  // Unasked, so one at a time (RFC 7252 4.7); answers may have raised it.
  coap_session_set_nstart(session, 1);
  coap_send(session, pdu);
}

void Observers::Acknowledged(coap_session_t* session, const std::string& token) {
  const auto of_session = sessions_.find(session);
  if (of_session == sessions_.end()) return;
  of_session->second.asked_at = Clock::now();
  const auto known = by_token_.find({session, token});
  if (known == by_token_.end()) return;
  table_.at(known->second)->unacknowledged = false;
  // Within libcoap's processing of the acknowledgement nothing is sent.
  loop_->Post([this, id = known->second] { AskIfChanged(id); });
}

void Observers::OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason) {
  if (reason != COAP_NACK_RST) {
    Forget(session);
  } else if (sent != nullptr && coap_pdu_get_code(sent) != COAP_EMPTY_CODE) {
    // RFC 7641 3.6. A reset of an empty message is the sign of life that was asked for.
    Remove(session, TokenOf(sent));
  }
}

void Observers::Sweep(Clock::time_point now) {
  std::vector<coap_session_t*> quiet;
  for (auto& [session, state] : sessions_) {
    if (state.asked_at + kSignOfLife > now) continue;
    state.asked_at = now;
    quiet.push_back(session);
  }
  for (coap_session_t* session : quiet) {
    // It isn't sent while something else waits for its acknowledgement, which serves as well.
    if (sessions_.contains(session)) coap_session_send_ping(session);
  }
}

}  // namespace saef::coap
