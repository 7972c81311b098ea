// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MAF's side of handshakes with certificates (TS-0003 8.x.4, 10.2.3): which client stands
// behind a chain. Pure but for the clock. Threads: any.
#ifndef SAEF_ROLES_MAF_CLIENT_CERTIFICATES_H_
#define SAEF_ROLES_MAF_CLIENT_CERTIFICATES_H_

#include <span>
#include <string>

#include "bindings/session.h"
#include "onem2m/timestamp.h"
#include "roles/maf/client_table.h"
#include "roles/maf/configuration.h"

namespace saef::maf {

// The client whose chain this is, if it leads to one of the trust anchors at `now` and names a
// client (AE-ID, CSE-ID, device or Node-ID certificate); else null, as where the MAF has no
// certificates at all.
const Client* FindByChain(const Configuration& configuration, std::span<const std::string> chain,
                          onem2m::Time now);

// Who was authenticated in this session, by KmId or certificate; null: nobody that we know (any
// more).
const Client* FindBySession(const Configuration& configuration, const bindings::Session& session,
                            onem2m::Time now);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_CLIENT_CERTIFICATES_H_
