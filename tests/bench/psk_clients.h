// SPDX-License-Identifier: GPL-3.0-or-later
//
// PskClients: very many (D)TLS 1.2 PSK clients of one server, each with a socket of its own, all on
// the thread that calls Run: cheap enough to measure a server rather than themselves.
//
// Each client shakes hands, asks for CSEBase if it was told to, and then ends its session with
// close_notify or keeps it. Over DTLS it repeats what got no answer, as RFC 6347 4.2.4 and RFC 7252
// 4.2 say.
//
// Threads: one at a time for each object; several objects in several threads are independent.
#ifndef SAEF_TESTS_BENCH_PSK_CLIENTS_H_
#define SAEF_TESTS_BENCH_PSK_CLIENTS_H_

#include <boost/asio/ip/address_v4.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "saef/plugin.h"
#include "tests/bench/psk_session.h"

namespace saef::bench {

struct PskClient {
  std::string identity;
  std::string key;         // octets
  std::string originator;  // of a RETRIEVE of CSEBase after the handshake; empty: none
};

struct PskClientsOptions {
  saef_transport transport = SAEF_DTLS;
  boost::asio::ip::address_v4 server = boost::asio::ip::address_v4::loopback();
  std::uint16_t port = 0;
  std::string cipher_suite = {};  // by wolfSSL's name; empty: the transport's (psk_session.h)
  // Client number i comes from the address `source` + i % `sources`, of 127.0.0.0/8.
  boost::asio::ip::address_v4 source = boost::asio::ip::address_v4::loopback();
  std::uint32_t sources = 1;
  std::size_t at_once = 64;    // handshakes and requests under way
  double starts_a_second = 0;  // 0: as soon as there is room
  // Of a client, from its start to its end; then it has failed.
  std::chrono::milliseconds time_limit{10000};
  int attempts = 1;          // handshakes that a client tries, each on a new socket
  std::size_t requests = 1;  // of those with an originator, one after the other
  bool keep = false;         // sessions stay open until Close or the next Run
};

// PskResult::failure of a client that was stopped.
inline constexpr const char* kStopped = "stopped";

struct PskResult {
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::duration<double, std::milli>;

  bool established = false;
  bool answered = false;         // all requests, with a success
  Clock::time_point began{};     // the first ClientHello of the first attempt
  Milliseconds handshake{0};     // from the ClientHello of the last attempt to the handshake's end
  Milliseconds first_answer{0};  // from the first request to its answer
  Milliseconds all_answers{0};   // from the first request to the last answer
  int attempts = 0;              // 1: the first one did it
  int retransmissions = 0;       // over DTLS, of all attempts
  std::string failure;           // of the last attempt; empty where nothing failed
};

class PskClients {
 public:
  // A sentence where there is no such cipher suite.
  static std::variant<PskClients, std::string> Make(const PskClientsOptions& options);
  PskClients(PskClients&&) noexcept;
  PskClients& operator=(PskClients&&) noexcept;
  // Sessions that were kept end without a word.
  ~PskClients();

  // Returns when each of `clients` has succeeded or failed; what became of each, in their order.
  // Sessions that were kept by a run before are closed first.
  std::vector<PskResult> Run(const std::vector<PskClient>& clients);
  // From any thread while Run is under way: it returns soon, and what hadn't ended has failed with
  // kStopped.
  void Stop();
  // Sessions that were kept.
  std::size_t kept() const;
  // Ends those with close_notify.
  void Close();

 private:
  struct State;
  explicit PskClients(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// So many more files may be open than are, if the system lets us: a socket for each client.
// A sentence where it doesn't.
std::optional<std::string> AllowSockets(std::size_t count);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_PSK_CLIENTS_H_
