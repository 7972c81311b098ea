// SPDX-License-Identifier: GPL-3.0-or-later
//
// KmFetcher: gets Km from the MEF under whose KeId an End-Point shakes hands (TS-0003 8.3.2.1, Use
// of Remotely Provisioned Credential, steps b to f; 8.x.3 step 1), while that handshake waits. One
// fetch for each KeId; what came is kept for a while, refusals for a short one. Bounded: fetches,
// waiters, what is kept.
//
// Threads: any. Callbacks run on the MEF client's thread, under the fetcher's lock: they must not
// call it.
#ifndef SAEF_ROLES_MAF_KM_FETCHER_H_
#define SAEF_ROLES_MAF_KM_FETCHER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/client.h"
#include "bindings/log.h"
#include "end-point/credential_fetch.h"
#include "onem2m/key_identifier.h"
#include "onem2m/secret.h"
#include "onem2m/thread_annotations.h"
#include "onem2m/timestamp.h"
#include "roles/maf/enrolled_clients.h"
#include "saef/plugin.h"

namespace saef::maf {

class KmFetcher {
 public:
  using Clock = std::chrono::steady_clock;
  using Callback = std::function<void(saef_ticket ticket, std::int32_t outcome)>;

  static constexpr std::size_t kMaxFetches = 256;   // at once
  static constexpr std::size_t kMaxWaiters = 4096;  // handshakes that wait
  static constexpr std::size_t kMaxKept = 4096;
  static constexpr std::chrono::seconds kTimeout{8};  // of a fetch, its handshake included
  static constexpr std::chrono::minutes kKeepKey{10};
  static constexpr std::chrono::seconds kKeepRefusal{10};
  static constexpr std::chrono::seconds kKeepUnavailable{1};

  // What came of a KeId.
  struct Fetched {
    const EnrolledClient* client = nullptr;
    onem2m::Secret km;
    onem2m::Time expires{};
  };

  // These must outlive it. Opens the clients; no packet is sent yet. Or a sentence.
  static std::variant<std::unique_ptr<KmFetcher>, std::string> Open(
      const onem2m::Fqdn& maf, const std::vector<end_point::MefAccess>& mefs,
      const std::vector<EnrolledClient>& clients, bindings::Log log);
  // Ends what is under way; no callback runs afterwards.
  ~KmFetcher();
  KmFetcher(const KmFetcher&) = delete;
  KmFetcher& operator=(const KmFetcher&) = delete;

  // Is it of a MEF that is configured? Otherwise nothing below has meaning.
  bool IsOfMef(const onem2m::KeId& ke_id) const;

  // SAEF_KEY (with `fetched`, where it isn't null), SAEF_UNKNOWN, SAEF_DENIED, SAEF_UNAVAILABLE; or
  // SAEF_PENDING: it isn't known now.
  std::int32_t Find(const onem2m::KeId& ke_id, Fetched* fetched) SAEF_EXCLUDES(mutex_);
  // The same; SAEF_PENDING: the callback is called once, unless cancelled, with *ticket set before.
  std::int32_t Fetch(const onem2m::KeId& ke_id, Callback callback, saef_ticket* ticket)
      SAEF_EXCLUDES(mutex_);
  // After it the callback isn't running and will not run. False: it has run, or there is none.
  bool Cancel(saef_ticket ticket) SAEF_EXCLUDES(mutex_);

  std::size_t waiters() const SAEF_EXCLUDES(mutex_);
  std::uint64_t fetches() const SAEF_EXCLUDES(mutex_);  // so far

 private:
  struct Mef {
    const end_point::MefAccess* configuration = nullptr;
    std::unique_ptr<bindings::Client> client;
  };
  struct Entry {
    std::int32_t outcome = SAEF_PENDING;
    Fetched fetched;  // with SAEF_KEY
    Clock::time_point until;
    std::map<saef_ticket, Callback> waiters;  // with SAEF_PENDING
  };

  KmFetcher(const onem2m::Fqdn& maf, const std::vector<EnrolledClient>& clients, bindings::Log log)
      : maf_(maf), clients_(clients), log_(std::move(log)) {}
  bindings::Result<std::unique_ptr<bindings::Client>> OpenClient(
      const end_point::MefAccess& mef) const;
  const Mef* MefOf(const onem2m::KeId& ke_id) const;
  Entry* FindEntry(const std::string& ke_id) SAEF_REQUIRES(mutex_);
  bool MakeRoom() SAEF_REQUIRES(mutex_);
  void Ask(const Mef& mef, const onem2m::KeId& ke_id);
  void Complete(const Mef& mef, const std::string& ke_id,
                bindings::Result<onem2m::ResponsePrimitive> result) SAEF_EXCLUDES(mutex_);
  std::int32_t Judge(const Mef& mef, bindings::Result<onem2m::ResponsePrimitive>& result,
                     Fetched& fetched, std::string& why) const;

  const onem2m::Fqdn& maf_;
  const std::vector<EnrolledClient>& clients_;
  const bindings::Log log_;
  mutable Mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_ SAEF_GUARDED_BY(mutex_);  // by canonical KeId
  std::map<saef_ticket, std::string> tickets_ SAEF_GUARDED_BY(mutex_);
  saef_ticket last_ticket_ SAEF_GUARDED_BY(mutex_) = 0;
  std::size_t in_flight_ SAEF_GUARDED_BY(mutex_) = 0;
  std::uint64_t fetches_ SAEF_GUARDED_BY(mutex_) = 0;
  bool closing_ SAEF_GUARDED_BY(mutex_) = false;
  std::uint64_t requests_ SAEF_GUARDED_BY(mutex_) = 0;
  std::vector<Mef> mefs_;  // last: their callbacks run until they are gone
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KM_FETCHER_H_
