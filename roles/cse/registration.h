// SPDX-License-Identifier: GPL-3.0-or-later
//
// Under which identifier an entity registers (TS-0001 10.2.2, TS-0004 7.4.5, 7.4.4).
//
// An AE: where the association tells an Absolute AE-ID, or a list of them, that one, or one of
// them, and no other. Else nothing or "C" asks this CSE to pick, "C…" asks for that stem; "S" and
// "S…" are refused with 4126, because the service provider's assignment is known only from the
// MAF's word. A CSE: the CSE-ID in From, in csi and, where there is one, of the association are one
// and the same.
//
// Pure; threads: any.
#ifndef SAEF_ROLES_CSE_REGISTRATION_H_
#define SAEF_ROLES_CSE_REGISTRATION_H_

#include <optional>
#include <string>

#include "onem2m/entity_identifier.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"

namespace saef::cse {

// The AE-ID-Stem to register under; none: this CSE picks one of its own.
// 4000: From is no AE's. 4103: a CSE's association. 4106: From isn't what the association tells.
// 4126: an identifier that this CSE can't give.
Outcome<std::optional<std::string>> ChooseAeId(const std::optional<std::string>& from,
                                               const Peer& peer, const onem2m::CseId& self);

// The CSE-ID to register. 4000: From and csi aren't one CSE-ID, or this CSE's. 4106: the
// association isn't that CSE's.
Outcome<onem2m::CseId> ChooseCseId(const std::optional<std::string>& from, const std::string& csi,
                                   const Peer& peer, const onem2m::CseId& self);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_REGISTRATION_H_
