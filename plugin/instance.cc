// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/instance.h"

#include <algorithm>
#include <new>
#include <utility>

#include "bindings/log.h"
#include "plugin/abi_arguments.h"
#include "plugin/api_guard.h"
#include "plugin/keyed_hash.h"
#include "plugin/quick_hash.h"

namespace saef::plugin {

using bindings::LogLevel;

std::variant<std::unique_ptr<Instance>, Instance::OpenError> Instance::Open(
    const std::string& config_path, const Host& host) {
  if (!PrepareKeyedHash() || !QuickHash::IsReady()) {
    return OpenError{SAEF_E_INTERNAL, "there is no randomness"};
  }
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
      log_([this](LogLevel level, std::string_view text) { Log(level, text); }),
      identities_(configuration_.identity.identities, Clock::now(), onem2m::Now()),
      peers_(configuration_.cse, configuration_.identity.trust_anchors, identities_),
      rules_(configuration_.identity.rules
                 ? std::make_unique<RuleBook>(RuleBook::Options{*configuration_.identity.rules,
                                                                configuration_.cse, host_, worker_,
                                                                log_, configuration_.fetch_timeout})
                 : nullptr),
      admission_({configuration_, identities_, host_, statistics_, worker_, log_, rules_.get()}),
      lookups_({configuration_, statistics_, worker_, log_,
                [this](std::string_view identity) { admission_.EndByIdentity(identity); },
                [this](std::string_view identity) { admission_.EndByKey(identity); },
                [this](std::string_view identity) { return admission_.RestsOn(identity); }},
               provisioned_) {}

std::optional<Instance::OpenError> Instance::Start() {
  if (rules_ != nullptr && !host_.can_retrieve()) {
    return OpenError{SAEF_E_CONFIGURATION,
                     "/applicationRules: this host retrieves nothing for its plugin (it is of "
                     "version 1.0 of the interface, or leaves saef_host.retrieve out)"};
  }
  if (auto error = InsertProvisionedKeys()) return error;
  if (auto error = lookups_.Start()) return OpenError{SAEF_E_INTERNAL, std::move(*error)};
  worker_.Start([this] { return Tick(); });
  if (rules_ != nullptr) worker_.Wake();  // the first retrieval is due
  return std::nullopt;
}

// TS-0003 8.2.2.1: the Credential-ID is formed from KpsaId; the configured IdA is found by it.
std::optional<Instance::OpenError> Instance::InsertProvisionedKeys() {
  const TimePoint now = Clock::now();
  const onem2m::Time calendar_now = onem2m::Now();
  for (const ProvisionedKeyConfiguration& key : configuration_.identity.provisioned_keys) {
    auto copy = key.kpsa.Clone();
    if (!copy) return OpenError{SAEF_E_MEMORY, "there is no memory for the provisioned keys"};
    auto source = std::make_shared<Source>();
    source->credential_id = "12-" + key.kpsa_id.text();  // TS-0003 10.4
    source->suid = onem2m::Suid::kPreProvisionedSaef;
    provisioned_.Insert(
        key.kpsa_id,
        {std::move(*copy), {std::move(source), OnTheClock(key.expires, now, calendar_now)}});
  }
  return std::nullopt;
}

Instance::~Instance() {
  // No callback runs from here on; then the thread that would run them goes, then who feeds it.
  lookups_.StopCallbacks();
  worker_.Stop();
  lookups_.Stop();
}

std::int32_t Instance::VerifyPeer(const saef_peer& peer) const { return JudgePeer(peer).outcome; }

PeerCheck::Verdict Instance::JudgePeer(const saef_peer& peer) const {
  PeerCheck::Verdict verdict = peers_.Judge(peer, Clock::now(), onem2m::Now());
  if (!verdict.reason.empty()) Log(LogLevel::kInfo, "a peer is refused: " + verdict.reason);
  return verdict;
}

[[gnu::hot]] std::int32_t Instance::Associate(KeyLookups::Identity identity,
                                              saef_association* association) {
  PackedFacts facts;
  KeyLookups::SentIdentity as_sent;
  if (lookups_.FindFactsAtOnce(identity, facts, as_sent)) [[likely]] {
    return admission_.Open(as_sent.text(), std::move(facts), association);
  }
  return AssociateInFull(identity, association);
}

std::int32_t Instance::AssociateByCertificate(const saef_peer& peer,
                                              saef_association* association) {
  PeerCheck::Verdict verdict = JudgePeer(peer);
  if (verdict.outcome != SAEF_DONE) return verdict.outcome;
  const std::string name = verdict.facts.source->credential_id;
  return admission_.Open(name, verdict.facts, association);
}

// By a key that can't be found at once.
[[gnu::noinline]] std::int32_t Instance::AssociateInFull(KeyLookups::Identity octets,
                                                         saef_association* association) {
  const PskIdentity identity(octets);
  PackedFacts facts;
  const std::int32_t outcome = lookups_.FindFacts(identity, facts);
  if (outcome != SAEF_KEY) return outcome;
  return admission_.Open(identity.as_sent(), std::move(facts), association);
}

TimePoint Instance::Tick() noexcept {
  try {
    const TimePoint next_key = lookups_.Tick();
    const TimePoint now = Clock::now();
    const TimePoint next_rule = rules_ != nullptr ? rules_->Tick(now) : kNever;
    return std::min({next_key, next_rule, admission_.EndDue(now)});
  } catch (...) {
    // For want of memory; nothing is lost, only late.
    Log(LogLevel::kError, "out of memory; trying again in a second");
    return Clock::now() + std::chrono::seconds(1);
  }
}

void Instance::FillStatistics(saef_statistics& to) const {
  to.lookups = statistics_.lookups();
  to.hits = statistics_.calls.value(Call::kHit);
  to.not_mine = statistics_.calls.value(Call::kNotMine);
  to.invalid = statistics_.calls.value(Call::kInvalid);
  to.refusals_remembered = statistics_.refusals_remembered.value();
  to.fetches = statistics_.fetches.value();
  to.fetches_key = statistics_.fetches_key.value();
  to.fetches_unknown = statistics_.fetches_unknown.value();
  to.fetches_denied = statistics_.fetches_denied.value();
  to.fetches_unavailable = statistics_.fetches_unavailable.value();
  FillReasons(to);
  to.keys_withdrawn = statistics_.keys_withdrawn.value();
  to.associations = admission_.size();
  to.associations_ended = statistics_.associations_ended.value();
  to.checks = statistics_.calls.value(Call::kCheck);
  to.checks_refused = statistics_.checks_refused.value();
  lookups_.FillStatistics(to);
}

// What is told since 1.2: why there was no key, and how long MAFs took.
void Instance::FillReasons(saef_statistics& to) const {
  to.misses = statistics_.calls.value(Call::kMiss);
  to.lookups_pending = statistics_.calls.value(Call::kPending);
  to.lookups_unknown = statistics_.calls.value(Call::kUnknown);
  to.lookups_denied = statistics_.calls.value(Call::kDenied);
  to.lookups_unavailable = statistics_.calls.value(Call::kUnavailable);
  to.lookups_left_alone = statistics_.calls.value(Call::kLeftAlone);
  to.fetches_denied_expired = statistics_.fetches_with(FetchProblem::kExpired);
  to.fetches_denied_suid = statistics_.fetches_with(FetchProblem::kSuid);
  to.fetches_denied_not_for_us = statistics_.fetches_with(FetchProblem::kNotForUs);
  to.fetches_denied_bad_answer = statistics_.fetches_with(FetchProblem::kBadAnswer);
  to.fetches_unreachable = statistics_.fetches_with(FetchProblem::kUnreachable);
  to.fetches_credential_refused = statistics_.fetches_with(FetchProblem::kCredentialRefused);
  to.fetches_timed_out = statistics_.fetches_with(FetchProblem::kTimedOut);
  to.fetches_failed_at_maf = statistics_.fetches_with(FetchProblem::kIssuerFailed);
  const auto retrievals = statistics_.retrievals.Read();
  std::copy(retrievals.buckets.begin(), retrievals.buckets.end(), to.retrieval_buckets);
  to.retrieval_count = retrievals.count;
  to.retrieval_sum_us = retrievals.sum_us;
}

void Instance::Log(LogLevel level, std::string_view text) const noexcept {
  const CallGuard guard;  // calls that mostly don't log have none of their own
  try {
    host_.Log(level, text);
  } catch (...) {
    // A log that throws can't be told so.
  }
}

}  // namespace saef::plugin
