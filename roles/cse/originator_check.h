// SPDX-License-Identifier: GPL-3.0-or-later
//
// OriginatorCheck: the plugin's part in each request (TS-0003 7.2.1, TS-0004 7.3.2.1), asked
// through the ABI: may this originator speak through this association, and who is behind it.
//
// Without a plugin there is nobody to ask: From is believed as it comes, as any CSE without
// security associations does, and every peer is PeerKind::kNone.
//
// Threads: any. Calls the plugin, so no lock that the plugin's questions need may be held.
#ifndef SAEF_ROLES_CSE_ORIGINATOR_CHECK_H_
#define SAEF_ROLES_CSE_ORIGINATOR_CHECK_H_

#include <optional>
#include <string>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/primitive.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"
#include "saef/plugin.h"

namespace saef::cse {

class OriginatorCheck {
 public:
  // Both null: no plugin. Otherwise they outlive this object.
  OriginatorCheck(const saef_api* api, saef_instance* instance) : api_(api), instance_(instance) {}

  // The plugin's refusal (4000, 4106, 4107, 4126, 4128) with a text, or who is behind the
  // association. 5000 where the plugin fails.
  Outcome<Peer> Admit(const onem2m::RequestPrimitive& request, saef_association association) const;

  // Tells the plugin that the entity behind this association is registered under this Absolute
  // AE-ID. 4117: the association is another identity's already. 4107: it has ended. 5000: the
  // plugin fails. Nothing to do, and done, without an association.
  std::optional<Refusal> Assign(saef_association association, const std::string& ae_id) const;
  // These AE-IDs (stems) are no longer registered.
  void Withdraw(const std::vector<std::string>& stems) const;

 private:
  Outcome<Peer> Describe(saef_association association) const;

  const saef_api* const api_;
  saef_instance* const instance_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ORIGINATOR_CHECK_H_
