// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/certificate_host.h"

#include <map>
#include <vector>

namespace saef::abi_test {
namespace {

struct CertificateHost {
  saef_coap_gate *gate = nullptr;
  FakePlugin *plugin = nullptr;
  std::string certificate, key, ca;
  // Of handshakes under way: the CA certificates first, as they are shown.
  std::map<const coap_session_t *, std::vector<std::string>> shown;
};

CertificateHost host;

// libcoap calls for each certificate of the chain, the client's own, depth 0, last.
int OnCertificate(const char *, const uint8_t *certificate, size_t length, coap_session_t *session,
                  unsigned int depth, int validated, void *) {
  host.shown[session].emplace_back(reinterpret_cast<const char *>(certificate), length);
  if (depth > 0) {
    return validated;
  }
  const auto chain = std::move(host.shown.extract(session).mapped());
  std::vector<saef_bytes> list;
  for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
    list.push_back({reinterpret_cast<const uint8_t *>(one->data()), one->size()});
  }
  saef_peer peer = {};
  peer.size = sizeof(peer);
  peer.certificates = list.data();
  peer.certificate_count = list.size();
  return validated != 0 &&
         host.plugin->api()->verify_peer(host.plugin->instance(), &peer) == SAEF_DONE &&
         saef_coap_gate_session_peer(host.gate, session, &peer) == SAEF_DONE;
}

}  // namespace

bool UseCertificates(coap_context_t *context, const std::string &folder, saef_coap_gate *gate,
                     FakePlugin *plugin) {
  host.gate = gate;
  host.plugin = plugin;
  host.certificate = folder + "/server.pem";
  host.key = folder + "/server.key.pem";
  host.ca = folder + "/ca.pem";
  coap_dtls_pki_t pki = {};
  pki.version = COAP_DTLS_PKI_SETUP_VERSION;
  pki.verify_peer_cert = 1;
  pki.check_common_ca = 1;
  pki.cert_chain_validation = 1;
  pki.cert_chain_verify_depth = 5;
  pki.validate_cn_call_back = OnCertificate;
  pki.pki_key.key_type = COAP_PKI_KEY_PEM;
  pki.pki_key.key.pem.public_cert = host.certificate.c_str();
  pki.pki_key.key.pem.private_key = host.key.c_str();
  pki.pki_key.key.pem.ca_file = host.ca.c_str();
  return coap_context_set_pki(context, &pki) == 1;
}

}  // namespace saef::abi_test
