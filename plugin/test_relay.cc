// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/test_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace saef::plugin {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

using Datagram = std::array<char, 65536>;

}  // namespace

UdpRelay::UdpRelay(std::uint16_t to_port)
    : to_port_(to_port), listening_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
      getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port_ = ntohs(address.sin_port);
  }
  thread_ = std::thread([this] { Run(); });
}

UdpRelay::~UdpRelay() {
  stop_ = true;
  thread_.join();
  close(listening_);
  for (const auto& [port, client] : clients_) close(client.upstream);
}

void UdpRelay::Run() {
  while (!stop_) {
    if (silence_.exchange(false)) {
      for (auto& [port, client] : clients_) client.silenced = true;
    }
    std::vector<pollfd> sockets = {{listening_, POLLIN, 0}};
    for (const auto& [port, client] : clients_) sockets.push_back({client.upstream, POLLIN, 0});
    constexpr int kWaitMs = 20;
    if (poll(sockets.data(), sockets.size(), kWaitMs) <= 0) continue;
    for (const auto& [port, client] : clients_) FromServer(port, client);
    if ((sockets[0].revents & POLLIN) != 0) FromClient();
  }
}

void UdpRelay::FromClient() {
  static thread_local Datagram datagram;
  sockaddr_in from{};
  socklen_t size = sizeof(from);
  const ssize_t length = recvfrom(listening_, datagram.data(), datagram.size(), MSG_DONTWAIT,
                                  reinterpret_cast<sockaddr*>(&from), &size);
  if (length < 0) return;
  const std::uint16_t port = ntohs(from.sin_port);
  auto it = clients_.find(port);
  if (it == clients_.end()) {
    const int upstream = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = Loopback(to_port_);
    if (connect(upstream, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) return;
    it = clients_.emplace(port, Client{upstream}).first;
  }
  if (it->second.silenced) return;
  // What can't be sent is lost, as datagrams may be.
  [[maybe_unused]] const ssize_t sent =
      send(it->second.upstream, datagram.data(), static_cast<std::size_t>(length), 0);
}

void UdpRelay::FromServer(std::uint16_t client_port, const Client& client) {
  static thread_local Datagram datagram;
  const sockaddr_in to = Loopback(client_port);
  for (;;) {
    const ssize_t length = recv(client.upstream, datagram.data(), datagram.size(), MSG_DONTWAIT);
    if (length < 0) return;
    if (client.silenced) continue;
    [[maybe_unused]] const ssize_t sent =
        sendto(listening_, datagram.data(), static_cast<std::size_t>(length), 0,
               reinterpret_cast<const sockaddr*>(&to), sizeof(to));
  }
}

}  // namespace saef::plugin
