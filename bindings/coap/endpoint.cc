// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/endpoint.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>

#include "bindings/coap/resolver.h"
#include "onem2m/thread_annotations.h"

namespace saef::coap {

using bindings::Error;

namespace {

// libcoap sets SO_REUSEADDR, with which two UDP sockets can have one address, and the later one
// takes the earlier one's datagrams. So ask without it whether the address is free.
bool IsTaken(const coap_address_t& address) {
  const int probe = socket(address.addr.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;  // libcoap will say what is wrong
  const bool taken = bind(probe, &address.addr.sa, address.size) != 0 && errno == EADDRINUSE;
  close(probe);
  return taken;
}

// libcoap tells an endpoint's port only within its name, "127.0.0.1:5684 (DTLS)".
std::uint16_t PortOf(const coap_endpoint_t* endpoint) {
  // The name stands in a buffer of libcoap's that all threads share.
  static Mutex mutex;
  const MutexLock lock(mutex);
  const std::string_view name = coap_endpoint_str(endpoint);
  const std::size_t space = name.find(' ');
  const std::string_view address = name.substr(0, space);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return 0;
  std::uint16_t port = 0;
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return port;
}

}  // namespace

bindings::Result<std::uint16_t> OpenEndpoint(coap_context_t* context,
                                             const bindings::Listener& listener) {
  const Addresses addresses = ResolveLiteral(listener.address, listener.port);
  if (addresses.empty()) return Error::kListen;
  if (listener.port != 0 && IsTaken(addresses.front())) return Error::kListen;
  const coap_endpoint_t* const endpoint = coap_new_endpoint(
      context, &addresses.front(), listener.secure ? COAP_PROTO_DTLS : COAP_PROTO_UDP);
  if (endpoint == nullptr) return Error::kListen;
  const std::uint16_t port = PortOf(endpoint);
  if (port == 0) return Error::kLibrary;
  return port;
}

}  // namespace saef::coap
