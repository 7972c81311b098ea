// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the reference CSE's handshakes are measured beside: the same server with one key that it has
// always known (static_key_server.cc), and stock `openssl s_server -psk`. Both are processes of
// their own on free ports of 127.0.0.1, and end with the object.
//
// Threads: one.
#ifndef SAEF_TESTS_BENCH_OTHER_SERVERS_H_
#define SAEF_TESTS_BENCH_OTHER_SERVERS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "onem2m/test_folder.h"
#include "saef/plugin.h"
#include "tests/abi/child_process.h"
#include "tests/bench/psk_clients.h"
#include "tools/child_process.h"

namespace saef::bench {

// A server that is measured.
struct Served {
  pid_t process = -1;
  saef_transport transport = SAEF_DTLS;
  std::uint16_t port = 0;
};

class StaticServer {
 public:
  // `program`: saef-bench-static-server. Each a sentence where it doesn't start.
  static std::variant<StaticServer, std::string> Start(const std::string& program,
                                                       const PskClient& client);
  Served served(saef_transport transport) const;

 private:
  StaticServer(std::unique_ptr<onem2m::TestFolder> folder, tools::ChildProcess process)
      : folder_(std::move(folder)), process_(std::move(process)) {}
  std::unique_ptr<onem2m::TestFolder> folder_;
  tools::ChildProcess process_;
};

// TLS_PSK_WITH_AES_128_CBC_SHA256 over TLS, TLS_PSK_WITH_AES_128_CCM_8 over DTLS, as our servers
// have it. It serves one client after the other; over DTLS without the exchange of a cookie
// (s_server's -listen takes one client and no other afterwards), so with a flight less than ours.
class OpensslServer {
 public:
  static std::variant<OpensslServer, std::string> Start(saef_transport transport,
                                                        const PskClient& client);
  Served served() const { return {process_->pid(), transport_, port_}; }

 private:
  OpensslServer(saef_transport transport, std::uint16_t port,
                std::unique_ptr<abi_test::ChildProcess> process)
      : transport_(transport), port_(port), process_(std::move(process)) {}
  saef_transport transport_;
  std::uint16_t port_;
  std::unique_ptr<abi_test::ChildProcess> process_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_OTHER_SERVERS_H_
