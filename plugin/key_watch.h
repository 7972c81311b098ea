// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyWatch: the keys of one MAF that are observed there (RFC 7641), so that one that is taken back
// is dropped at once and not when it has grown old: which they are, when an observation may be
// begun, and which are to be cancelled. A MAF that ends its sessions after each procedure
// (TS-0003 8.x.6 step 7) can't be observed; it isn't tried with each key.
//
// Threads: any. Times are arguments.
#ifndef SAEF_PLUGIN_KEY_WATCH_H_
#define SAEF_PLUGIN_KEY_WATCH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

class KeyWatch {
 public:
  // An observation that ends sooner with its session shows that this MAF can't be observed, …
  static constexpr std::chrono::seconds kShort{5};
  // … and so long nothing is observed there.
  static constexpr std::chrono::minutes kPause{5};

  struct Observation {
    explicit Observation(const PskIdentity& of) : identity(of) {}
    const PskIdentity identity;
    std::atomic<std::uint64_t> id{0};  // the client's; 0: not known yet
    TimePoint since{};
    TimePoint expires{};  // Kc does
  };
  using ObservationPtr = std::shared_ptr<Observation>;

  explicit KeyWatch(std::size_t max) : max_(max) {}

  bool MayBegin(TimePoint now) const;
  // Its first answer was a key. Takes the place of one of the same key, which is to be cancelled.
  void Add(const ObservationPtr& observation);
  // False: it was given up before.
  bool Has(const ObservationPtr& observation) const;
  bool HasKey(const PskIdentity& identity) const;
  // It has ended by itself: not to be cancelled.
  void Remove(const ObservationPtr& observation);
  // It ended with its session.
  void Lost(const ObservationPtr& observation, TimePoint now);
  // Nobody wants to hear of it any more.
  void GiveUp(const ObservationPtr& observation);
  // The client's identifiers of those to be cancelled, once each: given up, or Kc is over.
  std::vector<std::uint64_t> TakeToCancel(TimePoint now);
  std::size_t size() const;

 private:
  void Erase(const ObservationPtr& observation) SAEF_REQUIRES(mutex_);

  const std::size_t max_;
  mutable Mutex mutex_;
  TimePoint not_before_ SAEF_GUARDED_BY(mutex_){};
  std::map<std::string, ObservationPtr> by_key_ SAEF_GUARDED_BY(mutex_);  // canonical identity
  std::multimap<TimePoint, ObservationPtr> ends_ SAEF_GUARDED_BY(mutex_);
  std::vector<ObservationPtr> given_up_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_WATCH_H_
