// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be wrong with a value of oneM2M's vocabulary, as an error code with a category of ours
// ("saef.onem2m"). Results are boost::system::result: a value or an error; nothing in this folder
// throws at its callers, except that memory for ordinary values is std::string's and may throw
// std::bad_alloc.
//
// error.message() is a short text for a person, without the value that was refused.
//
// Threads: all functions of this folder are pure or guard what they share; any thread may call
// them.
#ifndef SAEF_ONEM2M_ERROR_H_
#define SAEF_ONEM2M_ERROR_H_

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace saef::onem2m {

enum class Error {
  kEmpty = 1,      // nothing where something must stand
  kTooLong,        // longer than the standard or a bound of ours allows
  kBadCharacter,   // a character that the grammar doesn't have
  kBadForm,        // the parts aren't those of the grammar
  kUpperCase,      // an FQDN with upper case where the canonical form is demanded
  kOutOfRange,     // a number or an enumerator that the standard doesn't have
  kBadJson,        // not JSON, or deeper or larger than the bound
  kMissingMember,  // a JSON member that must be there
  kWrongType,      // a JSON member of another type than the standard's
  kBadTime,        // not a oneM2M timestamp
  kBadBase64,      // not base64
  kBadKeyLength,   // a key that is shorter or longer than its use demands
  kMemory,         // memory for a key could not be had or locked
  kCryptography,   // the cryptographic library failed
  kTargetCount,    // not as many Target End-Points as the SUID demands (TS-0003 8.x.5 step 3)
  kStatusNotOk,    // a well-formed answer that says no
  // Of certificates (certificate.h).
  kBadCertificate,  // not one, or not one that RFC 5280 and the profile allow
  kExpired,         // its time is over
  kNotYetValid,     // its time hasn't begun
  kUntrusted,       // no path to a trust anchor
  kNameConstraint,  // a name that a CA of its path may not certify
  kKeyUsage,        // the key may not be used for this
  kWeakAlgorithm,   // not P-256 with an uncompressed point, or not ECDSA with SHA-256
  kWildcard,        // a name with '*'
  kNoIdentity,      // no name that is an identity of oneM2M
};

const boost::system::error_category& ErrorCategory() noexcept;
boost::system::error_code make_error_code(Error error) noexcept;

template <typename T>
using Result = boost::system::result<T>;

}  // namespace saef::onem2m

namespace boost::system {
template <>
struct is_error_code_enum<saef::onem2m::Error> : std::true_type {};
}  // namespace boost::system

#endif  // SAEF_ONEM2M_ERROR_H_
