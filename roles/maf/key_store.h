// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyStore: where a MAF keeps the keys it distributes. An interface, so that many MAF processes can
// share a store of another make; sqlite_key_store.h is the embedded one.
#ifndef SAEF_ROLES_MAF_KEY_STORE_H_
#define SAEF_ROLES_MAF_KEY_STORE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/secret.h"
#include "onem2m/suid.h"
#include "onem2m/timestamp.h"
#include "roles/maf/client_table.h"
#include "roles/maf/error.h"

namespace saef::maf {

// A registered key (TS-0003 8.x.5 steps 6, 7, 10).
struct KeyRecord {
  std::string relative_id;  // RelativeKcId, canonical: upper case
  onem2m::Secret key;       // Kc, 16 to 64 octets
  onem2m::Suid suid = onem2m::Suid::kMafSaef;
  std::string source_km_id;      // the Source End-Point's Client::Name()
  std::optional<Entity> source;  // as the MAF knew it at registration
  std::vector<std::string> targets;
  onem2m::Time expires{};
};

// The same as it lies in the store.
struct KeyView {
  struct Source {
    std::string_view id;
    onem2m::EntityKind kind;
  };
  const onem2m::Secret& key;
  onem2m::Suid suid = onem2m::Suid::kMafSaef;
  std::string_view source_km_id{};
  std::optional<Source> source{};
  std::span<const std::string_view> targets{};
  onem2m::Time expires{};
};

class KeyReader {
 public:
  // Within Read; must not throw, nor ask the store for anything.
  using Reader = std::function<void(const KeyView& key)>;

  virtual ~KeyReader() = default;
  // Shows `reader` the key of this canonical RelativeKcId, even if it has expired, for as long as
  // the call takes; nothing, if there is none. kDamaged, kStore.
  virtual Result<void> Read(std::string_view relative_id, const Reader& reader) = 0;
  // A copy of it; nullopt: there is none. The same errors, and kCryptography for want of locked
  // memory.
  Result<std::optional<KeyRecord>> Find(std::string_view relative_id);
};

// The keys within a transaction: what is read are those that were written in it before, too. One
// thread.
class KeyTable : public KeyReader {
 public:
  // kIdentifierUsed where the RelativeKcId is another key's or was one's (8.x.5 step 8:
  // "previously-unused"); kTooManyKeys where the source has `max_per_source` keys that live at
  // `now`.
  virtual Result<void> Insert(const KeyRecord& record, onem2m::Time now,
                              std::size_t max_per_source) = 0;
  // How many keys that were: 0 or 1.
  virtual Result<std::size_t> ReplaceTargets(std::string_view relative_id,
                                             const std::vector<std::string>& targets) = 0;
  virtual Result<std::size_t> Remove(std::string_view relative_id, onem2m::Time now) = 0;
};

// Threads: any. Find sees what is durable, and doesn't wait for who writes: a server's thread may
// call it.
class KeyStore : public KeyReader {
 public:
  // In a transaction, maybe with others' works. False: what it has written is to be undone. May run
  // again, from the start. On a thread of the store's; must not throw.
  using Work = std::function<bool(KeyTable& keys)>;
  // Once for each Write. No error: what the work has written, where it is to be kept, outlives a
  // crash at any later moment. kTooBusy: it didn't run; kBusy, kStore: nothing of it is kept. On a
  // thread of the store's, or for kTooBusy the caller's; must not throw.
  using Done = std::function<void(const Result<void>& committed)>;

  // Between these a thread is about to call Find often, and what it takes to begin a read may be
  // taken once for many of them. Each still sees what is durable when it is called. Soon after each
  // other.
  virtual void BeginReads() {}
  virtual void EndReads() {}
  // Never waits for the disk. Works run one at a time, in the order of the calls.
  virtual void Write(Work work, Done done) = 0;
  // How many there are, expired ones included, when `at` is called: on a thread of the store's,
  // with the Done of each Write that is in the number behind it, and those of all others before it.
  // Counting may take a while where there are many; nobody waits for it but the caller. Not from a
  // Work or Done.
  virtual Result<std::size_t> Count(const std::function<void()>& at) = 0;
  // Removes what expired at `now` or before; the RelativeKcIds of those. Waits for the disk; not
  // from a Work or Done.
  virtual Result<std::vector<std::string>> RemoveExpired(onem2m::Time now) = 0;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KEY_STORE_H_
