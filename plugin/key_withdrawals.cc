// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_withdrawals.h"

namespace saef::plugin {

void KeyWithdrawals::Take(std::size_t maf, IssuerClient::News news) {
  {
    const MutexLock lock(mutex_);
    come_.push_back({maf, std::move(news), false});
  }
  surroundings_.wake();
}

TimePoint KeyWithdrawals::Tick(TimePoint now) {
  std::vector<Item> come;
  {
    const MutexLock lock(mutex_);
    come.swap(come_);
  }
  for (Item& item : come) {
    if (item.asked) --asked_;
    const bool is_answered = item.news.answer && item.news.answer->answered;
    // Not one that says that the MAF can't tell: it may be about to stop, or ill.
    const bool is_known = is_answered && item.news.answer->outcome != SAEF_UNAVAILABLE;
    if (is_known) {
      surroundings_.settle(item.news.identity, std::move(*item.news.answer));
    } else {
      lost_.push_back({item.maf, std::move(item.news), false, is_answered ? now + kRetry : now});
    }
  }
  for (std::size_t left = lost_.size(); left > 0 && asked_ < kMaxAsked; --left) {
    Item item = std::move(lost_.front());
    lost_.pop_front();
    if (item.news.expires <= now) continue;  // nothing is left to be taken back
    if (item.not_before <= now && surroundings_.may_ask(item.maf)) {
      Ask(item);
    } else {
      lost_.push_back(std::move(item));
    }
  }
  return lost_.empty() ? kNever : now + kRetry;
}

void KeyWithdrawals::Ask(const Item& item) {
  ++asked_;
  surroundings_.ask(
      item.maf, item.news.identity,
      [this, maf = item.maf, identity = item.news.identity,
       expires = item.news.expires](FetchAnswer answer) {
        {
          const MutexLock lock(mutex_);
          come_.push_back({maf, IssuerClient::News{identity, std::move(answer), expires}, true});
        }
        surroundings_.wake();
      });
}

}  // namespace saef::plugin
