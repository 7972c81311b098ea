// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/garbage.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <string>

namespace saef::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKinds = 64;
constexpr std::uint32_t kFirstSource = 0x7f080001;  // 127.8.0.1
// DTLS 1.2 handshake records: the first octets of a ClientHello and of a ClientKeyExchange.
constexpr char kClientHello[] = {22, '\xfe', '\xfd', 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 1};
constexpr char kKeyExchange[] = {22, '\xfe', '\xfd', 0, 0, 0, 0, 0, 0, 0, 2, 0, 40, 16};

// The same in each run.
std::vector<std::string> MakeKinds() {
  std::mt19937 random(7);
  std::vector<std::string> kinds(kKinds);
  for (std::size_t i = 0; i < kKinds; ++i) {
    if (i % 3 == 1) kinds[i].assign(kClientHello, sizeof(kClientHello));
    if (i % 3 == 2) kinds[i].assign(kKeyExchange, sizeof(kKeyExchange));
    const std::size_t length = 1 + random() % 200;
    while (kinds[i].size() < length) kinds[i] += static_cast<char>(random());
  }
  return kinds;
}

sockaddr_in At(std::uint32_t address, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(address);
  at.sin_port = htons(port);
  return at;
}

}  // namespace

Garbage::Garbage(std::uint16_t to_port, std::size_t per_second, std::size_t sources) {
  for (std::uint32_t i = 0; i < sources; ++i) {
    const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const sockaddr_in own = At(kFirstSource + i, 0);
    if (descriptor < 0) break;
    if (bind(descriptor, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) == 0) {
      sockets_.push_back(descriptor);
    } else {
      close(descriptor);
    }
  }
  if (sockets_.empty()) return;
  thread_ = std::thread([this, to_port, per_second] { Run(to_port, per_second); });
}

Garbage::~Garbage() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  for (const int descriptor : sockets_) close(descriptor);
}

void Garbage::Run(std::uint16_t to_port, std::size_t per_second) {
  const std::vector<std::string> kinds = MakeKinds();
  const sockaddr_in to = At(INADDR_LOOPBACK, to_port);
  const auto begin = Clock::now();
  while (!stop_) {
    const std::chrono::duration<double> since = Clock::now() - begin;
    const auto due = static_cast<std::uint64_t>(since.count() * static_cast<double>(per_second));
    while (sent_ < due && !stop_) {
      const std::string& octets = kinds[sent_ % kinds.size()];
      // What can't be sent is lost, which is all the same here.
      if (sendto(sockets_[sent_ % sockets_.size()], octets.data(), octets.size(), 0,
                 reinterpret_cast<const sockaddr*>(&to), sizeof(to)) >= 0) {
      }
      ++sent_;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace saef::bench
