// SPDX-License-Identifier: GPL-3.0-or-later
//
// RecentRequests: what one peer has asked lately and what it was answered, so that a request that
// is sent again because its answer got lost is answered again, not done again (RFC 7252 4.5).
// libcoap doesn't see to that. Bounded in number, octets and time.
#ifndef SAEF_BINDINGS_COAP_RECENT_REQUESTS_H_
#define SAEF_BINDINGS_COAP_RECENT_REQUESTS_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "bindings/coap/loop.h"
#include "bindings/coap/message.h"

namespace saef::coap {

class RecentRequests {
 public:
  static constexpr std::size_t kMaxRequests = 128;
  static constexpr std::size_t kMaxPayload = 8 * 1024;
  static constexpr std::chrono::seconds kLifetime{247};  // EXCHANGE_LIFETIME, RFC 7252 4.8.2

  enum class State {
    kNew,       // not seen before
    kPending,   // is being handled, or its answer goes its own way
    kAnswered,  // here is the answer
    kForgotten  // was answered with more than is kept: may be handled again only if idempotent
  };
  struct Found {
    State state = State::kNew;
    std::shared_ptr<const Message> answer;
  };

  // Looks a request up, and keeps it if it is new.
  Found See(std::uint16_t message_id, const std::string& token, Clock::time_point now);
  // The answer that went out with the acknowledgement.
  void Answered(std::uint16_t message_id, const std::string& token, const Message& answer);

 private:
  struct Entry {
    std::uint16_t message_id;
    std::string token;
    Clock::time_point expires;
    State state;
    std::shared_ptr<const Message> answer;
  };
  std::deque<Entry> entries_;  // oldest first
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_RECENT_REQUESTS_H_
