// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an exchange with a peer can fail, as an error code with a category of ours. The families
// matter to callers: out of reach (try later), refused by the peer (another credential is due), the
// peer's fault (bad bytes), ours (configuration, memory).
#ifndef SAEF_BINDINGS_ERROR_H_
#define SAEF_BINDINGS_ERROR_H_

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace saef::bindings {

enum class Error {
  kUnreachable = 1,  // no answer on the network: refused port, no route, name not found, silence in
                     // the handshake
  kTimeout,          // the session stands, the answer didn't come in time
  kCredentialRefused,  // the peer ended the handshake because of our identity, key or certificate
  kPeerNotAuthentic,   // we ended it: the peer's certificate or key isn't what it must be
  kHandshake,          // it failed otherwise: no common suite, protocol error
  kClosed,             // the session ended before the answer
  kBadResponse,        // an answer that isn't a oneM2M response
  kBadRequest,         // a request that can't be put on the wire
  kTooLarge,           // beyond a bound
  kBadUri,             // not a URI of ours
  kListen,             // can't listen there: in use, not permitted, no such address
  kNotEstablished,     // no (D)TLS session to export a key from
  kNoExtendedMasterSecret,  // the session has no extended master secret (RFC 7627), so no key may
                            // be exported from it
  kLimit,                   // a bound on sessions or requests is reached
  kLibrary,                 // libcoap or wolfSSL failed
  kUnsupported,             // this binding can't do it, or the peer doesn't
};

const boost::system::error_category& ErrorCategory() noexcept;
boost::system::error_code make_error_code(Error error) noexcept;

template <typename T>
using Result = boost::system::result<T>;

}  // namespace saef::bindings

namespace boost::system {
template <>
struct is_error_code_enum<saef::bindings::Error> : std::true_type {};
}  // namespace boost::system

#endif  // SAEF_BINDINGS_ERROR_H_
