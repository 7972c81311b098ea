// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/km_fetcher.h"

#include <algorithm>
#include <utility>

#include "onem2m/mef_interface.h"
#include "onem2m/suid.h"

namespace saef::maf {

using bindings::LogLevel;

std::variant<std::unique_ptr<KmFetcher>, std::string> KmFetcher::Open(
    const onem2m::Fqdn& maf, const std::vector<end_point::MefAccess>& mefs,
    const std::vector<EnrolledClient>& clients, bindings::Log log) {
  std::unique_ptr<KmFetcher> fetcher(new KmFetcher(maf, clients, std::move(log)));
  for (const end_point::MefAccess& mef : mefs) {
    auto client = fetcher->OpenClient(mef);
    if (!client) {
      return "the client of the MEF " + mef.fqdn.text() +
             " can't start: " + client.error().message();
    }
    fetcher->mefs_.push_back({&mef, std::move(*client)});
  }
  return fetcher;
}

bindings::Result<std::unique_ptr<bindings::Client>> KmFetcher::OpenClient(
    const end_point::MefAccess& mef) const {
  bindings::ClientOptions options;
  options.handshake_timeout = kTimeout;
  options.max_queued = kMaxFetches;
  options.log = log_;
  return end_point::OpenMefClient(mef, std::move(options));
}

KmFetcher::~KmFetcher() {
  {
    const MutexLock lock(mutex_);
    closing_ = true;
    for (auto& [id, entry] : entries_) entry.waiters.clear();
  }
  for (Mef& mef : mefs_) mef.client.reset();
}

const KmFetcher::Mef* KmFetcher::MefOf(const onem2m::KeId& ke_id) const {
  const auto found = std::ranges::find_if(
      mefs_, [&](const Mef& mef) { return mef.configuration->fqdn == ke_id.fqdn(); });
  return found == mefs_.end() ? nullptr : &*found;
}

bool KmFetcher::IsOfMef(const onem2m::KeId& ke_id) const { return MefOf(ke_id) != nullptr; }

// What is kept under this KeId and hasn't ended.
KmFetcher::Entry* KmFetcher::FindEntry(const std::string& ke_id) {
  const auto found = entries_.find(ke_id);
  if (found == entries_.end()) return nullptr;
  if (found->second.outcome == SAEF_PENDING || Clock::now() < found->second.until) {
    return &found->second;
  }
  entries_.erase(found);
  return nullptr;
}

std::int32_t KmFetcher::Find(const onem2m::KeId& ke_id, Fetched* fetched) {
  const MutexLock lock(mutex_);
  const Entry* const entry = FindEntry(ke_id.Canonical());
  if (entry == nullptr) return SAEF_PENDING;
  if (entry->outcome != SAEF_KEY) return entry->outcome;
  if (entry->fetched.expires <= onem2m::Now()) return SAEF_DENIED;
  if (fetched != nullptr) {
    auto km = entry->fetched.km.Clone();
    if (!km) return SAEF_UNAVAILABLE;
    *fetched = {entry->fetched.client, std::move(*km), entry->fetched.expires};
  }
  return SAEF_KEY;
}

// What has ended goes first, then what ends next; a fetch under way stays.
bool KmFetcher::MakeRoom() {
  if (entries_.size() < kMaxKept) return true;
  const auto now = Clock::now();
  std::erase_if(entries_, [&](const auto& entry) {
    return entry.second.outcome != SAEF_PENDING && entry.second.until <= now;
  });
  while (entries_.size() >= kMaxKept) {
    auto first = entries_.end();
    for (auto i = entries_.begin(); i != entries_.end(); ++i) {
      if (i->second.outcome == SAEF_PENDING) continue;
      if (first == entries_.end() || i->second.until < first->second.until) first = i;
    }
    if (first == entries_.end()) return false;
    entries_.erase(first);
  }
  return true;
}

std::int32_t KmFetcher::Fetch(const onem2m::KeId& ke_id, Callback callback, saef_ticket* ticket) {
  const std::int32_t known = Find(ke_id, nullptr);
  if (known != SAEF_PENDING) return known;
  const Mef* const mef = MefOf(ke_id);
  if (mef == nullptr) return SAEF_UNKNOWN;
  const std::string canonical = ke_id.Canonical();
  {
    const MutexLock lock(mutex_);
    if (closing_ || tickets_.size() >= kMaxWaiters) return SAEF_UNAVAILABLE;
    Entry* entry = FindEntry(canonical);
    // An answer that came just now.
    if (entry != nullptr && entry->outcome != SAEF_PENDING) return entry->outcome;
    const bool is_new = entry == nullptr;
    if (is_new) {
      if (in_flight_ >= kMaxFetches || !MakeRoom()) return SAEF_UNAVAILABLE;
      entry = &entries_[canonical];
      ++in_flight_;
      ++fetches_;
    }
    *ticket = ++last_ticket_;
    entry->waiters.emplace(*ticket, std::move(callback));
    tickets_.emplace(*ticket, canonical);
    if (!is_new) return SAEF_PENDING;
  }
  Ask(*mef, ke_id);
  return SAEF_PENDING;
}

bool KmFetcher::Cancel(saef_ticket ticket) {
  const MutexLock lock(mutex_);
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return false;
  entries_[found->second].waiters.erase(ticket);
  tickets_.erase(found);
  return true;
}

std::size_t KmFetcher::waiters() const {
  const MutexLock lock(mutex_);
  return tickets_.size();
}

std::uint64_t KmFetcher::fetches() const {
  const MutexLock lock(mutex_);
  return fetches_;
}

void KmFetcher::Ask(const Mef& mef, const onem2m::KeId& ke_id) {
  onem2m::RequestPrimitive request =
      end_point::MakeFetchRequest(*mef.configuration, ke_id, onem2m::Suid::kRspfMaf, maf_.text());
  {
    const MutexLock lock(mutex_);
    request.request_identifier = "fetch-" + std::to_string(++requests_);
  }
  mef.client->Send(std::move(request), kTimeout,
                   [this, &mef, canonical = ke_id.Canonical()](
                       bindings::Result<onem2m::ResponsePrimitive> result) {
                     Complete(mef, canonical, std::move(result));
                   });
}

// The outcome for the handshake; `why` for the log.
std::int32_t KmFetcher::Judge(const Mef& mef, bindings::Result<onem2m::ResponsePrimitive>& result,
                              Fetched& fetched, std::string& why) const {
  if (!result) {
    why = result.error().message();
    return SAEF_UNAVAILABLE;
  }
  auto read = end_point::ReadFetchAnswer(*result);
  if (auto* const refusal = std::get_if<end_point::FetchRefusal>(&read)) {
    why = std::move(refusal->why);
    return refusal->kind == end_point::FetchRefusal::Kind::kCannot ? SAEF_UNAVAILABLE
                                                                   : SAEF_UNKNOWN;
  }
  auto* const answer = std::get_if<onem2m::mef::FetchedCredential>(&read);
  const auto client = std::ranges::find_if(clients_, [&](const EnrolledClient& known) {
    return known.mef == mef.configuration->fqdn && answer->enrolee_id &&
           known.enrolee_id == *answer->enrolee_id && known.kind == *answer->enrolee_type;
  });
  if (client == clients_.end()) {
    why = "the enrolee is no client here: " + bindings::Quote(answer->enrolee_id.value_or(""));
    return SAEF_DENIED;
  }
  fetched = {&*client, std::move(answer->credential), onem2m::Now() + answer->lifetime};
  return SAEF_KEY;
}

void KmFetcher::Complete(const Mef& mef, const std::string& ke_id,
                         bindings::Result<onem2m::ResponsePrimitive> result) {
  Fetched fetched;
  std::string why;
  const std::int32_t outcome = Judge(mef, result, fetched, why);
  if (outcome != SAEF_KEY) {
    log_(LogLevel::kWarning, "the MEF " + mef.configuration->fqdn.text() + " gives no Km for " +
                                 bindings::Quote(ke_id) + ": " + why);
  }
  const MutexLock lock(mutex_);
  --in_flight_;
  Entry& entry = entries_[ke_id];
  entry.outcome = outcome;
  entry.fetched = std::move(fetched);
  const std::chrono::seconds keep = outcome == SAEF_KEY           ? kKeepKey
                                    : outcome == SAEF_UNAVAILABLE ? kKeepUnavailable
                                                                  : kKeepRefusal;
  entry.until = Clock::now() + keep;
  const auto waiters = std::move(entry.waiters);
  entry.waiters.clear();
  // Under the lock, so that nobody who has seen Cancel return is called.
  for (const auto& [ticket, callback] : waiters) {
    tickets_.erase(ticket);
    callback(ticket, outcome);
  }
}

}  // namespace saef::maf
