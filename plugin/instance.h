// SPDX-License-Identifier: GPL-3.0-or-later
//
// Instance: one opened plugin: the parts, put together. Its functions are those of saef_api
// (plugin.h), with arguments already checked (entry.cc).
//
// Threads: any, as plugin.h says. The destructor ends what is under way and joins.
#ifndef SAEF_PLUGIN_INSTANCE_H_
#define SAEF_PLUGIN_INSTANCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "plugin/admission.h"
#include "plugin/configuration.h"
#include "plugin/host.h"
#include "plugin/identities.h"
#include "plugin/key_lookups.h"
#include "plugin/peer_check.h"
#include "plugin/provisioned_keys.h"
#include "plugin/rule_book.h"
#include "plugin/statistics.h"
#include "plugin/worker.h"
#include "saef/plugin.h"

namespace saef::plugin {

class Instance {
 public:
  struct OpenError {
    std::int32_t result;  // SAEF_E_CONFIGURATION, SAEF_E_MEMORY, SAEF_E_INTERNAL
    std::string text;
  };
  static std::variant<std::unique_ptr<Instance>, OpenError> Open(const std::string& config_path,
                                                                 const Host& host);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  KeyLookups& lookups() { return lookups_; }
  Admission& admission() { return admission_; }

  // A certificate chain or a raw public key (TS-0003 8.2.2.2).
  std::int32_t VerifyPeer(const saef_peer& peer) const;
  // associate() in two: by a psk_identity, which isn't empty; by what VerifyPeer takes.
  std::int32_t Associate(KeyLookups::Identity identity, saef_association* association);
  std::int32_t AssociateByCertificate(const saef_peer& peer, saef_association* association);

  void FillStatistics(saef_statistics& statistics) const;
  void Log(bindings::LogLevel level, std::string_view text) const noexcept;

 private:
  Instance(Configuration configuration, const Host& host);
  std::optional<OpenError> Start();
  std::optional<OpenError> InsertProvisionedKeys();
  TimePoint Tick() noexcept;
  void FillReasons(saef_statistics& statistics) const;
  PeerCheck::Verdict JudgePeer(const saef_peer& peer) const;
  std::int32_t AssociateInFull(KeyLookups::Identity identity, saef_association* association);

  const Configuration configuration_;
  const Host host_;
  const bindings::Log log_;
  Statistics statistics_;
  Worker worker_;
  ProvisionedKeys provisioned_;
  const Identities identities_;
  const PeerCheck peers_;
  const std::unique_ptr<RuleBook> rules_;  // null: none are configured
  Admission admission_;
  KeyLookups lookups_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_INSTANCE_H_
