// SPDX-License-Identifier: GPL-3.0-or-later
//
// HalfOpenHandshake: for tests, a client that goes so far in its DTLS handshake and no further.
#ifndef SAEF_BINDINGS_COAP_HALF_OPEN_HANDSHAKE_H_
#define SAEF_BINDINGS_COAP_HALF_OPEN_HANDSHAKE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "bindings/coap/raw_socket.h"
#include "tests/abi/client_flight.h"

namespace saef::coap::test {

class HalfOpenHandshake {
 public:
  static constexpr char kServerHello = 2;
  static constexpr char kHelloVerifyRequest = 3;

  explicit HalfOpenHandshake(std::uint16_t port, std::uint32_t from = 1)
      : own_(std::in_place, port, from), socket_(*own_) {}
  // From a socket that others may send from, too.
  explicit HalfOpenHandshake(RawSocket& socket) : socket_(socket) {}

  // What the answer is (RFC 6347 4.3.2); 0: none came.
  char SendHello() { return TypeOf(socket_.Exchange(Hello())); }
  // The same; ReceiveNow has the answer, once there is one.
  void BeginHello() { socket_.Send(Hello()); }
  // With the cookie of the last answer, or of another client's.
  char SendCookie() { return SendCookie(cookie_); }
  char SendCookie(const std::string& cookie) { return TypeOf(socket_.Exchange(Hello(cookie))); }
  void SendCookieInVain() { socket_.Send(Hello(cookie_)); }
  void SendKeyExchange(const std::string& identity) {
    SendOctets(abi_test::DtlsKeyExchange(identity, sequence_++));
  }
  // ChangeCipherSpec, and a Finished that nobody's key has encrypted.
  void SendWrongFinished() {
    SendOctets({20, 254, 253, 0, 0, 0, 0, 0, 0, 0, sequence_++, 0, 1, 1});
    SendOctets(abi_test::DtlsFinished(0, 7));
  }
  // Of what has come since; 0: nothing.
  char ReceiveNow() { return TypeOf(socket_.ReceiveNow()); }
  // A fatal alert, handshake_failure (RFC 5246 7.2), in the clear.
  void SendAlert() { SendOctets({21, 254, 253, 0, 0, 0, 0, 0, 0, 0, sequence_++, 0, 2, 2, 40}); }
  const std::string& cookie() const { return cookie_; }

 private:
  // RFC 6347 4.2.2, with TLS_PSK_WITH_AES_128_CCM_8 and the extended master secret (RFC 7627).
  std::string Hello(const std::string& cookie = {}) {
    std::string body("\xfe\xfd", 2);
    body += std::string(32, 'r') + '\0' + static_cast<char>(cookie.size()) + cookie;
    body += std::string("\0\x02\xc0\xa8\x01\0\0\x04\0\x17\0\0", 12);
    const auto length = Number(body.size(), 3);
    const std::string number = Number(cookie.empty() ? 0 : 1, 2);
    const std::string message =
        '\x01' + length + number + Number(0, 3) + length + body;  // in one fragment
    return std::string("\x16\xfe\xfd", 3) + Number(0, 7) + static_cast<char>(sequence_++) +
           Number(message.size(), 2) + message;
  }
  static std::string Number(std::size_t value, int octets) {
    std::string text;
    for (int i = octets - 1; i >= 0; --i) text += static_cast<char>(value >> 8 * i);
    return text;
  }
  char TypeOf(const std::string& answer) {
    constexpr std::size_t kType = 13, kCookieLength = 27;
    if (answer.size() <= kCookieLength || answer[0] != 22) return 0;
    if (answer[kType] == kHelloVerifyRequest) {
      cookie_ = answer.substr(kCookieLength + 1, static_cast<std::uint8_t>(answer[kCookieLength]));
    }
    return answer[kType];
  }
  void SendOctets(const abi_test::Octets& octets) {
    socket_.Send(std::string(octets.begin(), octets.end()));
  }

  std::optional<RawSocket> own_;
  RawSocket& socket_;
  std::string cookie_;
  std::uint8_t sequence_ = 0;
};

}  // namespace saef::coap::test

#endif  // SAEF_BINDINGS_COAP_HALF_OPEN_HANDSHAKE_H_
