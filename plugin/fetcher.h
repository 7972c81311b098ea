// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fetcher: one fetch per KcId, however many wait for it. Who waits is called back once, on the
// plugin's thread, unless it cancels; a fetch goes on without anybody waiting, and its answer fills
// the cache all the same.
//
// Threads: any, except where said. Callbacks run without a lock of the Fetcher's.
#ifndef SAEF_PLUGIN_FETCHER_H_
#define SAEF_PLUGIN_FETCHER_H_

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "onem2m/thread_annotations.h"
#include "plugin/fetch_answer.h"
#include "plugin/keyed_hash.h"
#include "plugin/psk_identity.h"
#include "saef/plugin.h"

namespace saef::plugin {

class Fetcher {
 public:
  // What the Fetcher needs around it.
  class Surroundings {
   public:
    virtual ~Surroundings() = default;
    // What is known of this identity by now: SAEF_PENDING if nothing. Called under the Fetcher's
    // lock; must not call the Fetcher.
    virtual std::int32_t OutcomeSoFar(const PskIdentity& identity) = 0;
    // Is the MAF not left alone for the time being? Likewise under the lock.
    virtual bool MayAsk(std::size_t maf) = 0;
    // Asks the MAF. `done` is called exactly once, within the configured time, on any thread,
    // perhaps within the call.
    virtual void Ask(std::size_t maf, const PskIdentity& identity,
                     std::function<void(FetchAnswer)> done) = 0;
    // Keeps what has come. On the plugin's thread.
    virtual void Settle(const PskIdentity& identity, FetchAnswer answer) = 0;
    // RunCompleted has something to do. Any thread.
    virtual void Wake() = 0;
    // For the log.
    virtual void CallbackThrew() noexcept = 0;
  };
  struct Limits {
    std::size_t max_in_flight = 16384;
    std::size_t max_waiters = 16 * 1024;
  };

  Fetcher(const Limits& limits, Surroundings& surroundings)
      : limits_(limits), surroundings_(surroundings) {}

  // SAEF_PENDING, with *ticket set before `callback` can run; or what is known by now; or
  // SAEF_UNAVAILABLE where a bound is reached.
  std::int32_t Begin(std::size_t maf, const PskIdentity& identity, saef_lookup_callback callback,
                     void* context, saef_ticket* ticket);
  // SAEF_DONE: the callback has not run and will not. SAEF_E_HANDLE: it has run, or there is none.
  std::int32_t Cancel(saef_ticket ticket);
  bool IsInFlight(std::string_view as_sent) const;

  // On the plugin's thread: settles what has come and calls back.
  void RunCompleted();
  // No callback runs after it. Answers that come later are dropped.
  void Stop();

  std::size_t in_flight() const;
  std::size_t waiters() const;
  // How often Begin was refused for a bound.
  std::uint64_t refused_for_bound() const;

 private:
  struct Waiter {
    saef_lookup_callback callback;
    void* context;
  };
  struct Fetch {
    explicit Fetch(const PskIdentity& of) : identity(of) {}
    const PskIdentity identity;
    std::map<saef_ticket, Waiter> waiters;  // in the order in which they came
    FetchAnswer answer;
    // Its node in asked_, so that completing, which moves it, can't fail.
    std::list<std::shared_ptr<Fetch>>::iterator place{};
    bool completed = false;
  };

  void Complete(const std::shared_ptr<Fetch>& fetch, FetchAnswer answer) noexcept;
  void Finish(const std::shared_ptr<Fetch>& fetch);
  void AskFor(std::size_t maf, const std::shared_ptr<Fetch>& fetch);

  const Limits limits_;
  Surroundings& surroundings_;
  mutable Mutex mutex_;
  CondVar callback_done_;
  bool stopped_ SAEF_GUARDED_BY(mutex_) = false;
  saef_ticket next_ticket_ SAEF_GUARDED_BY(mutex_) = 1;
  std::uint64_t refused_for_bound_ SAEF_GUARDED_BY(mutex_) = 0;
  saef_ticket running_ SAEF_GUARDED_BY(mutex_) = 0;  // whose callback runs now
  std::thread::id runner_ SAEF_GUARDED_BY(mutex_);
  TextMap<std::shared_ptr<Fetch>> fetches_ SAEF_GUARDED_BY(mutex_);  // by the identity as sent
  std::unordered_map<saef_ticket, std::shared_ptr<Fetch>> tickets_ SAEF_GUARDED_BY(mutex_);
  // Each fetch stands in one of these, until RunCompleted takes it.
  std::list<std::shared_ptr<Fetch>> asked_ SAEF_GUARDED_BY(mutex_);
  std::list<std::shared_ptr<Fetch>> completed_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_FETCHER_H_
