// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parties of the demo: provisioned into a folder, MAF and CSE started as processes, Entity As
// ready to be used.
#ifndef SAEF_TOOLS_DEMO_PARTIES_H_
#define SAEF_TOOLS_DEMO_PARTIES_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "bindings/client.h"
#include "roles/entity-a/entity_a.h"
#include "tools/child_process.h"
#include "tools/provision/provision.h"

namespace saef::tools {

class DemoParties {
 public:
  // Or a sentence that says what didn't start.
  static std::variant<DemoParties, std::string> Start(const std::filesystem::path& folder,
                                                      const std::filesystem::path& module);

  const std::string& maf_uri() const { return maf_.uris().front(); }
  const std::string& maf_fqdn() const { return provisioning_.maf_fqdn; }
  std::string cse_id() const;
  std::string other_cse_id() const;  // a CSE that the MAF knows and that isn't running
  // The CSE's listener for this scheme: "coaps" or "https".
  std::string CseUri(std::string_view scheme) const;

  // Entity A of this name ("sensor1", "sensor2"): the configuration that was provisioned, changed
  // by `change`.
  std::variant<std::unique_ptr<entity_a::EntityA>, std::string> OpenEntity(
      std::string_view name,
      const std::function<void(entity_a::Configuration&)>& change = {}) const;

  // A bare handshake with the CSE, without Entity A's second try: how it ended.
  bindings::Result<void> Handshake(std::string_view cse_uri, std::string_view kc_id,
                                   onem2m::Secret kc) const;

  // What the plugin has last said of this key in the CSE's log; empty: nothing.
  std::string PluginOnKey(std::string_view kc_id) const;

 private:
  DemoParties(Provisioning provisioning, ChildProcess maf, ChildProcess cse)
      : provisioning_(std::move(provisioning)), maf_(std::move(maf)), cse_(std::move(cse)) {}

  Provisioning provisioning_;
  ChildProcess maf_;
  ChildProcess cse_;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DEMO_PARTIES_H_
