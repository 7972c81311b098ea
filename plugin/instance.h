// SPDX-License-Identifier: GPL-3.0-or-later
//
// Instance: one opened plugin: the parts, put together. Its functions are those of saef_api
// (plugin.h), with arguments already checked (entry.cc).
//
// Threads: any, as plugin.h says. The destructor ends what is under way and joins.
#ifndef SAEF_PLUGIN_INSTANCE_H_
#define SAEF_PLUGIN_INSTANCE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugin/associations.h"
#include "plugin/configuration.h"
#include "plugin/fetcher.h"
#include "plugin/host.h"
#include "plugin/key_cache.h"
#include "plugin/maf_client.h"
#include "plugin/maf_directory.h"
#include "plugin/originator_check.h"
#include "plugin/psk_identity.h"
#include "plugin/refusals.h"
#include "plugin/statistics.h"
#include "plugin/worker.h"
#include "saef/plugin.h"

namespace saef::plugin {

class Instance : private Fetcher::Surroundings {
 public:
  using Identity = std::span<const std::uint8_t>;
  using ProbeCallback = std::function<void(const std::string& fqdn, const MafClient::ProbeReport&)>;

  struct OpenError {
    std::int32_t result;  // SAEF_E_CONFIGURATION, SAEF_E_MEMORY, SAEF_E_INTERNAL
    std::string text;
  };
  static std::variant<std::unique_ptr<Instance>, OpenError> Open(const std::string& config_path,
                                                                 const Host& host);
  ~Instance() override;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  std::int32_t Lookup(Identity identity, std::uint8_t* key, std::size_t* key_length);
  std::int32_t LookupAsync(Identity identity, saef_lookup_callback callback, void* context,
                           saef_ticket* ticket);
  std::int32_t LookupCancel(saef_ticket ticket) { return fetcher_.Cancel(ticket); }
  std::int32_t LookupWait(Identity identity, std::chrono::milliseconds timeout, std::uint8_t* key,
                          std::size_t* key_length);

  // A certificate chain or a raw public key (TS-0003 8.2.2.2).
  std::int32_t VerifyPeer(const saef_peer& peer) const;
  std::int32_t Associate(Identity identity, saef_association* association);
  std::optional<Associations::View> Describe(saef_association association) const;
  std::int32_t AssignAeId(saef_association association, std::string_view ae_id);
  std::int32_t WithdrawAeId(std::string_view ae_id);
  std::int32_t CheckOriginator(saef_association association, const OriginatorRequest& request);
  std::int32_t Dissociate(saef_association association);

  void FillStatistics(saef_statistics& statistics) const;
  void Probe(std::chrono::milliseconds timeout, const ProbeCallback& callback);
  void Log(bindings::LogLevel level, std::string_view text) const noexcept;

 private:
  // What an identity is to us now.
  struct Verdict {
    std::int32_t outcome = SAEF_PENDING;  // SAEF_PENDING: it would have to be fetched, or is being
    std::size_t maf = 0;                  // whose it is, with SAEF_PENDING
    bool remembered = false;              // it comes from the memory of refusals
  };
  class Questions;

  Instance(Configuration configuration, const Host& host);
  std::optional<OpenError> Start();

  // Copies the key, where `key` isn't null and there is one.
  Verdict Judge(const PskIdentity& identity, std::uint8_t* key, std::size_t* key_length) const;
  Verdict JudgeMine(const PskIdentity& identity, std::size_t maf, std::uint8_t* key,
                    std::size_t* key_length) const;
  std::int32_t WaitFor(const PskIdentity& identity, std::size_t maf,
                       std::chrono::milliseconds timeout);
  void Count(const Verdict& verdict);
  void CountFetch(std::int32_t outcome);
  // Says once that keys lie in memory that may be swapped out.
  void LookAtLockedMemory();

  TimePoint Tick() noexcept;
  void EndAssociations(TimePoint now);
  std::optional<onem2m::AeId> ParseOwnAeId(std::string_view text) const;

  // Fetcher::Surroundings.
  std::int32_t OutcomeSoFar(const PskIdentity& identity) override;
  bool MayAsk(std::size_t maf) override;
  void Ask(std::size_t maf, const PskIdentity& identity,
           std::function<void(FetchAnswer)> done) override;
  void Settle(const PskIdentity& identity, FetchAnswer answer) override;
  void Wake() override;
  void CallbackThrew() noexcept override;

  const Configuration configuration_;
  const Host host_;
  const MafDirectory directory_;
  Statistics statistics_;
  KeyCache cache_;
  Refusals refusals_;
  Associations associations_;
  std::atomic<bool> told_of_unlocked_memory_{false};
  Fetcher fetcher_;
  Worker worker_;
  std::vector<std::unique_ptr<MafClient>> mafs_;  // in the order of the configuration
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_INSTANCE_H_
