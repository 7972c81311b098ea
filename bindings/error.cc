// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/error.h"

#include <string>

namespace saef::bindings {
namespace {

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "saef.bindings"; }
  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
      case Error::kUnreachable:
        return "the peer can't be reached";
      case Error::kTimeout:
        return "the answer didn't come in time";
      case Error::kCredentialRefused:
        return "the peer refused our credential";
      case Error::kPeerNotAuthentic:
        return "the peer couldn't prove who it is";
      case Error::kHandshake:
        return "the handshake failed";
      case Error::kClosed:
        return "the session ended before the answer";
      case Error::kBadResponse:
        return "the answer isn't a oneM2M response";
      case Error::kBadRequest:
        return "the request can't be put on the wire";
      case Error::kTooLarge:
        return "larger than the bound";
      case Error::kBadUri:
        return "not a coap, coaps, http or https URI of a host";
      case Error::kListen:
        return "can't listen there";
      case Error::kNotEstablished:
        return "no secured session is established";
      case Error::kNoExtendedMasterSecret:
        return "the session has no extended master secret, so no key may be exported from it";
      case Error::kLimit:
        return "a bound on sessions or requests is reached";
      case Error::kLibrary:
        return "the CoAP or TLS library failed";
      case Error::kUnsupported:
        return "not supported here, or not by the peer";
    }
    return "unknown error " + std::to_string(value);
  }
};

}  // namespace

const boost::system::error_category& ErrorCategory() noexcept {
  static const Category category;
  return category;
}

boost::system::error_code make_error_code(Error error) noexcept {
  return {static_cast<int>(error), ErrorCategory()};
}

}  // namespace saef::bindings
