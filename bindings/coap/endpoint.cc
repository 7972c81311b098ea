// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/endpoint.h"

#include "bindings/coap/resolver.h"

namespace saef::coap {

using bindings::Error;

bindings::Result<std::uint16_t> OpenEndpoint(coap_context_t* context,
                                             const bindings::Listener& listener, PortUse use) {
  const Addresses addresses = ResolveLiteral(listener.address, listener.port);
  if (addresses.empty()) return Error::kListen;
  const UdpBinding binding(use);
  const coap_endpoint_t* const endpoint = coap_new_endpoint(
      context, &addresses.front(), listener.secure ? COAP_PROTO_DTLS : COAP_PROTO_UDP);
  if (endpoint == nullptr) return Error::kListen;
  // A bind that didn't come by us would have shared the port.
  if (binding.port() == 0) return Error::kLibrary;
  return binding.port();
}

}  // namespace saef::coap
