// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/recent_requests.h"

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
  // Nearly all are new, and one look at all numbers is over sooner than one for each.
  unsigned known = 0;
  for (const std::uint16_t id : message_ids_) known |= static_cast<unsigned>(id == message_id);
  for (std::size_t i = 0; known != 0 && i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (message_ids_[i] == message_id && entry.token == token && entry.expires > now) return &entry;
  }
  return nullptr;
}

RecentRequests::Found RecentRequests::See(std::uint16_t message_id, const std::string& token,
                                          Clock::time_point now) {
  if (const Entry* const found = Find(message_id, token, now)) {
    return {found->state, found->answer};
  }
  if (entries_.size() < kMaxRequests) {
    newest_ = entries_.size();
    message_ids_[newest_] = message_id;
    entries_.push_back({token, now + kLifetime, State::kPending, nullptr});
    return {};
  }
  newest_ = oldest_;
  message_ids_[newest_] = message_id;
  Entry& entry = entries_[newest_];
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

void RecentRequests::Forget(std::uint16_t message_id, const std::string& token) {
  const bool is_newest =
      !entries_.empty() && message_ids_[newest_] == message_id && entries_[newest_].token == token;
  Entry* const entry =
      is_newest ? &entries_[newest_] : Find(message_id, token, Clock::time_point::min());
  if (entry != nullptr) entry->state = State::kForgotten;
}

}  // namespace saef::coap
