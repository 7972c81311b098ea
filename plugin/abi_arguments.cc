// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/abi_arguments.h"

#include <span>

namespace saef::plugin {
namespace {

bool AreCertificates(const saef_peer& peer) {
  if (peer.certificates == nullptr || peer.certificate_count > kMaxCertificates) return false;
  const std::span certificates(peer.certificates, peer.certificate_count);
  return std::all_of(certificates.begin(), certificates.end(), [](const saef_bytes& certificate) {
    return certificate.data != nullptr && certificate.length > 0 &&
           certificate.length <= kMaxCertificate;
  });
}

}  // namespace

bool IsPeer(const saef_peer& peer) {
  const bool by_psk = peer.psk_identity.length > 0;
  const bool by_certificate = peer.certificate_count > 0;
  const bool by_public_key = peer.public_key.length > 0;
  if (static_cast<int>(by_psk) + static_cast<int>(by_certificate) +
          static_cast<int>(by_public_key) !=
      1) {
    return false;
  }
  if (by_certificate) return AreCertificates(peer);
  const saef_bytes& bytes = by_psk ? peer.psk_identity : peer.public_key;
  return bytes.data != nullptr && bytes.length <= kMaxCertificate;
}

}  // namespace saef::plugin
