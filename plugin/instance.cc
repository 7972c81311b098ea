// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/instance.h"

#include <algorithm>
#include <new>
#include <utility>

#include "bindings/log.h"
#include "onem2m/locked_memory.h"
#include "onem2m/thread_annotations.h"
#include "plugin/keyed_hash.h"

namespace saef::plugin {
namespace {

using bindings::LogLevel;

// Waiters cost little memory, and many sessions may wait for few fetches.
constexpr std::size_t kWaitersPerFetch = 16;

bool BelongsTo(const onem2m::AeId& ae, const onem2m::CseId& cse) {
  return ae.sp() == cse.sp() && (!ae.assigned_by_cse() || *ae.registrar() == cse.name());
}

std::vector<std::string> Fqdns(const Configuration& configuration) {
  std::vector<std::string> fqdns;
  for (const MafConfiguration& maf : configuration.mafs) fqdns.push_back(maf.fqdn.text());
  return fqdns;
}

std::string_view Word(std::int32_t outcome) {
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

// What the originator check asks, for one association.
class Instance::Questions : public OriginatorQuestions {
 public:
  Questions(const Instance& instance, std::string_view credential_id)
      : instance_(instance), credential_id_(credential_id) {}

  bool IsRegisteredAe(std::string_view stem) override {
    return instance_.host_.IsRegisteredAe(stem);
  }
  bool IsRegistreeCse(std::string_view cse_id) override {
    return instance_.host_.IsRegistreeCse(cse_id);
  }
  bool IsSecured(const onem2m::AeId& ae) override { return instance_.associations_.IsSecured(ae); }
  bool IsAssignedToAnother(const onem2m::AeId& ae) override {
    return instance_.associations_.IsAssignedToAnother(ae, credential_id_);
  }

 private:
  const Instance& instance_;
  const std::string_view credential_id_;
};

// ---- Opening and closing ----

std::variant<std::unique_ptr<Instance>, Instance::OpenError> Instance::Open(
    const std::string& config_path, const Host& host) {
  if (!PrepareKeyedHash()) return OpenError{SAEF_E_INTERNAL, "there is no randomness"};
  auto configuration = ReadConfiguration(config_path);
  if (auto* const wrong = std::get_if<std::string>(&configuration)) {
    return OpenError{SAEF_E_CONFIGURATION, std::move(*wrong)};
  }
  std::unique_ptr<Instance> instance(
      new Instance(std::get<Configuration>(std::move(configuration)), host));
  if (auto error = instance->Start()) return std::move(*error);
  return instance;
}

Instance::Instance(Configuration configuration, const Host& host)
    : configuration_(std::move(configuration)),
      host_(host),
      directory_(Fqdns(configuration_)),
      cache_(configuration_.cache),
      refusals_(configuration_.refusals),
      associations_(configuration_.max_associations),
      fetcher_({configuration_.max_in_flight, kWaitersPerFetch * configuration_.max_in_flight},
               *this) {}

std::optional<Instance::OpenError> Instance::Start() {
  for (const MafConfiguration& maf : configuration_.mafs) {
    auto client =
        MafClient::Open({maf, configuration_.cse, configuration_.fetch_timeout,
                         configuration_.max_in_flight, configuration_.back_off,
                         [this](LogLevel level, std::string_view text) { Log(level, text); }});
    if (!client) {
      return OpenError{SAEF_E_INTERNAL, "the client of the MAF " + maf.fqdn.text() +
                                            " can't start: " + client.error().message()};
    }
    mafs_.push_back(std::move(*client));
  }
  LookAtLockedMemory();
  worker_.Start([this] { return Tick(); });
  return std::nullopt;
}

Instance::~Instance() {
  // No callback runs from here on; then the thread that would run them goes, then who feeds it.
  fetcher_.Stop();
  worker_.Stop();
  mafs_.clear();
}

// ---- Look-ups ----

std::int32_t Instance::Lookup(Identity octets, std::uint8_t* key, std::size_t* key_length) {
  const Verdict verdict = Judge(PskIdentity(octets), key, key_length);
  Count(verdict);
  return verdict.outcome;
}

std::int32_t Instance::LookupAsync(Identity octets, saef_lookup_callback callback, void* context,
                                   saef_ticket* ticket) {
  const PskIdentity identity(octets);
  Verdict verdict = Judge(identity, nullptr, nullptr);
  if (verdict.outcome == SAEF_PENDING) {
    verdict.outcome = fetcher_.Begin(verdict.maf, identity, callback, context, ticket);
  }
  Count(verdict);
  return verdict.outcome;
}

std::int32_t Instance::LookupWait(Identity octets, std::chrono::milliseconds timeout,
                                  std::uint8_t* key, std::size_t* key_length) {
  const PskIdentity identity(octets);
  Verdict verdict = Judge(identity, key, key_length);
  if (verdict.outcome == SAEF_PENDING) {
    verdict.outcome = WaitFor(identity, verdict.maf, timeout);
    if (verdict.outcome == SAEF_KEY) {
      verdict = JudgeMine(identity, verdict.maf, key, key_length);
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

std::int32_t Instance::WaitFor(const PskIdentity& identity, std::size_t maf,
                               std::chrono::milliseconds timeout) {
  // The plugin's own thread is the one that would bring the answer.
  if (worker_.IsThisThread()) return SAEF_UNAVAILABLE;
  Wait wait;
  saef_ticket ticket = 0;
  const std::int32_t begun = fetcher_.Begin(maf, identity, Wait::Answer, &wait, &ticket);
  if (begun != SAEF_PENDING) return begun;
  const std::int32_t outcome = wait.Until(Clock::now() + timeout);
  // Also after an answer: `wait` must outlive the callback.
  fetcher_.Cancel(ticket);
  return outcome == SAEF_PENDING ? static_cast<std::int32_t>(SAEF_UNAVAILABLE) : outcome;
}

Instance::Verdict Instance::Judge(const PskIdentity& identity, std::uint8_t* key,
                                  std::size_t* key_length) const {
  if (identity.shape() == PskIdentity::Shape::kInvalid) return {.outcome = SAEF_INVALID};
  if (identity.shape() == PskIdentity::Shape::kOther) return {.outcome = SAEF_NOT_MINE};
  const auto maf = directory_.Find(identity.fqdn());
  if (!maf) return {.outcome = SAEF_NOT_MINE};
  return JudgeMine(identity, *maf, key, key_length);
}

Instance::Verdict Instance::JudgeMine(const PskIdentity& identity, std::size_t maf,
                                      std::uint8_t* key, std::size_t* key_length) const {
  if (!identity.relative_is_well_formed()) return {.outcome = SAEF_INVALID};
  const TimePoint now = Clock::now();
  const KeyCache::Found found =
      key == nullptr ? cache_.Find(identity, now, nullptr)
                     : cache_.Copy(identity, now, std::span(key, *key_length), *key_length);
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
  if (const auto refusal = refusals_.Find(identity.as_sent(), now)) {
    return {.outcome = *refusal, .remembered = true};
  }
  if (!fetcher_.IsInFlight(identity.as_sent()) && !mafs_[maf]->MayAsk(now)) {
    return {.outcome = SAEF_UNAVAILABLE};
  }
  return {.outcome = SAEF_PENDING, .maf = maf};
}

void Instance::Count(const Verdict& verdict) {
  statistics_.lookups.Add();
  if (verdict.outcome == SAEF_KEY) statistics_.hits.Add();
  if (verdict.outcome == SAEF_NOT_MINE) statistics_.not_mine.Add();
  if (verdict.outcome == SAEF_INVALID) statistics_.invalid.Add();
  if (verdict.remembered) statistics_.refusals_remembered.Add();
}

// ---- What the Fetcher needs ----

std::int32_t Instance::OutcomeSoFar(const PskIdentity& identity) {
  const TimePoint now = Clock::now();
  switch (cache_.Find(identity, now, nullptr)) {
    case KeyCache::Found::kHit:
      return SAEF_KEY;
    case KeyCache::Found::kExpired:
      return SAEF_DENIED;
    default:
      break;
  }
  return refusals_.Find(identity.as_sent(), now).value_or(SAEF_PENDING);
}

bool Instance::MayAsk(std::size_t maf) { return mafs_[maf]->MayAsk(Clock::now()); }

void Instance::Ask(std::size_t maf, const PskIdentity& identity,
                   std::function<void(FetchAnswer)> done) {
  statistics_.fetches.Add();
  mafs_[maf]->Retrieve(identity, std::move(done));
}

void Instance::CountFetch(std::int32_t outcome) {
  switch (outcome) {
    case SAEF_KEY:
      return statistics_.fetches_key.Add();
    case SAEF_UNKNOWN:
      return statistics_.fetches_unknown.Add();
    case SAEF_DENIED:
      return statistics_.fetches_denied.Add();
    default:
      return statistics_.fetches_unavailable.Add();
  }
}

void Instance::Settle(const PskIdentity& identity, FetchAnswer answer) {
  CountFetch(answer.outcome);
  const TimePoint now = Clock::now();
  if (answer.outcome == SAEF_KEY) {
    cache_.Insert(identity, std::move(*answer.record), now);
    refusals_.Forget(identity.as_sent());
    LookAtLockedMemory();
    return;
  }
  if (answer.answered) refusals_.Remember(identity.as_sent(), answer.outcome, now);
  if (answer.taken_back) associations_.EndByIdentity(identity.as_sent());
  Log(LogLevel::kInfo, "the key of " + bindings::Quote(identity.as_sent()) + " is " +
                           std::string(Word(answer.outcome)) + ": " + answer.reason);
}

void Instance::LookAtLockedMemory() {
  const std::size_t unlocked = onem2m::LockedMemory().unlocked_octets;
  if (unlocked == 0 || told_of_unlocked_memory_.exchange(true)) return;
  Log(LogLevel::kWarning,
      "no more memory may be locked: keys may be swapped out; raise the limit (ulimit -l)");
}

void Instance::Wake() { worker_.Wake(); }

void Instance::CallbackThrew() noexcept {
  Log(LogLevel::kError, "a callback of the host's for lookup_async threw an exception");
}

// ---- On the plugin's thread ----

TimePoint Instance::Tick() noexcept {
  try {
    for (const auto& maf : mafs_) maf->Tick();
    fetcher_.RunCompleted();
    const TimePoint now = Clock::now();
    for (const std::string& identity : cache_.DropEnded(now)) {
      refusals_.Remember(identity, SAEF_DENIED, now);
      Log(LogLevel::kInfo,
          "the key of " + bindings::Quote(identity) + " is denied: it has expired");
    }
    EndAssociations(now);
    return std::min(cache_.next_end(), associations_.next_end());
  } catch (...) {
    // For want of memory; nothing is lost, only late.
    Log(LogLevel::kError, "out of memory; trying again in a second");
    return Clock::now() + std::chrono::seconds(1);
  }
}

void Instance::EndAssociations(TimePoint now) {
  for (const saef_association association : associations_.TakeEnded(now)) {
    statistics_.associations_ended.Add();
    host_.EndAssociation(association);
  }
}

// ---- Associations ----

// No certificates and no public keys are configured, so none is ours to judge.
std::int32_t Instance::VerifyPeer(const saef_peer& /*peer*/) const { return SAEF_NOT_MINE; }

std::int32_t Instance::Associate(Identity octets, saef_association* association) {
  const PskIdentity identity(octets);
  const Verdict verdict = Judge(identity, nullptr, nullptr);
  // The handshake needed the key, so where there is none any more it has ended since.
  if (verdict.outcome == SAEF_PENDING || verdict.outcome == SAEF_UNAVAILABLE) return SAEF_DENIED;
  if (verdict.outcome != SAEF_KEY) return verdict.outcome;
  KeyFacts facts;
  if (cache_.Find(identity, Clock::now(), &facts) != KeyCache::Found::kHit) return SAEF_DENIED;
  const TimePoint expires = facts.expires;
  const saef_association opened = associations_.Open(identity.as_sent(), std::move(facts));
  if (opened == SAEF_NO_ASSOCIATION) return SAEF_E_LIMIT;
  *association = opened;
  worker_.WakeBy(expires);
  return SAEF_DONE;
}

std::optional<Associations::View> Instance::Describe(saef_association association) const {
  return associations_.Find(association, Clock::now());
}

std::optional<onem2m::AeId> Instance::ParseOwnAeId(std::string_view text) const {
  auto ae = onem2m::AeId::Parse(text, configuration_.cse);
  if (!ae || !BelongsTo(*ae, configuration_.cse)) return std::nullopt;
  return std::move(*ae);
}

std::int32_t Instance::AssignAeId(saef_association association, std::string_view ae_id) {
  const auto ae = ParseOwnAeId(ae_id);
  if (!ae) return SAEF_INVALID;
  switch (associations_.Assign(association, *ae, Clock::now())) {
    case Associations::Assigned::kDone:
      return SAEF_DONE;
    case Associations::Assigned::kDenied:
      return SAEF_DENIED;
    case Associations::Assigned::kNoSuchAssociation:
      return SAEF_E_HANDLE;
    case Associations::Assigned::kLimit:
      break;
  }
  return SAEF_E_LIMIT;
}

std::int32_t Instance::WithdrawAeId(std::string_view ae_id) {
  const auto ae = ParseOwnAeId(ae_id);
  if (!ae) return SAEF_INVALID;
  associations_.Withdraw(*ae);
  return SAEF_DONE;
}

std::int32_t Instance::Dissociate(saef_association association) {
  return associations_.Close(association) ? SAEF_DONE : SAEF_E_HANDLE;
}

std::int32_t Instance::CheckOriginator(saef_association association,
                                       const OriginatorRequest& request) {
  std::optional<Associations::View> view;
  if (association != SAEF_NO_ASSOCIATION) {
    view = associations_.Find(association, Clock::now());
    if (!view) return SAEF_E_HANDLE;
  }
  Speaker speaker;
  if (view && !view->ended) {
    speaker.ae = view->ae();
    speaker.cse = view->source->cse();
    speaker.kind = Speaker::Kind::kUnresolved;
    if (speaker.ae != nullptr) speaker.kind = Speaker::Kind::kAe;
    if (speaker.cse != nullptr) speaker.kind = Speaker::Kind::kCse;
  }
  Questions questions(*this, view ? std::string_view(view->source->credential_id) : "");
  const OriginatorVerdict verdict = plugin::CheckOriginator(
      configuration_.cse, configuration_.require == Require::kAlways, speaker, request, questions);
  statistics_.checks.Add();
  if (verdict.status == onem2m::ResponseStatusCode::kOk) return Number(verdict.status);
  statistics_.checks_refused.Add();
  const bool watching = configuration_.require == Require::kWatch;
  Log(watching ? LogLevel::kWarning : LogLevel::kInfo,
      "From " + bindings::Quote(request.from) + (watching ? " would be" : " is") +
          " refused with " + std::to_string(Number(verdict.status)) + ": " +
          std::string(verdict.reason));
  return Number(watching ? onem2m::ResponseStatusCode::kOk : verdict.status);
}

// ---- Statistics, probing, the log ----

void Instance::FillStatistics(saef_statistics& to) const {
  to.lookups = statistics_.lookups.value();
  to.hits = statistics_.hits.value();
  to.not_mine = statistics_.not_mine.value();
  to.invalid = statistics_.invalid.value();
  to.refusals_remembered = statistics_.refusals_remembered.value();
  to.fetches = statistics_.fetches.value();
  to.fetches_key = statistics_.fetches_key.value();
  to.fetches_unknown = statistics_.fetches_unknown.value();
  to.fetches_denied = statistics_.fetches_denied.value();
  to.fetches_unavailable = statistics_.fetches_unavailable.value();
  to.fetches_in_flight = fetcher_.in_flight();
  to.waiters = fetcher_.waiters();
  to.keys_cached = cache_.size();
  to.keys_expired = cache_.expired();
  to.keys_evicted = cache_.evicted();
  to.associations = associations_.size();
  to.associations_ended = statistics_.associations_ended.value();
  to.checks = statistics_.checks.value();
  to.checks_refused = statistics_.checks_refused.value();
  for (const auto& maf : mafs_) to.maf_sessions += maf->sessions();
}

void Instance::Probe(std::chrono::milliseconds timeout, const ProbeCallback& callback) {
  const TimePoint deadline = Clock::now() + timeout;
  for (std::size_t i = 0; i < mafs_.size(); ++i) {
    // Each that is left has an equal share of the time that is left.
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const auto share = left / static_cast<std::int64_t>(mafs_.size() - i);
    callback(configuration_.mafs[i].fqdn.text(),
             mafs_[i]->Probe(std::max(share, std::chrono::milliseconds(0))));
  }
}

void Instance::Log(LogLevel level, std::string_view text) const noexcept {
  try {
    host_.Log(level, text);
  } catch (...) {
    // A log that throws can't be told so.
  }
}

}  // namespace saef::plugin
