// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/abi_arguments.h"

#include <span>

namespace saef::plugin {

bool AreCertificates(const saef_peer& peer) {
  if (peer.certificates == nullptr || peer.certificate_count > kMaxCertificates) return false;
  const std::span certificates(peer.certificates, peer.certificate_count);
  return std::all_of(certificates.begin(), certificates.end(), [](const saef_bytes& certificate) {
    return certificate.data != nullptr && certificate.length > 0 &&
           certificate.length <= kMaxCertificate;
  });
}

}  // namespace saef::plugin
