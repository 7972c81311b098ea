// SPDX-License-Identifier: GPL-3.0-or-later
//
// PskSession: one (D)TLS 1.2 PSK client on a socket of its own that never blocks and knows no loop:
// whoever owns it waits for its socket and calls it again.
//
// Threads: one. Lifetime: its PskContext outlives it.
#ifndef SAEF_TESTS_BENCH_PSK_SESSION_H_
#define SAEF_TESTS_BENCH_PSK_SESSION_H_

#include <wolfssl/ssl.h>

#include <boost/asio/ip/address_v4.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "saef/plugin.h"

namespace saef::bench {

// The suites of TS-0003 10.2.2, by wolfSSL's names: those that our servers speak over DTLS and TLS.
inline constexpr const char* kCcm8Suite = "PSK-AES128-CCM-8";
inline constexpr const char* kCbcSuite = "PSK-AES128-CBC-SHA256";

// What the sessions of one kind share.
class PskContext {
 public:
  // A sentence where wolfSSL doesn't know the suite.
  static std::variant<PskContext, std::string> Make(saef_transport transport,
                                                    const std::string& cipher_suite);
  saef_transport transport() const { return transport_; }
  WOLFSSL_CTX* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(WOLFSSL_CTX* context) const { wolfSSL_CTX_free(context); }
  };
  PskContext(saef_transport transport, WOLFSSL_CTX* context)
      : transport_(transport), context_(context) {}

  saef_transport transport_;
  std::unique_ptr<WOLFSSL_CTX, Free> context_;
};

struct PskSessionOptions {
  boost::asio::ip::address_v4 server = boost::asio::ip::address_v4::loopback();
  std::uint16_t port = 0;
  // Where it comes from: any of 127.0.0.0/8 on this machine. Unspecified: as the system likes.
  boost::asio::ip::address_v4 source{};
  std::string_view identity;          // at most 128 octets
  std::span<const std::uint8_t> key;  // at most 64 octets
};

class PskSession {
 public:
  enum class Step {
    kDone,
    kWantRead,   // when the socket is readable
    kWantWrite,  // when it is writable
    kFailed,     // for good; failure() says why
  };

  // A socket that is (being) connected and nothing sent yet. A sentence where there is none.
  static std::variant<std::unique_ptr<PskSession>, std::string> Open(
      const PskContext& context, const PskSessionOptions& options);
  ~PskSession();
  PskSession(const PskSession&) = delete;
  PskSession& operator=(const PskSession&) = delete;

  int socket() const { return socket_; }
  Step Handshake();
  // DTLS: how long to wait for an answer before Retransmit.
  std::chrono::seconds retransmit_after() const;
  Step Retransmit();
  // All of it or, over TLS, nothing yet.
  Step Send(std::string_view text);
  // What has come is appended: of DTLS one record, of TLS as much as there is.
  Step Receive(std::string& text);
  // Says close_notify, as far as it goes without waiting. Not after a failure.
  void Close();
  const std::string& failure() const { return failure_; }

 private:
  PskSession(int socket, WOLFSSL* ssl, const PskSessionOptions& options);
  Step Outcome(int result, const char* doing);
  static int Read(WOLFSSL* ssl, char* buffer, int size, void* self);
  static int Write(WOLFSSL* ssl, char* buffer, int size, void* self);
  static unsigned Key(WOLFSSL* ssl, const char* hint, char* identity, unsigned identity_size,
                      unsigned char* key, unsigned key_size);
  friend class PskContext;

  const int socket_;
  WOLFSSL* const ssl_;
  const std::string_view identity_;
  const std::span<const std::uint8_t> key_;
  std::string failure_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_PSK_SESSION_H_
