// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProvisionedKeys: the Provisioned Secure Connection Keys (Kpsa) of this CSE by KpsaId (TS-0003
// 8.2.2.1, 10.5): pre-provisioned ones from the configuration, and those that an MEF has given.
// They are known at once; nobody is asked.
//
// KpsaId names a key whatever its FQDN, also a MAF's; both parts compare without case.
// Threads: any. Times are arguments.
#ifndef SAEF_PLUGIN_PROVISIONED_KEYS_H_
#define SAEF_PLUGIN_PROVISIONED_KEYS_H_

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/key_identifier.h"
#include "plugin/clock.h"
#include "plugin/key_record.h"
#include "plugin/keyed_hash.h"
#include "plugin/packed_facts.h"
#include "plugin/psk_identity.h"
#include "plugin/shared_mutex.h"

namespace saef::plugin {

class ProvisionedKeys {
 public:
  enum class Found {
    kHit,
    kTooSmall,  // there is one, longer than the buffer
    kExpired,
    kMissing,  // no such KpsaId here
  };

  // Copies the key, where `key` isn't null. kHit and kTooSmall set `length` to the key's. No
  // allocation.
  Found Copy(const PskIdentity& identity, TimePoint now, std::uint8_t* key,
             std::size_t* length) const noexcept;
  // The same without the key; `facts` is set on a hit.
  Found Find(const PskIdentity& identity, TimePoint now, PackedFacts& facts) const;

  // Takes the place of one with the same KpsaId. Throws std::bad_alloc, and is then unchanged.
  void Insert(const onem2m::KpsaId& kpsa_id, KeyRecord record);
  // False where there was none. Associations that rest on it are the caller's to end.
  bool Remove(const onem2m::KpsaId& kpsa_id);
  std::size_t size() const;
  // Mostly there are none, and never were; then nobody needs to look.
  bool has_any() const noexcept { return has_any_.load(std::memory_order_acquire); }

 private:
  struct Entry {
    onem2m::Secret key;
    PackedFacts facts;
  };
  std::atomic<bool> has_any_{false};
  mutable SharedMutex mutex_;
  TextMap<Entry> table_ SAEF_GUARDED_BY(mutex_);  // by the canonical text
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_PROVISIONED_KEYS_H_
