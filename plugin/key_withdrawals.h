// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyWithdrawals: what MAFs say of keys that were given before, on its way to the plugin's thread;
// and the keys whose observation was lost with its session, which are asked for again: at once, or
// when their MAF may be asked, since one may have been taken back meanwhile.
//
// Threads: Take any; Tick on the plugin's own.
#ifndef SAEF_PLUGIN_KEY_WITHDRAWALS_H_
#define SAEF_PLUGIN_KEY_WITHDRAWALS_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"
#include "plugin/issuer_client.h"

namespace saef::plugin {

class KeyWithdrawals {
 public:
  // At a time, so that handshakes that wait for a key come in between.
  static constexpr std::size_t kMaxAsked = 32;
  static constexpr std::chrono::milliseconds kRetry{500};

  struct Surroundings {
    std::function<bool(std::size_t maf)> may_ask;
    // Like Fetcher::Surroundings::Ask.
    std::function<void(std::size_t maf, const PskIdentity& identity,
                       std::function<void(FetchAnswer)> done)>
        ask;
    // On the plugin's thread: the MAF answered, with the key or by taking it back.
    std::function<void(const PskIdentity& identity, FetchAnswer answer)> settle;
    std::function<void()> wake;  // Tick has something to do
  };

  explicit KeyWithdrawals(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}

  void Take(std::size_t maf, IssuerClient::News news);
  // Returns when it is next due.
  TimePoint Tick(TimePoint now);

 private:
  struct Item {
    std::size_t maf;
    IssuerClient::News news;
    bool asked;  // by us, just now
    TimePoint not_before{};
  };

  void Ask(const Item& item);

  const Surroundings surroundings_;
  Mutex mutex_;
  std::vector<Item> come_ SAEF_GUARDED_BY(mutex_);
  // On the plugin's thread.
  std::deque<Item> lost_;
  std::size_t asked_ = 0;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_WITHDRAWALS_H_
