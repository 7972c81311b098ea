// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes into the reader of certificates, as the peer's own, as a CA above a good one, and as a
// trust anchor. What is read must agree with itself, and what a test's CA didn't sign isn't
// trusted.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/certificate.h"

namespace {

using namespace saef::onem2m;

void Demand(bool condition) {
  if (!condition) std::abort();
}

void Check(const std::string& certificate) {
  const auto key = PublicKeyOfCertificate(certificate);
  if (key) {
    Demand(CheckPublicKey(*key).has_value());
    Demand(CredentialIdNamesPublicKey(*CredentialIdOfPublicKey(*key), *key));
  }
  const auto identity = IdentityOfCertificate(certificate);
  if (identity) {
    Demand(key.has_value());
    Demand(identity->type == identity->credential_id.type());
    Demand(*CredentialId::Parse(identity->credential_id.text()) == identity->credential_id);
    Demand(!(identity->ae && identity->cse));
  }
  const auto name = Fqdn::Parse("cse1.sp.example.com");
  if (CertificateNames(certificate, *name)) Demand(key.has_value());
  const std::vector<std::string> alone = {certificate};
  const std::vector<std::string> twice = {certificate, certificate};
  const Time now = *ParseTimestamp("20250615T120000");
  Demand(!VerifyCertificateChain(alone, {}, now));
  (void)VerifyCertificateChain(alone, alone, now);
  (void)VerifyCertificateChain(twice, alone, now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Check(text);
  (void)CheckPublicKey(text);
  return 0;
}
