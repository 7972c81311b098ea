// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/recent_requests.h"

#include <algorithm>

namespace saef::coap {

RecentRequests::Found RecentRequests::See(std::uint16_t message_id, const std::string& token,
                                          Clock::time_point now) {
  while (!entries_.empty() && entries_.front().expires <= now) entries_.pop_front();
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.message_id == message_id && entry.token == token;
  });
  if (found != entries_.end()) return {found->state, found->answer};
  if (entries_.size() == kMaxRequests) entries_.pop_front();
  entries_.push_back({message_id, token, now + kLifetime, State::kPending, nullptr});
  return {};
}

void RecentRequests::Answered(std::uint16_t message_id, const std::string& token,
                              const Message& answer) {
  for (Entry& entry : entries_) {
    if (entry.message_id != message_id || entry.token != token) continue;
    if (answer.payload.size() > kMaxPayload) {
      entry.state = State::kForgotten;
    } else {
      entry.state = State::kAnswered;
      entry.answer = std::make_shared<const Message>(answer);
    }
  }
}

}  // namespace saef::coap
