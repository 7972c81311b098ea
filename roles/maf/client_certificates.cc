// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/client_certificates.h"

#include "onem2m/certificate.h"

namespace saef::maf {

const Client* FindByChain(const Configuration& configuration, std::span<const std::string> chain,
                          onem2m::Time now) {
  if (chain.empty() || !configuration.certificate ||
      !onem2m::VerifyCertificateChain(chain, configuration.certificate->trust_anchors, now)) {
    return nullptr;
  }
  const auto identity = onem2m::IdentityOfCertificate(chain.front());
  return identity ? configuration.clients.FindCertificate(identity->credential_id) : nullptr;
}

const Client* FindBySession(const Configuration& configuration, const bindings::Session& session,
                            onem2m::Time now) {
  if (!session.secure()) {
    return nullptr;
  }
  // A session was authenticated in one way. A chain is judged afresh, for sessions outlive it.
  const auto chain = session.peer_certificates();
  return chain.empty() ? configuration.clients.Find(session.psk_identity())
                       : FindByChain(configuration, chain, now);
}

}  // namespace saef::maf
