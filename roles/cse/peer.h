// SPDX-License-Identifier: GPL-3.0-or-later
//
// Peer: who is behind the session that a request came in on, as the plugin describes its
// association (saef/plugin.h, describe).
#ifndef SAEF_ROLES_CSE_PEER_H_
#define SAEF_ROLES_CSE_PEER_H_

#include <string>
#include <vector>

namespace saef::cse {

enum class PeerKind {
  kNone,        // no association: in the clear, or one that has ended
  kUnresolved,  // authenticated; only the Credential-ID is known (TS-0003 8.2.1)
  kAe,
  kAeList,  // an AE, one of allowed_ids (a device or Node-ID certificate)
  kCse,
};

struct Peer {
  PeerKind kind = PeerKind::kNone;
  std::string entity_id;                      // Absolute AE-ID or CSE-ID of kAe and kCse
  std::string credential_id;                  // "11-ae1@maf.example.com"
  std::vector<std::string> allowed_ids = {};  // Absolute AE-IDs, of kAeList
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_PEER_H_
