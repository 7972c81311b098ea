// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_port.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace saef::coap {
namespace {

// A socket without SO_REUSEADDR, which can't share a port; closed at the end.
class ExclusiveSocket {
 public:
  explicit ExclusiveSocket(const coap_address_t& address)
      : descriptor_(socket(address.addr.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~ExclusiveSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ExclusiveSocket(const ExclusiveSocket&) = delete;
  ExclusiveSocket& operator=(const ExclusiveSocket&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

bool IsBoundTo(int descriptor, const coap_address_t& address) {
  int type = 0;
  socklen_t length = sizeof(type);
  if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0) return false;
  if (type != SOCK_DGRAM) return false;
  int reuses = 0;
  length = sizeof(reuses);
  if (getsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuses, &length) != 0) return false;
  if (reuses == 0) return false;
  coap_address_t bound;
  coap_address_init(&bound);
  bound.size = sizeof(bound.addr);
  if (getsockname(descriptor, &bound.addr.sa, &bound.size) != 0) return false;
  return coap_address_equals(&bound, &address) != 0;
}

// libcoap doesn't tell an endpoint's descriptor, so it is looked for.
int FindSocket(const coap_address_t& address) {
  constexpr rlim_t kMostDescriptors = 1 << 20;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  const int end = static_cast<int>(std::min(limit.rlim_cur, kMostDescriptors));
  for (int descriptor = 0; descriptor < end; ++descriptor) {
    if (IsBoundTo(descriptor, address)) return descriptor;
  }
  return -1;
}

}  // namespace

std::optional<coap_address_t> FreeUdpPort(coap_address_t address) {
  const ExclusiveSocket probe(address);
  if (probe.descriptor() < 0) return address;
  if (bind(probe.descriptor(), &address.addr.sa, address.size) != 0) {
    if (errno == EADDRINUSE) return std::nullopt;
    return address;
  }
  socklen_t length = sizeof(address.addr);
  if (getsockname(probe.descriptor(), &address.addr.sa, &length) != 0) return std::nullopt;
  return address;
}

bool KeepUdpPort(const coap_address_t& address) {
  const int descriptor = FindSocket(address);
  if (descriptor < 0) return false;
  const int off = 0;
  return setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &off, sizeof(off)) == 0;
}

}  // namespace saef::coap
