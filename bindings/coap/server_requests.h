// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerRequests: what comes in at the CoAP server, from libcoap's callback over the handler to its
// answer: with the acknowledgement where the handler has it at once, else as a message of its own.
// All on the loop's thread.
#ifndef SAEF_BINDINGS_COAP_SERVER_REQUESTS_H_
#define SAEF_BINDINGS_COAP_SERVER_REQUESTS_H_

#include <coap3/coap.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "bindings/coap/kept_request.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/message.h"
#include "bindings/coap/observers.h"
#include "bindings/coap/received_request.h"
#include "bindings/coap/server_session.h"
#include "bindings/server.h"
#include "onem2m/primitive.h"

namespace saef::coap {

class ServerRequests {
 public:
  // What it needs of the server.
  struct Server {
    // May this resource be observed? Empty: none.
    std::function<bool(std::string_view path)> observable;
    // The association of a session that a request comes in on.
    std::function<saef_association(coap_session_t*)> association_of;
    // Writes an answer into a PDU that has its token.
    std::function<bool(const ReceivedRequest& request, const Message& answer, coap_pdu_t* pdu)>
        fill;
    // A request of this session has its answer.
    std::function<void(ServerSession& session)> answered;
    // Requests that get to the handler.
    bindings::Counter& requests;
  };
  // `handler` and `observers` must outlive it.
  ServerRequests(std::shared_ptr<Loop> loop, bindings::RequestHandler& handler,
                 Observers& observers, Server server);
  ~ServerRequests();
  ServerRequests(const ServerRequests&) = delete;
  ServerRequests& operator=(const ServerRequests&) = delete;

  // Within libcoap's callback. Where `response` gets no code, libcoap acknowledges the request with
  // an empty message.
  void Handle(ReceivedRequest request, coap_pdu_t* response);
  // Nobody waits for answers any more: in this session; at all.
  void Forget(coap_session_t* session);
  void Clear();

 private:
  // A request that is answered after its handler has returned.
  struct Waiting;
  using Table = std::unordered_map<std::uint64_t, std::unique_ptr<const Waiting>>;

  void Dispatch(ReceivedRequest request, const MessageView& message, coap_pdu_t* response);
  std::uint64_t ConsiderObserver(const ReceivedRequest& request, const MessageView& message,
                                 const onem2m::RequestPrimitive& primitive);
  void AnswerNow(const ReceivedRequest& request, Message answer, coap_pdu_t* response);
  void Deliver(std::uint64_t id, onem2m::ResponsePrimitive answer);
  void Send(const Waiting& waiting, onem2m::ResponsePrimitive answer);
  std::unique_ptr<const Waiting> Take(Table::iterator place);

  const std::shared_ptr<Loop> loop_;
  bindings::RequestHandler& handler_;
  Observers& observers_;
  const Server server_;
  std::uint64_t last_id_ = 0;
  Table waiting_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SERVER_REQUESTS_H_
