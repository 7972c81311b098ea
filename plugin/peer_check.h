// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeerCheck: whom a certificate chain or a raw public key names (TS-0003 8.2.2.2), and whether it
// is to be taken: a chain that leads to one of the configured trust anchors (8.1.2.2), a raw public
// key that the configuration names by its public key identifier (10.1.2). Made once, then only
// read: any thread, no lock; nothing blocks. Times are arguments.
#ifndef SAEF_PLUGIN_PEER_CHECK_H_
#define SAEF_PLUGIN_PEER_CHECK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/timestamp.h"
#include "plugin/clock.h"
#include "plugin/identities.h"
#include "plugin/key_record.h"
#include "saef/plugin.h"

namespace saef::plugin {

class PeerCheck {
 public:
  struct Verdict {
    std::int32_t outcome = SAEF_NOT_MINE;  // or SAEF_DONE, SAEF_DENIED
    KeyFacts facts{};                      // with SAEF_DONE: whose it is, and until when
    std::string reason{};                  // for the log; empty with SAEF_DONE and SAEF_NOT_MINE
  };

  // All of it outlives the PeerCheck. Without trust anchors certificates are nobody's here, without
  // configured public keys public keys are.
  PeerCheck(const onem2m::CseId& own, const std::vector<std::string>& trust_anchors,
            const Identities& identities);

  // Of a peer with certificates or a public key. Both moments are the same one.
  Verdict Judge(const saef_peer& peer, TimePoint now, onem2m::Time calendar_now) const;

 private:
  Verdict JudgeChain(const saef_peer& peer, TimePoint now, onem2m::Time calendar_now) const;
  Verdict JudgePublicKey(std::string_view public_key, TimePoint now) const;

  const onem2m::CseId& own_;
  const std::vector<std::string>& trust_anchors_;
  std::vector<const Identities::Entry*> public_keys_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_PEER_CHECK_H_
