// SPDX-License-Identifier: GPL-3.0-or-later
//
// Admission: who is behind a session, and what may be said through it: the associations, the way
// from a Credential-ID to an identity (TS-0003 8.2.1) and the originator check (7.2.1), with what
// the host and the configuration know. The functions are those of saef_api (plugin.h), with
// arguments already checked.
//
// Threads: any; EndDue on the plugin's own.
#ifndef SAEF_PLUGIN_ADMISSION_H_
#define SAEF_PLUGIN_ADMISSION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "bindings/log.h"
#include "plugin/associations.h"
#include "plugin/configuration.h"
#include "plugin/host.h"
#include "plugin/identities.h"
#include "plugin/originator_check.h"
#include "plugin/rule_book.h"
#include "plugin/statistics.h"
#include "plugin/worker.h"
#include "saef/plugin.h"

namespace saef::plugin {

class Admission {
 public:
  // What it needs around it; all of it outlives the Admission.
  struct Surroundings {
    const Configuration& configuration;
    const Identities& identities;
    const Host& host;
    Statistics& statistics;
    Worker& worker;
    bindings::Log log;
    const RuleBook* rules;  // null: registrations are bound by no rules
  };

  explicit Admission(const Surroundings& surroundings);
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // `name`: the psk_identity as sent, or what else stands for the credential. An entity that is
  // unresolved is looked up in the configuration: SAEF_DENIED where that has expired.
  std::int32_t Open(std::string_view name, PackedFacts&& facts, saef_association* association);
  std::optional<Associations::View> Describe(saef_association association) const;
  std::int32_t AssignAeId(saef_association association, std::string_view ae_id);
  std::int32_t WithdrawAeId(std::string_view ae_id);
  std::int32_t Check(saef_association association, const OriginatorRequest& request);
  std::int32_t Dissociate(saef_association association);

  // The credential of that name was taken back.
  void EndByIdentity(std::string_view name) { associations_.EndByIdentity(name); }
  bool RestsOn(std::string_view name) const { return associations_.RestsOn(name); }
  // Likewise, in whatever case it was sent.
  void EndByKey(std::string_view name) { associations_.EndByKey(name); }
  // Tells the host of what has ended; returns when that is next due.
  TimePoint EndDue(TimePoint now);
  std::size_t size() const { return associations_.size(); }

 private:
  class Questions;
  OriginatorVerdict Judge(const std::optional<Associations::View>& view,
                          const OriginatorRequest& request) const;
  OriginatorVerdict ApplyRules(const std::optional<Associations::View>& view,
                               const OriginatorRequest& request) const;
  // Of unresolved ones; false where nothing may rest on them.
  bool Resolve(PackedFacts& facts) const;
  std::optional<onem2m::AeId> ParseOwnAeId(std::string_view text) const;

  const Surroundings surroundings_;
  Associations associations_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ADMISSION_H_
