// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_lookups.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "onem2m/locked_memory.h"
#include "onem2m/thread_annotations.h"
#include "plugin/maf.h"
#include "plugin/mef.h"
#include "plugin/octets16.h"

namespace saef::plugin {
namespace {

using bindings::LogLevel;

// Waiters cost little memory, and many sessions may wait for few fetches.
constexpr std::size_t kWaitersPerFetch = 16;

// In the order of KeyLookups::issuers_.
std::vector<std::string> IssuerFqdns(const Configuration& configuration) {
  std::vector<std::string> fqdns;
  for (const MafConfiguration& maf : configuration.mafs) fqdns.push_back(maf.fqdn.text());
  for (const end_point::MefAccess& mef : configuration.mefs) fqdns.push_back(mef.fqdn.text());
  return fqdns;
}

std::string_view OutcomeWord(std::int32_t outcome) {
  switch (outcome) {
    case SAEF_UNKNOWN:
      return "unknown";
    case SAEF_DENIED:
      return "denied";
    default:
      return "unavailable";
  }
}

}  // namespace

KeyLookups::KeyLookups(const Surroundings& surroundings, ProvisionedKeys& provisioned)
    : surroundings_(surroundings),
      provisioned_(provisioned),
      directory_(IssuerFqdns(surroundings.configuration)),
      cache_(surroundings.configuration.cache, IssuerFqdns(surroundings.configuration)),
      refusals_(surroundings.configuration.refusals),
      fetcher_({surroundings.configuration.max_in_flight,
                kWaitersPerFetch * surroundings.configuration.max_in_flight},
               *this),
      withdrawals_({[this](std::size_t issuer) { return MayAsk(issuer); },
                    [this](std::size_t issuer, const PskIdentity& identity,
                           std::function<void(FetchAnswer)> done) {
                      Ask(issuer, identity, std::move(done));
                    },
                    [this](const PskIdentity& identity, FetchAnswer answer) {
                      SettleAgain(identity, std::move(answer));
                    },
                    [this] { Wake(); }}) {}

std::optional<std::string> KeyLookups::AddIssuer(
    bindings::Result<std::unique_ptr<KeyIssuer>> issuer, const onem2m::Fqdn& fqdn) {
  const Configuration& configuration = surroundings_.configuration;
  auto client =
      issuer ? IssuerClient::Open({std::move(*issuer), configuration.fetch_timeout,
                                   configuration.max_in_flight, configuration.window,
                                   configuration.sessions, configuration.connections,
                                   configuration.max_refused_per_second, configuration.back_off,
                                   surroundings_.log, configuration.max_observations,
                                   [this, index = issuers_.size()](IssuerClient::News news) {
                                     withdrawals_.Take(index, std::move(news));
                                   }})
             : bindings::Result<std::unique_ptr<IssuerClient>>(issuer.error());
  if (!client) {
    return "the client of " + fqdn.text() + " can't start: " + client.error().message();
  }
  issuers_.push_back(std::move(*client));
  return std::nullopt;
}

std::optional<std::string> KeyLookups::Start() {
  const Configuration& configuration = surroundings_.configuration;
  for (const MafConfiguration& maf : configuration.mafs) {
    auto issuer = Maf::Make(maf, configuration.cse, configuration.fetch_timeout, surroundings_.log);
    if (auto error = AddIssuer(std::move(issuer), maf.fqdn)) return error;
  }
  for (const end_point::MefAccess& mef : configuration.mefs) {
    auto error = AddIssuer(std::unique_ptr<KeyIssuer>(new Mef(mef, configuration.cse)), mef.fqdn);
    if (error) return error;
  }
  LookAtLockedMemory();
  return std::nullopt;
}

void KeyLookups::Stop() {
  fetcher_.Stop();
  issuers_.clear();
}

[[gnu::hot, gnu::flatten]] std::int32_t KeyLookups::LookupByEnd(Identity octets, std::uint8_t* key,
                                                                std::size_t* key_length) noexcept {
  const IssuerDirectory::Ending ending = directory_.FindAtEnd(octets);
  if (ending.issuer == IssuerDirectory::kNone) {
    const bool is_plain =
        !octets.empty() && std::memchr(octets.data(), 0, octets.size()) == nullptr;
    if (!ending.is_sure || !is_plain) return 0;
    surroundings_.statistics.calls.Add(Call::kNotMine);
    return SAEF_NOT_MINE;
  }
  if (ending.relative_length > CachedName::kRoom) return 0;
  const CachedName name = CachedName::Fold(octets.data(), ending.relative_length, ending.issuer);
  cache_.Prefetch(name);
  return CopyAtOnce(name, key, key_length);
}

std::int32_t KeyLookups::Lookup(Identity octets, std::uint8_t* key, std::size_t* key_length) {
  const Verdict verdict = Judge(PskIdentity(octets), key, key_length);
  if (verdict.outcome == SAEF_PENDING) surroundings_.statistics.calls.Add(Call::kMiss);
  Count(verdict);
  return verdict.outcome;
}

std::int32_t KeyLookups::LookupAsync(Identity octets, saef_lookup_callback callback, void* context,
                                     saef_ticket* ticket) {
  const PskIdentity identity(octets);
  Verdict verdict = Judge(identity, nullptr, nullptr);
  if (verdict.outcome == SAEF_PENDING) {
    surroundings_.statistics.calls.Add(Call::kMiss);
    verdict.outcome = fetcher_.Begin(verdict.issuer, identity, callback, context, ticket);
  }
  Count(verdict);
  return verdict.outcome;
}

std::int32_t KeyLookups::LookupWait(Identity octets, std::chrono::milliseconds timeout,
                                    std::uint8_t* key, std::size_t* key_length) {
  const PskIdentity identity(octets);
  Verdict verdict = Judge(identity, key, key_length);
  if (verdict.outcome == SAEF_PENDING) {
    surroundings_.statistics.calls.Add(Call::kMiss);
    verdict.outcome = WaitFor(identity, verdict.issuer, timeout);
    if (verdict.outcome == SAEF_KEY) {
      verdict = JudgeMine(identity, CachedName(identity.canonical_relative(), verdict.issuer),
                          Clock::now(), key, key_length);
      // It came and has gone again, for want of room.
      if (verdict.outcome == SAEF_PENDING) verdict.outcome = SAEF_UNAVAILABLE;
    }
  }
  Count(verdict);
  return verdict.outcome;
}

namespace {

// One lookup_wait, for the callback.
struct Wait {
  Mutex mutex;
  CondVar answered;
  std::int32_t outcome SAEF_GUARDED_BY(mutex) = SAEF_PENDING;

  static void Answer(void* context, saef_ticket /*ticket*/, std::int32_t outcome) {
    auto* const wait = static_cast<Wait*>(context);
    const MutexLock lock(wait->mutex);
    wait->outcome = outcome;
    wait->answered.NotifyAll();
  }
  std::int32_t Until(TimePoint deadline) {
    const MutexLock lock(mutex);
    while (outcome == SAEF_PENDING && Clock::now() < deadline) {
      answered.WaitUntil(mutex, deadline);
    }
    return outcome;
  }
};

}  // namespace

std::int32_t KeyLookups::WaitFor(const PskIdentity& identity, std::size_t issuer,
                                 std::chrono::milliseconds timeout) {
  // The plugin's own thread is the one that would bring the answer.
  if (surroundings_.worker.IsThisThread()) return SAEF_UNAVAILABLE;
  Wait wait;
  saef_ticket ticket = 0;
  const std::int32_t begun = fetcher_.Begin(issuer, identity, Wait::Answer, &wait, &ticket);
  if (begun != SAEF_PENDING) return begun;
  const std::int32_t outcome = wait.Until(Clock::now() + timeout);
  // Also after an answer: `wait` must outlive the callback.
  fetcher_.Cancel(ticket);
  return outcome == SAEF_PENDING ? static_cast<std::int32_t>(SAEF_UNAVAILABLE) : outcome;
}

std::optional<CachedName> KeyLookups::NameOf(const PskIdentity& identity) const {
  std::optional<CachedName> name;
  const std::size_t issuer = directory_.Find(identity.fqdn());
  if (issuer != IssuerDirectory::kNone) name.emplace(identity.canonical_relative(), issuer);
  return name;
}

KeyLookups::Verdict KeyLookups::Judge(const PskIdentity& identity, std::uint8_t* key,
                                      std::size_t* key_length) const {
  if (identity.shape() == PskIdentity::Shape::kInvalid) return {.outcome = SAEF_INVALID};
  if (identity.shape() == PskIdentity::Shape::kOther) return {.outcome = SAEF_NOT_MINE};
  const std::size_t issuer = directory_.Find(identity.fqdn());
  if (issuer == IssuerDirectory::kNone) {
    if (!provisioned_.has_any()) return {.outcome = SAEF_NOT_MINE};
    return JudgeProvisioned(identity, Clock::Ceiling(), key, key_length)
        .value_or(Verdict{.outcome = SAEF_NOT_MINE});
  }
  const CachedName name(identity.canonical_relative(), issuer);
  cache_.Prefetch(name);
  const TimePoint now = Clock::Ceiling();
  // A provisioned key first: its KpsaId may carry any FQDN, also an issuer's (TS-0003 10.5).
  if (provisioned_.has_any()) {
    if (const auto verdict = JudgeProvisioned(identity, now, key, key_length)) return *verdict;
  }
  return JudgeMine(identity, name, now, key, key_length);
}

std::optional<KeyLookups::Verdict> KeyLookups::JudgeProvisioned(const PskIdentity& identity,
                                                                TimePoint now, std::uint8_t* key,
                                                                std::size_t* key_length) const {
  switch (provisioned_.Copy(identity, now, key, key_length)) {
    case ProvisionedKeys::Found::kHit:
      return Verdict{.outcome = SAEF_KEY};
    case ProvisionedKeys::Found::kTooSmall:
      return Verdict{.outcome = SAEF_E_BUFFER_TOO_SMALL};
    case ProvisionedKeys::Found::kExpired:
      return Verdict{.outcome = SAEF_DENIED};
    case ProvisionedKeys::Found::kMissing:
      break;
  }
  return std::nullopt;
}

inline KeyLookups::Verdict KeyLookups::JudgeMine(const PskIdentity& identity,
                                                 const CachedName& name, TimePoint now,
                                                 std::uint8_t* key, std::size_t* key_length) const {
  const KeyCache::Found found =
      key == nullptr ? cache_.Find(name, now)
                     : cache_.Copy(name, now, std::span(key, *key_length), *key_length);
  switch (found) {
    case KeyCache::Found::kHit:
      return {.outcome = SAEF_KEY};
    case KeyCache::Found::kTooSmall:
      return {.outcome = SAEF_E_BUFFER_TOO_SMALL};
    case KeyCache::Found::kExpired:
      return {.outcome = SAEF_DENIED};
    case KeyCache::Found::kMissing:
      break;
  }
  return JudgeMissing(identity, name.issuer());
}

KeyLookups::Verdict KeyLookups::JudgeMissing(const PskIdentity& identity,
                                             std::size_t issuer) const {
  // What no MAF could have given is never in the cache.
  if (!identity.relative_is_well_formed()) return {.outcome = SAEF_INVALID};
  // Whether it may be asked for is looked at exactly, as the Fetcher will.
  const TimePoint exactly = Clock::now();
  if (const auto refusal = refusals_.Find(identity.as_sent(), exactly)) {
    return {.outcome = *refusal, .remembered = true};
  }
  if (!fetcher_.IsInFlight(identity.as_sent()) && !issuers_[issuer]->MayAsk(exactly)) {
    return {.outcome = SAEF_UNAVAILABLE, .left_alone = true};
  }
  return {.outcome = SAEF_PENDING, .issuer = static_cast<std::uint16_t>(issuer)};
}

void KeyLookups::Count(const Verdict& verdict) {
  Statistics& statistics = surroundings_.statistics;
  switch (verdict.outcome) {
    case SAEF_KEY:
      return statistics.calls.Add(Call::kHit);
    case SAEF_NOT_MINE:
      return statistics.calls.Add(Call::kNotMine);
    case SAEF_INVALID:
      return statistics.calls.Add(Call::kInvalid);
    case SAEF_PENDING:
      return statistics.calls.Add(Call::kPending);
    default:
      return CountRefused(verdict);
  }
}

void KeyLookups::CountRefused(const Verdict& verdict) {
  Statistics& statistics = surroundings_.statistics;
  if (verdict.remembered) statistics.refusals_remembered.Add();
  if (verdict.left_alone) statistics.calls.Add(Call::kLeftAlone);
  switch (verdict.outcome) {
    case SAEF_UNKNOWN:
      return statistics.calls.Add(Call::kUnknown);
    case SAEF_DENIED:
      return statistics.calls.Add(Call::kDenied);
    case SAEF_UNAVAILABLE:
      return statistics.calls.Add(Call::kUnavailable);
    default:
      return statistics.calls.Add(Call::kOtherLookup);
  }
}

// ---- What the Fetcher needs ----

std::int32_t KeyLookups::OutcomeSoFar(const PskIdentity& identity) {
  const TimePoint now = Clock::now();
  const std::optional<CachedName> name = NameOf(identity);
  switch (name ? cache_.Find(*name, now) : KeyCache::Found::kMissing) {
    case KeyCache::Found::kHit:
      return SAEF_KEY;
    case KeyCache::Found::kExpired:
      return SAEF_DENIED;
    default:
      break;
  }
  return refusals_.Find(identity.as_sent(), now).value_or(SAEF_PENDING);
}

bool KeyLookups::MayAsk(std::size_t issuer) { return issuers_[issuer]->MayAsk(Clock::now()); }

void KeyLookups::Ask(std::size_t issuer, const PskIdentity& identity,
                     std::function<void(FetchAnswer)> done) {
  surroundings_.statistics.fetches.Add();
  issuers_[issuer]->Retrieve(
      identity, [this, begun = Clock::now(), done = std::move(done)](FetchAnswer answer) {
        if (answer.answered) surroundings_.statistics.retrievals.Add(Clock::now() - begun);
        done(std::move(answer));
      });
}

void KeyLookups::CountFetch(const FetchAnswer& answer) {
  surroundings_.statistics.fetch_problems[static_cast<std::size_t>(answer.why)].Add();
  switch (answer.outcome) {
    case SAEF_KEY:
      return surroundings_.statistics.fetches_key.Add();
    case SAEF_UNKNOWN:
      return surroundings_.statistics.fetches_unknown.Add();
    case SAEF_DENIED:
      return surroundings_.statistics.fetches_denied.Add();
    default:
      return surroundings_.statistics.fetches_unavailable.Add();
  }
}

void KeyLookups::Keep(const PskIdentity& identity, KeyRecord record, TimePoint now) {
  if (const auto name = NameOf(identity)) {
    cache_.Insert(*name, identity.relative(), std::move(record), now);
  }
}

void KeyLookups::Settle(const PskIdentity& identity, FetchAnswer answer) {
  CountFetch(answer);
  const TimePoint now = Clock::now();
  if (answer.outcome == SAEF_KEY) {
    Keep(identity, std::move(*answer.record), now);
    refusals_.Forget(identity.as_sent());
    LookAtLockedMemory();
    return;
  }
  if (answer.answered) refusals_.Remember(identity.as_sent(), answer.outcome, now);
  if (answer.taken_back) surroundings_.taken_back(identity.as_sent());
  surroundings_.log(LogLevel::kInfo, "the key of " + bindings::Quote(identity.as_sent()) + " is " +
                                         std::string(OutcomeWord(answer.outcome)) + ": " +
                                         answer.reason);
}

void KeyLookups::SettleAgain(const PskIdentity& identity, FetchAnswer answer) {
  const TimePoint now = Clock::now();
  if (answer.outcome == SAEF_KEY) {
    Keep(identity, std::move(*answer.record), now);
    return;
  }
  if (const auto name = NameOf(identity)) cache_.Remove(*name);
  refusals_.Remember(identity.as_sent(), answer.outcome, now);
  surroundings_.withdrawn(identity.as_sent());
  surroundings_.statistics.keys_withdrawn.Add();
  surroundings_.log(LogLevel::kInfo, "the key of " + bindings::Quote(identity.as_sent()) +
                                         " was withdrawn: " + answer.reason);
}

void KeyLookups::AskForAged(const std::vector<KeyCache::Aged>& aged) {
  for (const KeyCache::Aged& key : aged) {
    const PskIdentity identity(
        {reinterpret_cast<const std::uint8_t*>(key.identity.data()), key.identity.size()});
    const std::size_t issuer = directory_.Find(identity.fqdn());
    if (issuer == IssuerDirectory::kNone || issuers_[issuer]->IsObserved(identity) ||
        !surroundings_.in_use(key.identity)) {
      continue;
    }
    withdrawals_.Take(issuer, {identity, std::nullopt, key.expires});
  }
}

void KeyLookups::LookAtLockedMemory() {
  const std::size_t unlocked = onem2m::LockedMemory().unlocked_octets;
  if (unlocked == 0 || told_of_unlocked_memory_.exchange(true)) return;
  surroundings_.log(
      LogLevel::kWarning,
      "no more memory may be locked: keys may be swapped out; raise the limit (ulimit -l)");
}

void KeyLookups::Wake() { surroundings_.worker.Wake(); }

void KeyLookups::CallbackThrew() noexcept {
  surroundings_.log(LogLevel::kError,
                    "a callback of the host's for lookup_async threw an exception");
}

TimePoint KeyLookups::Tick() {
  for (const auto& issuer : issuers_) issuer->Tick();
  fetcher_.RunCompleted();
  const TimePoint now = Clock::now();
  std::vector<KeyCache::Aged> aged;
  for (const std::string& identity : cache_.DropEnded(now, &aged)) {
    refusals_.Remember(identity, SAEF_DENIED, now);
    surroundings_.log(LogLevel::kInfo,
                      "the key of " + bindings::Quote(identity) + " is denied: it has expired");
  }
  AskForAged(aged);
  const TimePoint next_withdrawal = withdrawals_.Tick(now);
  return std::min(cache_.next_end(), next_withdrawal);
}

[[gnu::hot, gnu::flatten]] bool KeyLookups::FindFactsAtOnce(Identity octets, PackedFacts& facts,
                                                            SentIdentity& as_sent) const {
  // A provisioned key would come first.
  if (octets.size() > SentIdentity::kRoom || provisioned_.has_any()) return false;
  const IssuerDirectory::Ending ending = directory_.FindAtEnd(octets);
  if (ending.issuer == IssuerDirectory::kNone || ending.relative_length > CachedName::kRoom) {
    return false;
  }
  const CachedName name = CachedName::Fold(octets.data(), ending.relative_length, ending.issuer);
  if (cache_.FindFacts(name, Clock::Ceiling(), facts) != KeyCache::Found::kHit) return false;
  std::memcpy(as_sent.text_.data(), octets.data(), octets.size());
  as_sent.length_ = octets.size();
  for (std::size_t i = ending.relative_length; i < octets.size(); i += kOctets16) {
    char* const of_fqdn = as_sent.text_.data() + i;
    StoreOctets16(ToLower(LoadOctets16(of_fqdn)), of_fqdn);
  }
  return true;
}

std::int32_t KeyLookups::FindFacts(const PskIdentity& identity, PackedFacts& facts) const {
  if (FindKnownFacts(identity, facts)) return SAEF_KEY;
  const std::int32_t outcome = Judge(identity, nullptr, nullptr).outcome;
  // The handshake needed the key, so where there is none any more it has ended since.
  const bool was_needed =
      outcome == SAEF_KEY || outcome == SAEF_PENDING || outcome == SAEF_UNAVAILABLE;
  return was_needed ? static_cast<std::int32_t>(SAEF_DENIED) : outcome;
}

bool KeyLookups::FindKnownFacts(const PskIdentity& identity, PackedFacts& facts) const {
  if (identity.shape() == PskIdentity::Shape::kInvalid ||
      identity.shape() == PskIdentity::Shape::kOther) {
    return false;
  }
  const TimePoint now = Clock::now();
  // A provisioned key first, as Judge has it: one that has expired hides what the cache has.
  const auto provisioned = provisioned_.Find(identity, now, facts);
  if (provisioned != ProvisionedKeys::Found::kMissing) {
    return provisioned == ProvisionedKeys::Found::kHit;
  }
  const std::optional<CachedName> name = NameOf(identity);
  return name && cache_.FindFacts(*name, now, facts) == KeyCache::Found::kHit;
}

void KeyLookups::FillStatistics(saef_statistics& to) const {
  to.fetches_in_flight = fetcher_.in_flight();
  to.waiters = fetcher_.waiters();
  to.keys_cached = cache_.size();
  to.keys_expired = cache_.expired();
  to.keys_evicted = cache_.evicted();
  to.lookups_bound = fetcher_.refused_for_bound();
  to.refusals_kept = refusals_.size();
  to.issuers = issuers_.size();
  const TimePoint now = Clock::now();
  for (const auto& issuer : issuers_) {
    to.fetches_queued += issuer->queued();
    to.issuers_left_alone += issuer->MayAsk(now) ? 0 : 1;
    to.maf_sessions += issuer->sessions();
    to.observations += issuer->observations();
    to.enrolments += issuer->enrolments();
  }
}

void KeyLookups::Probe(std::chrono::milliseconds timeout, const ProbeCallback& callback) {
  const TimePoint deadline = Clock::now() + timeout;
  for (std::size_t i = 0; i < issuers_.size(); ++i) {
    // Each that is left has an equal share of the time that is left.
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const auto share = left / static_cast<std::int64_t>(issuers_.size() - i);
    callback(issuers_[i]->fqdn().text(),
             issuers_[i]->Probe(std::max(share, std::chrono::milliseconds(0))));
  }
}

}  // namespace saef::plugin
