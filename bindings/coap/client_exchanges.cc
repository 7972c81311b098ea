// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_exchanges.h"

#include <algorithm>
#include <iterator>

namespace saef::coap {

using bindings::Error;
using onem2m::Operation;

namespace {

bool IsIdempotent(Operation operation) {
  return operation == Operation::kRetrieve || operation == Operation::kUpdate ||
         operation == Operation::kDelete;
}

}  // namespace

void ClientExchanges::Add(ClientExchangePtr exchange) {
  if (waiting_.size() >= max_waiting_) {
    Finish(std::move(exchange), Error::kLimit);
    return;
  }
  first_deadline_ = std::min(first_deadline_, exchange->deadline);
  waiting_.push_back(std::move(exchange));
}

void ClientExchanges::AddFirst(ClientExchangePtr exchange) {
  first_deadline_ = std::min(first_deadline_, exchange->deadline);
  waiting_.push_front(std::move(exchange));
}

ClientExchangePtr ClientExchanges::Next() {
  ClientExchangePtr next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

void ClientExchanges::Sent(std::string token, ClientExchangePtr exchange) {
  under_way_.emplace(std::move(token), std::move(exchange));
}

ClientExchange* ClientExchanges::Find(const std::string& token) const {
  const auto place = under_way_.find(token);
  return place == under_way_.end() ? nullptr : place->second.get();
}

ClientExchangePtr ClientExchanges::Take(const std::string& token) {
  const auto place = under_way_.find(token);
  if (place == under_way_.end()) return nullptr;
  ClientExchangePtr exchange = std::move(place->second);
  under_way_.erase(place);
  return exchange;
}

void ClientExchanges::NoteFailure(std::string token, Error error) {
  failed_.emplace_back(std::move(token), error);
}

void ClientExchanges::FinishFailed() {
  for (auto& [token, error] : std::exchange(failed_, {})) {
    if (ClientExchangePtr exchange = Take(token)) Finish(std::move(exchange), error);
  }
}

void ClientExchanges::SessionEnded(Error error) {
  auto under_way = std::move(under_way_);
  under_way_.clear();
  failed_.clear();
  std::deque<ClientExchangePtr> again;
  for (auto& [token, exchange] : under_way) {
    if (IsIdempotent(exchange->request.operation) && !exchange->retried) {
      exchange->retried = true;
      exchange->answer = {};
      exchange->body.clear();
      again.push_back(std::move(exchange));
    } else {
      Finish(std::move(exchange), error);
    }
  }
  for (auto& exchange : again) waiting_.push_front(std::move(exchange));
}

void ClientExchanges::FailAll(Error error) {
  auto under_way = std::move(under_way_);
  under_way_.clear();
  auto waiting = std::move(waiting_);
  waiting_.clear();
  failed_.clear();
  for (auto& [token, exchange] : under_way) Finish(std::move(exchange), error);
  for (auto& exchange : waiting) Finish(std::move(exchange), error);
}

void ClientExchanges::Expire(Clock::time_point now, Error error) {
  if (now < first_deadline_) return;
  std::vector<ClientExchangePtr> expired;
  TakeExpired(now, expired);
  for (auto& exchange : expired) Finish(std::move(exchange), error);
}

void ClientExchanges::TakeExpired(Clock::time_point now, std::vector<ClientExchangePtr>& expired) {
  first_deadline_ = Clock::time_point::max();
  const auto is_over = [&](ClientExchangePtr& exchange) {
    if (exchange->deadline <= now) {
      expired.push_back(std::move(exchange));
      return true;
    }
    first_deadline_ = std::min(first_deadline_, exchange->deadline);
    return false;
  };
  // Not erase_if, whose predicate must not change what it looks at.
  for (auto i = under_way_.begin(); i != under_way_.end();) {
    i = is_over(i->second) ? under_way_.erase(i) : std::next(i);
  }
  std::deque<ClientExchangePtr> waiting;
  for (ClientExchangePtr& exchange : waiting_) {
    if (!is_over(exchange)) waiting.push_back(std::move(exchange));
  }
  waiting_ = std::move(waiting);
}

void ClientExchanges::Cancel(std::uint64_t observation) {
  const auto is_it = [observation](const ClientExchangePtr& exchange) {
    return exchange->observation == observation;
  };
  std::erase_if(waiting_, is_it);
  std::erase_if(under_way_, [&is_it](const auto& entry) { return is_it(entry.second); });
}

Clock::time_point ClientExchanges::NextDue(Clock::time_point latest) const {
  return std::min(latest, first_deadline_);
}

}  // namespace saef::coap
