// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/endpoint.h"

#include "bindings/coap/resolver.h"
#include "bindings/coap/udp_port.h"

namespace saef::coap {

using bindings::Error;

bindings::Result<std::uint16_t> OpenEndpoint(coap_context_t* context,
                                             const bindings::Listener& listener) {
  const Addresses addresses = ResolveLiteral(listener.address, listener.port);
  if (addresses.empty()) return Error::kListen;
  const auto address = FreeUdpPort(addresses.front());
  if (!address) return Error::kListen;
  const coap_endpoint_t* const endpoint =
      coap_new_endpoint(context, &*address, listener.secure ? COAP_PROTO_DTLS : COAP_PROTO_UDP);
  if (endpoint == nullptr) return Error::kListen;
  if (!KeepUdpPort(*address)) return Error::kLibrary;
  return coap_address_get_port(&*address);
}

}  // namespace saef::coap
