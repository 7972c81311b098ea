// SPDX-License-Identifier: GPL-3.0-or-later
//
// NotingRelay: a path for datagrams to a server on this machine that notes when each one passed and
// what it is as far as DTLS shows it. By it a procedure is taken apart from outside.
//
// Threads: one of its own forwards; the functions are for one other.
#ifndef SAEF_TESTS_BENCH_NOTING_RELAY_H_
#define SAEF_TESTS_BENCH_NOTING_RELAY_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace saef::bench {

// A datagram that passed: its first DTLS record (RFC 6347 4.1).
struct Passed {
  using Clock = std::chrono::steady_clock;
  enum class What : std::uint8_t {
    kChangeCipherSpec,
    kHandshake,          // of which ClientKeyExchange is told apart
    kClientKeyExchange,  // in the clear: of a first handshake
    kApplicationData,
    kOther,  // alerts, and what isn't DTLS
  };

  Clock::time_point at{};
  bool to_server = false;
  What what = What::kOther;
};

class NotingRelay {
 public:
  // On any port of 127.0.0.1. Throws boost::system::system_error where it can't listen.
  explicit NotingRelay(std::uint16_t server_port);
  ~NotingRelay();
  NotingRelay(const NotingRelay&) = delete;
  NotingRelay& operator=(const NotingRelay&) = delete;

  std::uint16_t port() const;
  // What has passed since the last call, in order.
  std::vector<Passed> Take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// When the first one of this kind passed that way, not before `from`; none where none did.
std::optional<Passed::Clock::time_point> FirstOf(const std::vector<Passed>& all, bool to_server,
                                                 Passed::What what,
                                                 Passed::Clock::time_point from = {});

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_NOTING_RELAY_H_
