// SPDX-License-Identifier: GPL-3.0-or-later
//
// StockServer: for tests, a CoAP server that isn't ours: Debian's coap-server on OpenSSL, in the
// clear and over DTLS with one PSK for everybody.
#ifndef SAEF_BINDINGS_COAP_STOCK_SERVER_H_
#define SAEF_BINDINGS_COAP_STOCK_SERVER_H_

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

#include "onem2m/test_folder.h"

namespace saef::coap::test {

class StockServer {
 public:
  // `key` is printable. The server isn't there yet when this returns.
  explicit StockServer(const std::string& key) : port_(FreePair()) {
    const std::string port = std::to_string(port_);
    const std::string log = folder_.Path("log");
    child_ = fork();
    BOOST_REQUIRE(child_ != -1);
    if (child_ != 0) return;
    const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) _exit(126);
    execlp("coap-server-openssl", "coap-server-openssl", "-A", "127.0.0.1", "-p", port.c_str(),
           "-d", "10", "-h", "maf", "-k", key.c_str(), "-v", "7", nullptr);
    _exit(127);
  }
  ~StockServer() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  StockServer(const StockServer&) = delete;
  StockServer& operator=(const StockServer&) = delete;

  std::uint16_t port(bool secure) const {
    return static_cast<std::uint16_t>(port_ + (secure ? 1 : 0));
  }
  // All that it has said so far.
  std::string log() const { return folder_.Read("log"); }

 private:
  static bool Bind(std::uint16_t port, std::uint16_t* bound) {
    const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const bool is_free = bind(probe, any, size) == 0 && getsockname(probe, any, &size) == 0;
    close(probe);
    *bound = ntohs(address.sin_port);
    return is_free;
  }
  // A port p that is free, and p + 1 too: coap-server takes both.
  static std::uint16_t FreePair() {
    for (int attempt = 0; attempt < 100; ++attempt) {
      std::uint16_t port = 0;
      std::uint16_t next = 0;
      if (Bind(0, &port) && port < 65535 && Bind(static_cast<std::uint16_t>(port + 1), &next)) {
        return port;
      }
    }
    BOOST_FAIL("no two ports side by side are free");
    return 0;
  }

  const onem2m::TestFolder folder_;
  const std::uint16_t port_;
  pid_t child_ = -1;
};

}  // namespace saef::coap::test

#endif  // SAEF_BINDINGS_COAP_STOCK_SERVER_H_
