// SPDX-License-Identifier: GPL-3.0-or-later
//
// ParsedCertificate: one certificate as wolfSSL's parser reads it, for the files of certificate.h.
// Views point into the DER that it was made of, which must outlive it. Threads: one at a time.
#ifndef SAEF_ONEM2M_PARSED_CERTIFICATE_H_
#define SAEF_ONEM2M_PARSED_CERTIFICATE_H_

#include <wolfssl/wolfcrypt/settings.h>
// settings.h first.
#include <wolfssl/wolfcrypt/asn.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "onem2m/error.h"
#include "onem2m/timestamp.h"

namespace saef::onem2m {

// One element of DER: its tag (all of ours have one octet) and its content.
struct Der {
  std::uint8_t tag;
  std::string_view content;
  std::string_view whole;
};

// Takes the next element off the front of `rest`. Definite lengths only, of at most 3 octets.
std::optional<Der> TakeDer(std::string_view& rest) noexcept;

class ParsedCertificate {
 public:
  // Checks the form only: one certificate and nothing behind it, version 3, no critical extension
  // that isn't known, a key and a signature of the profile (TS-0003 10.1.1.1, 10.1.1.3).
  // kBadCertificate, kWeakAlgorithm, kMemory.
  static Result<ParsedCertificate> Parse(std::string_view der);

  const DecodedCert& operator*() const noexcept { return *decoded_; }
  const DecodedCert* operator->() const noexcept { return decoded_.get(); }

  std::string_view der() const noexcept { return der_; }
  std::string_view public_key() const noexcept { return public_key_; }  // SubjectPublicKeyInfo
  std::string_view subject() const noexcept;                            // content of the Name
  std::string_view issuer() const noexcept;
  // The content of subjectAltName's SEQUENCE; empty where there is none.
  std::string_view subject_alt_name() const noexcept;
  Time not_before() const noexcept { return not_before_; }
  Time not_after() const noexcept { return not_after_; }
  bool self_issued() const noexcept { return subject() == issuer(); }

  // kUntrusted where the signature isn't that of the key in `issuer`.
  Result<void> VerifySignature(const ParsedCertificate& issuer) const;

 private:
  struct Free {
    void operator()(DecodedCert* decoded) const noexcept;
  };
  ParsedCertificate() = default;
  Result<void> ReadDates();

  std::unique_ptr<DecodedCert, Free> decoded_;
  std::string_view der_;
  std::string_view public_key_;
  std::string_view extensions_;
  Time not_before_{};
  Time not_after_{};
};

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_PARSED_CERTIFICATE_H_
