// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyLookups: what the key of a psk_identity is: provisioned (TS-0003 8.2.2.1), cached, refused a
// moment ago, or to be fetched from the MAF or MEF that its FQDN names (8.2.2.3 steps 8 to 10;
// 8.3.2.1). The functions are those of saef_api (plugin.h), with arguments already checked.
//
// Threads: any, as plugin.h says; Tick on the plugin's own. Stop ends what is under way.
#ifndef SAEF_PLUGIN_KEY_LOOKUPS_H_
#define SAEF_PLUGIN_KEY_LOOKUPS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/log.h"
#include "plugin/configuration.h"
#include "plugin/fetcher.h"
#include "plugin/issuer_client.h"
#include "plugin/issuer_directory.h"
#include "plugin/key_cache.h"
#include "plugin/key_withdrawals.h"
#include "plugin/provisioned_keys.h"
#include "plugin/psk_identity.h"
#include "plugin/refusals.h"
#include "plugin/statistics.h"
#include "plugin/worker.h"
#include "saef/plugin.h"

namespace saef::plugin {

class KeyLookups : private Fetcher::Surroundings {
 public:
  using Identity = std::span<const std::uint8_t>;
  using ProbeCallback =
      std::function<void(const std::string& fqdn, const IssuerClient::ProbeReport&)>;

  // What it needs around it; all of it outlives the KeyLookups. Log and TakenBack are called on any
  // thread.
  struct Surroundings {
    const Configuration& configuration;
    Statistics& statistics;
    Worker& worker;
    bindings::Log log;
    // An issuer has taken this key back (identity as sent): what rests on it ends.
    std::function<void(std::string_view identity)> taken_back;
    // The same of a key that it had given us, in whatever case its KcId was sent.
    std::function<void(std::string_view identity)> withdrawn;
    // Does an association rest on this key?
    std::function<bool(std::string_view identity)> in_use;
  };

  KeyLookups(const Surroundings& surroundings, ProvisionedKeys& provisioned);
  ~KeyLookups() override { Stop(); }
  KeyLookups(const KeyLookups&) = delete;
  KeyLookups& operator=(const KeyLookups&) = delete;

  // Opens the issuers' clients; sends nothing. A sentence where one can't start.
  std::optional<std::string> Start();
  // No callback runs from here on.
  void StopCallbacks() { fetcher_.Stop(); }
  // The Worker has stopped: ends the sessions with the issuers.
  void Stop();

  // lookup() in two. AtOnce: SAEF_KEY with a cached key, SAEF_NOT_MINE for an identity that ends
  // with no issuer's FQDN, where a few comparisons tell; then it is counted as well. Otherwise 0,
  // which is no result, with nothing done; then Lookup tells. `key` is not null. Leaves errno
  // alone.
  std::int32_t LookupAtOnce(Identity identity, std::uint8_t* key, std::size_t* key_length) noexcept;
  std::int32_t Lookup(Identity identity, std::uint8_t* key, std::size_t* key_length);
  std::int32_t LookupAsync(Identity identity, saef_lookup_callback callback, void* context,
                           saef_ticket* ticket);
  std::int32_t LookupCancel(saef_ticket ticket) { return fetcher_.Cancel(ticket); }
  std::int32_t LookupWait(Identity identity, std::chrono::milliseconds timeout, std::uint8_t* key,
                          std::size_t* key_length);

  // Whose a key is with which a handshake was just done. SAEF_KEY and `facts`; SAEF_DENIED where
  // there is none any more: it has ended since.
  std::int32_t FindFacts(const PskIdentity& identity, PackedFacts& facts) const;
  // An identity as PskIdentity::as_sent tells it, where it is short.
  class SentIdentity {
   public:
    std::string_view text() const noexcept { return {text_.data(), length_}; }

   private:
    friend class KeyLookups;
    static constexpr std::size_t kRoom = CachedName::kRoom + IssuerDirectory::kMostAtEnd;
    std::array<char, kRoom + kOctets16> text_{};  // written in sixteens
    std::size_t length_ = 0;
  };
  // FindFacts in two, as lookup() is: true where there is a cached key, `facts` of it and what its
  // identity is `as_sent`; otherwise FindFacts tells.
  bool FindFactsAtOnce(Identity identity, PackedFacts& facts, SentIdentity& as_sent) const;

  // Settles what has come, drops what has ended; returns when that is next due.
  TimePoint Tick();
  void FillStatistics(saef_statistics& statistics) const;
  void Probe(std::chrono::milliseconds timeout, const ProbeCallback& callback);

 private:
  // What an identity is to us now.
  struct Verdict {
    std::int32_t outcome = SAEF_PENDING;  // SAEF_PENDING: it would have to be fetched, or is being
    std::uint16_t issuer = 0;             // who is asked, with SAEF_PENDING
    bool remembered = false;              // it comes from the memory of refusals
    bool left_alone = false;              // unavailable: the issuer failed a moment ago
  };

  // LookupAtOnce where the guess at the identity's issuer was wrong, and with its name.
  std::int32_t LookupByEnd(Identity identity, std::uint8_t* key, std::size_t* key_length) noexcept;
  std::int32_t CopyAtOnce(const CachedName& name, std::uint8_t* key,
                          std::size_t* key_length) noexcept;
  // Copies the key, where `key` isn't null and there is one.
  Verdict Judge(const PskIdentity& identity, std::uint8_t* key, std::size_t* key_length) const;
  Verdict JudgeMine(const PskIdentity& identity, const CachedName& name, TimePoint now,
                    std::uint8_t* key, std::size_t* key_length) const;
  // None where it isn't provisioned.
  std::optional<Verdict> JudgeProvisioned(const PskIdentity& identity, TimePoint now,
                                          std::uint8_t* key, std::size_t* key_length) const;
  // What is neither provisioned nor cached.
  Verdict JudgeMissing(const PskIdentity& identity, std::size_t issuer) const;
  // What the cache calls it; none where it is no issuer's.
  std::optional<CachedName> NameOf(const PskIdentity& identity) const;
  // Is there a key, whose facts these are?
  bool FindKnownFacts(const PskIdentity& identity, PackedFacts& facts) const;
  std::int32_t WaitFor(const PskIdentity& identity, std::size_t issuer,
                       std::chrono::milliseconds timeout);
  void Count(const Verdict& verdict);
  void CountRefused(const Verdict& verdict);
  void CountFetch(const FetchAnswer& answer);
  void Keep(const PskIdentity& identity, KeyRecord record, TimePoint now);
  // Of a key that is, or was, here.
  void SettleAgain(const PskIdentity& identity, FetchAnswer answer);
  // A key that was dropped for its age and isn't observed, with associations that rest on it: is it
  // still good?
  void AskForAged(const std::vector<KeyCache::Aged>& aged);
  // Says once that keys lie in memory that may be swapped out.
  void LookAtLockedMemory();
  // Or why not.
  std::optional<std::string> AddIssuer(bindings::Result<std::unique_ptr<KeyIssuer>> issuer,
                                       const onem2m::Fqdn& fqdn);

  // Fetcher::Surroundings.
  std::int32_t OutcomeSoFar(const PskIdentity& identity) override;
  bool MayAsk(std::size_t issuer) override;
  void Ask(std::size_t issuer, const PskIdentity& identity,
           std::function<void(FetchAnswer)> done) override;
  void Settle(const PskIdentity& identity, FetchAnswer answer) override;
  void Wake() override;
  void CallbackThrew() noexcept override;

  const Surroundings surroundings_;
  ProvisionedKeys& provisioned_;
  const IssuerDirectory directory_;
  KeyCache cache_;
  Refusals refusals_;
  std::atomic<bool> told_of_unlocked_memory_{false};
  Fetcher fetcher_;
  KeyWithdrawals withdrawals_;
  // The MAFs, then the MEFs, in the order of the configuration.
  std::vector<std::unique_ptr<IssuerClient>> issuers_;
};

inline std::int32_t KeyLookups::CopyAtOnce(const CachedName& name, std::uint8_t* key,
                                           std::size_t* key_length) noexcept {
  // What doesn't depend on the table is done while its slot comes.
  const TimePoint now = Clock::Ceiling();
  const auto hits = surroundings_.statistics.calls.Mine(Call::kHit);
  const auto glance = cache_.CopyAtOnce(name, now, std::span(key, *key_length), *key_length);
  if (glance != KeyCache::Glance::kHit) return 0;
  hits.Add();
  return SAEF_KEY;
}

inline std::int32_t KeyLookups::LookupAtOnce(Identity octets, std::uint8_t* key,
                                             std::size_t* key_length) noexcept {
  // A provisioned key would come first.
  if (octets.size() > PskIdentity::kMaxLength || provisioned_.has_any()) return 0;
  // Guessed first, so that the slot is on its way early: a processor that waits for one look-up's
  // memory begins the next one, as far as it can keep what lies between.
  const std::size_t guessed = directory_.GuessRelativeLength(octets);
  if (guessed - 1 < CachedName::kRoom) [[likely]] {
    const CachedName name = CachedName::Fold(octets.data(), guessed, 0);
    cache_.Prefetch(name);
    if (directory_.IsFirstAtEnd(octets)) [[likely]]
      return CopyAtOnce(name, key, key_length);
  }
  return LookupByEnd(octets, key, key_length);
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_LOOKUPS_H_
