// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Source End-Point's side of MAF Key Registration (TS-0003 8.x.5 steps 1 to 4 and 10): one
// fresh session with the MAF, one key from it.
#ifndef SAEF_ROLES_ENTITY_A_KEY_REGISTRATION_H_
#define SAEF_ROLES_ENTITY_A_KEY_REGISTRATION_H_

#include <optional>
#include <string>

#include "bindings/client.h"
#include "onem2m/key_identifier.h"
#include "onem2m/maf_interface.h"
#include "onem2m/secret.h"
#include "onem2m/timestamp.h"
#include "roles/entity-a/configuration.h"
#include "roles/entity-a/failure.h"

namespace saef::entity_a {

struct RegisteredKey {
  onem2m::KcId kc_id;
  onem2m::Secret kc;
  onem2m::Time registered{};
  onem2m::Time expires{};

  onem2m::Result<RegisteredKey> Clone() const;
};

// `maf`, a client of `registration`, has no session yet, so that the exported key is of a session
// of its own. Blocks.
Outcome<RegisteredKey> RegisterKey(const Configuration& configuration,
                                   const bindings::Uri& registration, bindings::Client& maf);

// What is wrong with the MAF's answer: expired, another source, SUID or target than asked for
// (facts of TS-0003 V3.18 8.8.2.7). nullopt: nothing.
std::optional<std::string> FaultOf(const onem2m::maf::KeyRegistrationResponse& answer,
                                   const Configuration& configuration, onem2m::Time now);

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_KEY_REGISTRATION_H_
