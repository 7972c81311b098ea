// SPDX-License-Identifier: GPL-3.0-or-later
//
// RawSocket: for tests, a client of a server on this machine that sends any datagram.
#ifndef SAEF_BINDINGS_COAP_RAW_SOCKET_H_
#define SAEF_BINDINGS_COAP_RAW_SOCKET_H_

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

namespace saef::coap::test {

class RawSocket {
 public:
  // `from`: one of this machine's addresses, by its last octet of 127.0.0.0/24.
  explicit RawSocket(std::uint16_t port, std::uint32_t from = 1)
      : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + from);
    BOOST_REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) == 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval wait{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    BOOST_REQUIRE(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0);
  }
  ~RawSocket() { close(fd_); }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  void Send(const std::string& datagram) {
    BOOST_REQUIRE(send(fd_, datagram.data(), datagram.size(), 0) ==
                  static_cast<ssize_t>(datagram.size()));
  }
  // The next datagram; empty: none came in time.
  std::string Receive() { return Receive(0); }
  // The one that is there already; empty: none.
  std::string ReceiveNow() { return Receive(MSG_DONTWAIT); }
  std::string Exchange(const std::string& datagram) {
    Send(datagram);
    return Receive();
  }

 private:
  std::string Receive(int flags) {
    std::array<char, 2000> answer;
    const ssize_t length = recv(fd_, answer.data(), answer.size(), flags);
    return length < 0 ? "" : std::string(answer.data(), static_cast<std::size_t>(length));
  }

  int fd_;
};

}  // namespace saef::coap::test

#endif  // SAEF_BINDINGS_COAP_RAW_SOCKET_H_
