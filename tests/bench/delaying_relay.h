// SPDX-License-Identifier: GPL-3.0-or-later
//
// DelayingRelay: a path to a UDP server on this machine that is as long as one likes: what the
// server sends to a client arrives the delay after what it answers (round_trips.h), in the order in
// which it was sent; what clients send passes at once. Thousands of datagrams may be on their way;
// none is lost here as long as the sockets' buffers (4 MiB, as far as the system allows) take what
// comes at once.
//
// Threads: any; it has one of its own.
#ifndef SAEF_TESTS_BENCH_DELAYING_RELAY_H_
#define SAEF_TESTS_BENCH_DELAYING_RELAY_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

namespace saef::bench {

class DelayingRelay {
 public:
  // Where there is one more, the one goes that has sent nothing for longest: a CSE that was started
  // again leaves its old sessions behind.
  static constexpr std::size_t kMaxClients = 64;

  // On a free port of 127.0.0.1, to `to_port` there. A sentence where it can't start.
  static std::variant<std::unique_ptr<DelayingRelay>, std::string> Start(
      std::uint16_t to_port, std::chrono::microseconds delay);
  // What is still on its way is lost.
  ~DelayingRelay();
  DelayingRelay(const DelayingRelay&) = delete;
  DelayingRelay& operator=(const DelayingRelay&) = delete;

  std::uint16_t port() const { return port_; }
  // For what the server sends from now on. Requests count from when there is a delay.
  void SetDelay(std::chrono::microseconds delay) { delay_us_ = delay.count(); }
  // So many have come from clients and from the server.
  std::uint64_t from_clients() const { return from_clients_; }
  std::uint64_t from_server() const { return from_server_; }
  // Those of clients with more than kShort octets: over DTLS requests are, acknowledgements aren't.
  static constexpr std::size_t kShort = 64;
  std::uint64_t long_from_clients() const { return long_from_clients_; }

 private:
  class Path;
  DelayingRelay() = default;

  std::uint16_t port_ = 0;
  std::atomic<std::int64_t> delay_us_{0};
  std::atomic<std::uint64_t> from_clients_{0};
  std::atomic<std::uint64_t> long_from_clients_{0};
  std::atomic<std::uint64_t> from_server_{0};
  std::unique_ptr<Path> path_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_DELAYING_RELAY_H_
