// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observers: the server's side of observation (RFC 7641): which client observes what, and its
// notifications. The resource is anything the handler answers: each notification is the handler's
// fresh answer to the client's own request, so what a client may see is judged afresh each time.
//
// All notifications are confirmable, so that one who has vanished is noticed (RFC 7641 4.5), and at
// most one of an observer's is under way; what changes meanwhile is told once it has been
// acknowledged. Sessions in which all is quiet are asked for a sign of life. All on the loop's
// thread.
#ifndef SAEF_BINDINGS_COAP_OBSERVERS_H_
#define SAEF_BINDINGS_COAP_OBSERVERS_H_

#include <coap3/coap.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "bindings/coap/acknowledgement.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/message.h"
#include "bindings/coap/received_request.h"
#include "bindings/coap/server_session.h"
#include "bindings/server.h"
#include "onem2m/primitive.h"

namespace saef::coap {

class Observers {
 public:
  static constexpr std::chrono::seconds kSignOfLife{120};

  // The server's: writes an answer into a PDU that has its token.
  using Fill =
      std::function<bool(const ReceivedRequest& request, const Message& answer, coap_pdu_t* pdu)>;
  // The server's: a request of this session has its answer.
  using Answered = std::function<void(ServerSession& session)>;

  Observers(std::shared_ptr<Loop> loop, bindings::RequestHandler& handler, std::size_t max,
            std::size_t max_per_session, Fill fill, Answered answered);
  ~Observers();
  Observers(const Observers&) = delete;
  Observers& operator=(const Observers&) = delete;

  // On the thread, before anything comes in.
  void Start() { SetThreadOnAcknowledged(&on_acknowledged_); }

  // A request that wishes to observe, before its handler is asked; it takes the place of an earlier
  // one with its token. Its number for FirstAnswer; 0: a bound is reached.
  std::uint64_t Begin(const ReceivedRequest& request, onem2m::RequestPrimitive primitive);
  // Its answer, about to be sent: gets its Observe option; or isn't a success, and then that was
  // it.
  void FirstAnswer(std::uint64_t id, Message& answer);
  // The client doesn't want this one any more.
  void Remove(coap_session_t* session, const std::string& token);
  // The client has gone.
  void Forget(coap_session_t* session);
  void Clear();
  void Changed(std::string_view path);
  // What libcoap says of a message that it couldn't deliver.
  void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason);
  // Asks the quiet ones for a sign of life.
  void Sweep(Clock::time_point now);

  std::size_t size() const { return size_; }  // any thread

 private:
  struct Observer;
  struct PerSession {
    std::size_t observers = 0;
    Clock::time_point asked_at;
  };
  using Table = std::unordered_map<std::uint64_t, std::unique_ptr<Observer>>;

  void Erase(Table::iterator place);
  void Ask(std::uint64_t id);
  void AskIfChanged(std::uint64_t id);
  void Deliver(std::uint64_t id, onem2m::ResponsePrimitive answer);
  void Send(Observer& observer, const Message& answer);
  void Acknowledged(coap_session_t* session, const std::string& token);

  const std::shared_ptr<Loop> loop_;
  bindings::RequestHandler& handler_;
  const std::size_t max_;
  const std::size_t max_per_session_;
  const Fill fill_;
  const Answered answered_;
  const OnAcknowledged on_acknowledged_;
  std::uint64_t last_id_ = 0;
  std::uint32_t last_sequence_ = 1;
  Table table_;
  std::map<std::pair<coap_session_t*, std::string>, std::uint64_t> by_token_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_path_;
  std::unordered_map<coap_session_t*, PerSession> sessions_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_OBSERVERS_H_
