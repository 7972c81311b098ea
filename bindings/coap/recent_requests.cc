// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/recent_requests.h"

#include <algorithm>
#include <utility>

#include "onem2m/secret.h"

namespace saef::coap {

RecentRequests::~RecentRequests() {
  for (Entry& entry : entries_) Drop(entry);
}

// Answers may hold a key. Whoever sends one again just now is on the same thread.
void RecentRequests::Drop(Entry& entry) {
  if (entry.answer) onem2m::Wipe(entry.answer->payload);
  entry.answer.reset();
}

RecentRequests::Entry* RecentRequests::Find(std::uint16_t message_id, const std::string& token,
                                            Clock::time_point now) {
  for (auto id = message_ids_.begin();; ++id) {
    id = std::find(id, message_ids_.end(), message_id);
    if (id == message_ids_.end()) return nullptr;
    Entry& entry = entries_[static_cast<std::size_t>(id - message_ids_.begin())];
    if (entry.token == token && entry.expires > now) return &entry;
  }
}

RecentRequests::Found RecentRequests::See(std::uint16_t message_id, const std::string& token,
                                          Clock::time_point now) {
  if (const Entry* const found = Find(message_id, token, now)) {
    return {found->state, found->answer};
  }
  if (entries_.size() < kMaxRequests) {
    message_ids_.push_back(message_id);
    entries_.push_back({token, now + kLifetime, State::kPending, nullptr});
    return {};
  }
  message_ids_[oldest_] = message_id;
  Entry& entry = entries_[oldest_];
  Drop(entry);
  entry = {token, now + kLifetime, State::kPending, nullptr};
  oldest_ = (oldest_ + 1) % kMaxRequests;
  return {};
}

void RecentRequests::Answered(std::uint16_t message_id, const std::string& token, Message answer) {
  Entry* const entry = Find(message_id, token, Clock::time_point::min());
  if (entry == nullptr || answer.payload.size() > kMaxPayload) {
    onem2m::Wipe(answer.payload);
    if (entry != nullptr) entry->state = State::kForgotten;
    return;
  }
  entry->state = State::kAnswered;
  entry->answer = std::make_shared<Message>(std::move(answer));
}

}  // namespace saef::coap
