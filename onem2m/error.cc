// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/error.h"

#include <string>

namespace saef::onem2m {
namespace {

const char* Text(int value) noexcept {
  switch (static_cast<Error>(value)) {
    case Error::kEmpty:
      return "empty where something must stand";
    case Error::kTooLong:
      return "too long";
    case Error::kBadCharacter:
      return "a character that is not allowed here";
    case Error::kBadForm:
      return "not of the form that is wanted here";
    case Error::kUpperCase:
      return "upper case where lower case is wanted";
    case Error::kOutOfRange:
      return "a number or name that is not among those allowed";
    case Error::kBadJson:
      return "not JSON, or nested too deeply";
    case Error::kMissingMember:
      return "a JSON member is missing";
    case Error::kWrongType:
      return "a JSON member is of the wrong type";
    case Error::kBadTime:
      return "not a time of the form YYYYMMDDThhmmss";
    case Error::kBadBase64:
      return "not base64";
    case Error::kBadKeyLength:
      return "a key of the wrong length";
    case Error::kMemory:
      return "no memory for a key";
    case Error::kCryptography:
      return "the cryptographic library failed";
    case Error::kTargetCount:
      return "not as many targets as the SUID demands: exactly one for 32 and 33, else one or more";
    case Error::kStatusNotOk:
      return "the answer's status is not OK";
    case Error::kBadCertificate:
      return "not a certificate of the form that is wanted";
    case Error::kExpired:
      return "a certificate has expired";
    case Error::kNotYetValid:
      return "a certificate is not valid yet";
    case Error::kUntrusted:
      return "no path from the certificate to a trust anchor";
    case Error::kNameConstraint:
      return "the certificate has a name that its CA may not certify";
    case Error::kKeyUsage:
      return "the certificate's key usage does not allow this";
    case Error::kWeakAlgorithm:
      return "not a P-256 key with an uncompressed point, or not ECDSA with SHA-256";
    case Error::kWildcard:
      return "a wildcard in a certificate's name";
    case Error::kNoIdentity:
      return "the certificate has no name that oneM2M knows";
  }
  return "unknown error";
}

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "saef.onem2m"; }
  std::string message(int value) const override { return Text(value); }
  char const* message(int value, char*, std::size_t) const noexcept override { return Text(value); }
};

}  // namespace

const boost::system::error_category& ErrorCategory() noexcept {
  static const Category category;
  return category;
}

boost::system::error_code make_error_code(Error error) noexcept {
  return {static_cast<int>(error), ErrorCategory()};
}

}  // namespace saef::onem2m
