// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_socket.h"

#include <dirent.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace saef::coap {
namespace {

bool IsBoundTo(int descriptor, const coap_address_t& address) {
  int type = 0;
  socklen_t length = sizeof(type);
  if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0) return false;
  if (type != SOCK_DGRAM) return false;
  coap_address_t bound;
  coap_address_init(&bound);
  bound.size = sizeof(bound.addr);
  if (getsockname(descriptor, &bound.addr.sa, &bound.size) != 0) return false;
  return coap_address_equals(&bound, &address) != 0;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

std::vector<int> FindUdpSockets(const coap_address_t& address) {
  std::vector<int> found;
  const std::unique_ptr<DIR, CloseFolder> folder(opendir("/proc/self/fd"));
  if (folder == nullptr) return found;
  while (const dirent* const entry = readdir(folder.get())) {
    char* end = nullptr;
    const long descriptor = std::strtol(entry->d_name, &end, 10);
    if (end == entry->d_name || *end != '\0') continue;  // "." and ".."
    if (IsBoundTo(static_cast<int>(descriptor), address)) {
      found.push_back(static_cast<int>(descriptor));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace saef::coap
