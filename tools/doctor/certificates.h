// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the doctor says of certificates and raw public keys: the files, the dates, the profile of
// TS-0003 10.1.1, the names, whether private key and certificate belong together, whether the chain
// leads to a trust anchor.
#ifndef SAEF_TOOLS_DOCTOR_CERTIFICATES_H_
#define SAEF_TOOLS_DOCTOR_CERTIFICATES_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "onem2m/timestamp.h"
#include "tools/doctor/finding.h"

namespace saef::tools {

struct CertificateQuestion {
  std::filesystem::path chain_file;
  std::filesystem::path key_file;
  // The configuration's trustAnchorFiles: they judge the other side, and often this certificate as
  // well.
  std::vector<std::filesystem::path> anchor_files;
  // What is said to be this certificate's own authority: then it must be.
  std::vector<std::filesystem::path> own_anchor_files;
  std::optional<std::string> fqdn;       // a MAF's or MEF's, or a CSE-ID's domain name
  std::optional<std::string> entity_id;  // Absolute: whom an AE-ID or CSE-ID certificate must name
};

Findings ExamineCertificate(const CertificateQuestion& question, onem2m::Time now);

// A trust anchor's file alone: CA certificates that are alive.
Findings ExamineTrustAnchors(const std::filesystem::path& file, onem2m::Time now);

// A raw key pair (RFC 7250): readable, P-256, belonging together.
Findings ExamineRawKeyPair(const std::filesystem::path& public_file,
                           const std::filesystem::path& private_file);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_CERTIFICATES_H_
