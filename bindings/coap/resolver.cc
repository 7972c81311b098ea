// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/resolver.h"

#include <netdb.h>

#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

namespace saef::coap {
namespace {

Addresses LookUp(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    coap_address_t address;
    coap_address_init(&address);
    if (info->ai_addrlen > sizeof(address.addr)) continue;
    std::memcpy(&address.addr, info->ai_addr, info->ai_addrlen);
    address.size = info->ai_addrlen;
    addresses.push_back(address);
  }
  return addresses;
}

}  // namespace

Addresses ResolveLiteral(const std::string& host, std::uint16_t port) {
  return LookUp(host, port, AI_NUMERICHOST);
}

bool IsLiteral(const std::string& host) { return !ResolveLiteral(host, 0).empty(); }

void Resolve(const std::string& host, std::uint16_t port,
             const std::function<void(Addresses)>& done) {
  Addresses addresses = ResolveLiteral(host, port);
  if (!addresses.empty()) {
    done(std::move(addresses));
    return;
  }
  // getaddrinfo has no deadline of its own, so its thread is left to itself.
  try {
    std::thread([host, port, done] { done(LookUp(host, port, AI_ADDRCONFIG)); }).detach();
  } catch (const std::system_error&) {
    done({});
  }
}

}  // namespace saef::coap
