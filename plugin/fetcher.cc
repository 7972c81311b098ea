// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/fetcher.h"

#include <utility>

namespace saef::plugin {

std::int32_t Fetcher::Begin(std::size_t maf, const PskIdentity& identity,
                            saef_lookup_callback callback, void* context, saef_ticket* ticket) {
  std::shared_ptr<Fetch> fetch;
  bool is_new = false;
  {
    const MutexLock lock(mutex_);
    // Looked at again under the lock: an answer that came just now has left fetches_ after it was
    // settled.
    const std::int32_t known = surroundings_.OutcomeSoFar(identity);
    if (known != SAEF_PENDING) return known;
    if (stopped_) return SAEF_UNAVAILABLE;
    const auto it = fetches_.find(identity.as_sent());
    is_new = it == fetches_.end();
    const bool is_full = tickets_.size() >= limits_.max_waiters ||
                         (is_new && fetches_.size() >= limits_.max_in_flight);
    if (is_full) ++refused_for_bound_;
    if (is_full || (is_new && !surroundings_.MayAsk(maf))) return SAEF_UNAVAILABLE;
    if (is_new) {
      fetch = std::make_shared<Fetch>(identity);
      fetch->place = asked_.insert(asked_.end(), fetch);
    } else {
      fetch = it->second;
    }
    const saef_ticket id = next_ticket_++;
    try {
      fetch->waiters.emplace(id, Waiter{callback, context});
      tickets_.emplace(id, fetch);
      if (is_new) fetches_.emplace(std::string(identity.as_sent()), fetch);
    } catch (...) {
      tickets_.erase(id);
      fetch->waiters.erase(id);
      if (is_new) asked_.erase(fetch->place);
      throw;
    }
    *ticket = id;
  }
  if (is_new) AskFor(maf, fetch);
  return SAEF_PENDING;
}

void Fetcher::AskFor(std::size_t maf, const std::shared_ptr<Fetch>& fetch) {
  try {
    surroundings_.Ask(maf, fetch->identity,
                      [this, fetch](FetchAnswer answer) { Complete(fetch, std::move(answer)); });
  } catch (...) {
    // It couldn't be asked, for want of memory; those who wait are told like any others.
    Complete(fetch, FetchAnswer());
  }
}

void Fetcher::Complete(const std::shared_ptr<Fetch>& fetch, FetchAnswer answer) noexcept {
  const MutexLock lock(mutex_);
  if (fetch->completed || stopped_) return;
  fetch->completed = true;
  fetch->answer = std::move(answer);
  completed_.splice(completed_.end(), asked_, fetch->place);
  // Under the lock, so that nobody who has seen Stop return is woken.
  surroundings_.Wake();
}

void Fetcher::RunCompleted() {
  for (;;) {
    std::list<std::shared_ptr<Fetch>> first;
    {
      const MutexLock lock(mutex_);
      if (completed_.empty()) return;
      first.splice(first.end(), completed_, completed_.begin());
    }
    Finish(first.front());
  }
}

void Fetcher::Finish(const std::shared_ptr<Fetch>& fetch) {
  std::int32_t outcome = fetch->answer.outcome;
  try {
    surroundings_.Settle(fetch->identity, std::move(fetch->answer));
  } catch (...) {
    // It couldn't be kept, for want of memory: then nobody can use it.
    outcome = SAEF_UNAVAILABLE;
  }
  mutex_.Lock();
  fetches_.erase(fetches_.find(fetch->identity.as_sent()));
  while (!fetch->waiters.empty()) {
    const auto next = fetch->waiters.extract(fetch->waiters.begin());
    tickets_.erase(next.key());
    running_ = next.key();
    runner_ = std::this_thread::get_id();
    mutex_.Unlock();
    try {
      next.mapped().callback(next.mapped().context, next.key(), outcome);
    } catch (...) {
      // A callback has no business to throw; the others are called all the same.
      surroundings_.CallbackThrew();
    }
    mutex_.Lock();
    running_ = 0;
    callback_done_.NotifyAll();
  }
  mutex_.Unlock();
}

std::int32_t Fetcher::Cancel(saef_ticket ticket) {
  const MutexLock lock(mutex_);
  if (const auto it = tickets_.find(ticket); it != tickets_.end()) {
    it->second->waiters.erase(ticket);
    tickets_.erase(it);
    return SAEF_DONE;
  }
  const bool within = running_ == ticket && runner_ == std::this_thread::get_id();
  while (!within && running_ == ticket && ticket != 0) callback_done_.Wait(mutex_);
  return SAEF_E_HANDLE;
}

void Fetcher::Stop() {
  std::list<std::shared_ptr<Fetch>> completed;  // goes after the lock
  const MutexLock lock(mutex_);
  stopped_ = true;
  for (const auto& [id, fetch] : tickets_) fetch->waiters.erase(id);
  tickets_.clear();
  completed_.swap(completed);
  const bool within = runner_ == std::this_thread::get_id();
  while (!within && running_ != 0) callback_done_.Wait(mutex_);
}

bool Fetcher::IsInFlight(std::string_view as_sent) const {
  const MutexLock lock(mutex_);
  return fetches_.contains(as_sent);
}

std::size_t Fetcher::in_flight() const {
  const MutexLock lock(mutex_);
  return fetches_.size();
}

std::uint64_t Fetcher::refused_for_bound() const {
  const MutexLock lock(mutex_);
  return refused_for_bound_;
}

std::size_t Fetcher::waiters() const {
  const MutexLock lock(mutex_);
  return tickets_.size();
}

}  // namespace saef::plugin
