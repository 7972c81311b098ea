// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientExchanges: the client's requests that have no answer yet: those that wait for a session or
// for their turn, and those under way, by their tokens. All on the loop's thread. A request's Done
// may call back: each is taken out of here before its Done runs.
#ifndef SAEF_BINDINGS_COAP_CLIENT_EXCHANGES_H_
#define SAEF_BINDINGS_COAP_CLIENT_EXCHANGES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bindings/coap/client_exchange.h"
#include "bindings/coap/loop.h"
#include "bindings/error.h"

namespace saef::coap {

class ClientExchanges {
 public:
  explicit ClientExchanges(std::size_t max_waiting) : max_waiting_(max_waiting) {}
  ClientExchanges(const ClientExchanges&) = delete;
  ClientExchanges& operator=(const ClientExchanges&) = delete;

  // To the end of those that wait; beyond their bound it ends with kLimit.
  void Add(ClientExchangePtr exchange);
  // It was sent already and is to be sent in another form: before all others.
  void AddFirst(ClientExchangePtr exchange);
  bool any_wait() const { return !waiting_.empty(); }
  // May another one be sent, where so many may be under way?
  bool may_send(std::size_t window) const { return any_wait() && under_way_.size() < window; }
  // Where one may be sent: this one, which is nowhere until it is handed back as sent.
  ClientExchangePtr Next();
  void Sent(std::string token, ClientExchangePtr exchange);

  // Under way; null: there is none (any more).
  ClientExchange* Find(const std::string& token) const;
  ClientExchangePtr Take(const std::string& token);
  // It will come to nothing: kept until FinishFailed, because libcoap's callbacks may not end what
  // libcoap is at work on.
  void NoteFailure(std::string token, bindings::Error error);
  void FinishFailed();

  // The peer ended the session or has lost it. What may be done twice waits to be done once more,
  // on a new one: a MAF may end its session after each procedure (TS-0003 8.x.5 step 11), while the
  // next request is already on its way. The rest ends with this error.
  void SessionEnded(bindings::Error error);
  void FailAll(bindings::Error error);
  // Those whose time is over end with this error. Looks at them only when one can be.
  void Expire(Clock::time_point now, bindings::Error error);
  // Forgets the request that began this observation, without a word to its Notify.
  void Cancel(std::uint64_t observation);
  // When Expire is next due, `latest` at the latest; perhaps too early, where what would have been
  // due has been answered.
  Clock::time_point NextDue(Clock::time_point latest) const;

 private:
  void TakeExpired(Clock::time_point now, std::vector<ClientExchangePtr>& expired);

  const std::size_t max_waiting_;
  std::deque<ClientExchangePtr> waiting_;
  std::unordered_map<std::string, ClientExchangePtr> under_way_;  // by token
  // No deadline of those here is earlier.
  Clock::time_point first_deadline_ = Clock::time_point::max();
  std::vector<std::pair<std::string, bindings::Error>> failed_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_EXCHANGES_H_
