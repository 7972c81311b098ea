// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parties of a chapter: provisioned into a folder, MEF, MAF and CSE started as processes,
// Entity As ready to be used.
#ifndef SAEF_TOOLS_DEMO_PARTIES_H_
#define SAEF_TOOLS_DEMO_PARTIES_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/client.h"
#include "roles/entity-a/entity_a.h"
#include "tools/child_process.h"
#include "tools/demo/chapter.h"
#include "tools/provision/provision.h"

namespace saef::tools {

// What a chapter begins with: a CSE on loopback over CoAP and HTTP, a MAF that listens at any free
// port, and the AEs sensor1 and sensor2.
Provisioning DemoProvisioning(const DemoOptions& options);

class DemoParties {
 public:
  // Writes what they need and starts those that `provisioning` has use for. Or a sentence that says
  // what didn't start.
  static std::variant<DemoParties, std::string> Start(Provisioning provisioning);

  const Provisioning& provisioning() const { return provisioning_; }
  std::string maf_uri() const { return maf_ ? maf_->uris().front() : std::string(); }
  const std::string& maf_fqdn() const { return provisioning_.maf_fqdn; }
  std::string mef_uri() const { return mef_ ? mef_->uris().front() : std::string(); }
  std::string cse_id() const;
  std::string other_cse_id() const;  // a CSE that the MAF knows and that isn't running
  // The CSE's listener for this scheme: "coaps" or "https".
  std::string CseUri(std::string_view scheme) const;
  // Where each of those that run tells what it counts, the CSE first.
  std::vector<std::string> statistics_uris() const;
  // "cse1.sp.example.com"
  std::string cse_server_name() const;

  // Entity A of this name ("sensor1", "sensor2"): the configuration that was provisioned, changed
  // by `change`.
  std::variant<std::unique_ptr<entity_a::EntityA>, std::string> OpenEntity(
      std::string_view name,
      const std::function<void(entity_a::Configuration&)>& change = {}) const;

  // A bare handshake with the CSE, without Entity A's second try: how it ended.
  bindings::Result<void> Handshake(std::string_view cse_uri, std::string_view psk_identity,
                                   onem2m::Secret key) const;

  // The last line of the CSE's log that has this text; empty: none.
  std::string CseOn(std::string_view text) const;
  // What the plugin has last said of this key in the CSE's log; empty: nothing.
  std::string PluginOnKey(std::string_view kc_id) const;

 private:
  explicit DemoParties(Provisioning provisioning) : provisioning_(std::move(provisioning)) {}

  std::optional<std::string> StartAll();

  Provisioning provisioning_;
  std::optional<ChildProcess> mef_;
  std::optional<ChildProcess> maf_;
  std::optional<ChildProcess> cse_;
};

// Starts the parties as a step of the chapter, and tells where they are; none: they didn't start.
std::optional<DemoParties> StartAsStep(Provisioning provisioning, std::string_view step,
                                       Account& account);

// One of the parties as a process: `saef <party> -v --config <folder>/<name>.json`, its log in
// <folder>/<name>.log. Or a sentence.
std::variant<ChildProcess, std::string> StartParty(const std::filesystem::path& folder,
                                                   const std::string& party,
                                                   const std::string& name);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DEMO_PARTIES_H_
