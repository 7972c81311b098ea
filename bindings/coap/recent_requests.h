// SPDX-License-Identifier: GPL-3.0-or-later
//
// RecentRequests: what one peer has asked lately and what it was answered, so that a request that
// is sent again because its answer got lost is answered again, not done again (RFC 7252 4.5).
// libcoap doesn't see to that. Bounded in number, octets and time.
//
// What only reads is read again rather than its answer kept (RFC 7252 4.5 lets a server choose for
// what is idempotent): most answers hold a key, which then lies nowhere for minutes, and one that
// has been taken back meanwhile isn't given out any more.
#ifndef SAEF_BINDINGS_COAP_RECENT_REQUESTS_H_
#define SAEF_BINDINGS_COAP_RECENT_REQUESTS_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

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
    kForgotten  // its answer wasn't kept: may be handled again only if idempotent
  };
  struct Found {
    State state = State::kNew;
    std::shared_ptr<const Message> answer;
  };

  RecentRequests() = default;
  ~RecentRequests();
  RecentRequests(const RecentRequests&) = delete;
  RecentRequests& operator=(const RecentRequests&) = delete;

  // Looks a request up, and keeps it if it is new.
  Found See(std::uint16_t message_id, const std::string& token, Clock::time_point now);
  // The answer that went out with the acknowledgement; wiped when it goes.
  void Answered(std::uint16_t message_id, const std::string& token, Message answer);
  // It was answered, and the answer isn't to be kept.
  void Forget(std::uint16_t message_id, const std::string& token);

 private:
  struct Entry {
    std::string token;
    Clock::time_point expires;
    State state;
    std::shared_ptr<Message> answer;
  };
  // Null: there is none.
  Entry* Find(std::uint16_t message_id, const std::string& token, Clock::time_point now);
  static void Drop(Entry& entry);

  // Of the entries; apart, because each request is looked for among all numbers. The oldest is
  // overwritten once there are kMaxRequests.
  std::array<std::uint16_t, kMaxRequests> message_ids_{};
  std::vector<Entry> entries_;
  std::size_t oldest_ = 0;
  std::size_t newest_ = 0;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_RECENT_REQUESTS_H_
