// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MAF's other procedures at an End-Point, for any security feature (TS-0003 table 8.x.1-1): a
// source registers a key for one or several targets, changes the list, takes the key back; a target
// retrieves it. What Entity A does for its own associations stands in entity_a.h.
//
// Each takes a client of the MAF, with or without a session, and blocks. Threads: one thread at a
// time for each client.
#ifndef SAEF_ROLES_ENTITY_A_KEY_USE_H_
#define SAEF_ROLES_ENTITY_A_KEY_USE_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "bindings/client.h"
#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"
#include "onem2m/maf_interface.h"
#include "onem2m/suid.h"
#include "roles/entity-a/failure.h"
#include "roles/entity-a/key_registration.h"

namespace saef::entity_a {

// A MAF as the procedures see it.
struct MafAt {
  bindings::Client& client;
  onem2m::Fqdn fqdn;
  std::string path;                       // of the Key Registration and Key Retrieval, "/kr"
  std::optional<std::string> originator;  // From
  std::chrono::milliseconds timeout{10000};
};

// Key Registration (8.x.5) of a key exported from the session that this makes; so `maf` has none
// yet. `targets`: Absolute AE-IDs and CSE-IDs, as many as `suid` allows; else it is kLocal, and
// nothing is sent.
Outcome<RegisteredKey> RegisterKeyFor(const MafAt& maf, onem2m::Suid suid,
                                      const std::vector<std::string>& targets,
                                      std::optional<std::chrono::seconds> lifetime);
// Key Retrieval (8.x.6). The answer's SUID is `suid`.
Outcome<onem2m::maf::KeyRetrievalResponse> RetrieveKey(const MafAt& maf, const onem2m::KcId& kc_id,
                                                       onem2m::Suid suid);
// The new list of targets (8.x.5 step 7, ESData).
Outcome<void> UpdateTargets(const MafAt& maf, const onem2m::KcId& kc_id,
                            const std::vector<std::string>& targets);
// De-registration: the key ends now; who observes it learns that at once.
Outcome<void> DeregisterKey(const MafAt& maf, const onem2m::KcId& kc_id);

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_KEY_USE_H_
