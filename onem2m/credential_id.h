// SPDX-License-Identifier: GPL-3.0-or-later
//
// Credential-ID (TS-0003 10.4, 12.3.2.1): type '-' value, the globally unique name of the
// credential with which an entity was authenticated: "11-ae1@maf.example.com".
//
// The type is two digits. The value of the types 10, 11 and 12 is a key identifier
// (onem2m/key_identifier.h), whose FQDN is folded to lower case; of the others visible ASCII (0x21
// to 0x7E). The whole has 256 octets at most.
#ifndef SAEF_ONEM2M_CREDENTIAL_ID_H_
#define SAEF_ONEM2M_CREDENTIAL_ID_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "onem2m/error.h"

namespace saef::onem2m {

enum class CredentialType {
  kKpmId = 10,
  kKmId = 11,
  kKpsaIdOrKcId = 12,
  kRawPublicKey = 30,
  kDeviceCertificate = 31,
  kCseIdCertificate = 32,
  kAeIdCertificate = 33,
  kNodeIdCertificate = 34,
};

class CredentialId {
 public:
  static constexpr std::size_t kMaxLength = 256;
  // Any bytes in. kEmpty, kTooLong, kBadForm (no type or '-'), kOutOfRange (a type that the
  // standard doesn't have), and the errors of KeyIdentifier::Parse.
  static Result<CredentialId> Parse(std::string_view text);
  static Result<CredentialId> Make(CredentialType type, std::string_view value);

  CredentialType type() const noexcept { return type_; }
  std::string_view value() const noexcept { return std::string_view(text_).substr(kBeforeValue); }
  const std::string& text() const noexcept { return text_; }
  // Byte for byte. Where two key identifiers are meant, compare them as KeyIdentifier: without
  // case.
  friend bool operator==(const CredentialId&, const CredentialId&) = default;

 private:
  static constexpr std::size_t kBeforeValue = 3;  // two digits and '-'

  CredentialId(CredentialType type, std::string text) : type_(type), text_(std::move(text)) {}
  CredentialType type_;
  std::string text_;
};

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_CREDENTIAL_ID_H_
