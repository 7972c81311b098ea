// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/psk_session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wolfssl/wolfio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace saef::bench {
namespace {

// SNI, which TS-0003 10.2 demands of clients.
constexpr std::string_view kServerName = "cse1.sp.example.com";
constexpr std::size_t kScratch = 16 * 1024;

std::string ErrnoText(const char* doing) {
  return std::string(doing) + ": " + std::generic_category().message(errno);
}

sockaddr_in Address(const boost::asio::ip::address_v4& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(address.to_uint());
  result.sin_port = htons(port);
  return result;
}

// Bound to the source and connected; below 0: there is none, and errno says why.
int Connect(bool stream, const PskSessionOptions& options) {
  const int kind = (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const int made = ::socket(AF_INET, kind, 0);
  if (made < 0) return made;
  const int on = 1;
  // A port is taken when connecting, so that one serves for several destinations.
  setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
  if (stream) setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  const sockaddr_in source = Address(options.source, 0);
  const sockaddr_in server = Address(options.server, options.port);
  const bool bound = options.source.is_unspecified() ||
                     bind(made, reinterpret_cast<const sockaddr*>(&source), sizeof(source)) == 0;
  if (bound && (connect(made, reinterpret_cast<const sockaddr*>(&server), sizeof(server)) == 0 ||
                errno == EINPROGRESS)) {
    return made;
  }
  const int error = errno;
  close(made);
  errno = error;
  return -1;
}

}  // namespace

std::variant<PskContext, std::string> PskContext::Make(saef_transport transport,
                                                       const std::string& cipher_suite) {
  wolfSSL_Init();
  PskContext context(transport,
                     wolfSSL_CTX_new(transport == SAEF_DTLS ? wolfDTLSv1_2_client_method()
                                                            : wolfTLSv1_2_client_method()));
  if (!context.context_) return "wolfSSL has no context";
  if (wolfSSL_CTX_set_cipher_list(context.get(), cipher_suite.c_str()) != WOLFSSL_SUCCESS) {
    return "wolfSSL has no cipher suite " + cipher_suite;
  }
  wolfSSL_CTX_SetIORecv(context.get(), &PskSession::Read);
  wolfSSL_CTX_SetIOSend(context.get(), &PskSession::Write);
  wolfSSL_CTX_set_psk_client_callback(context.get(), &PskSession::Key);
  return context;
}

std::variant<std::unique_ptr<PskSession>, std::string> PskSession::Open(
    const PskContext& context, const PskSessionOptions& options) {
  const bool stream = context.transport() == SAEF_TLS;
  const int connected = Connect(stream, options);
  if (connected < 0) return ErrnoText("connecting");
  WOLFSSL* const ssl = wolfSSL_new(context.get());
  if (ssl == nullptr) {
    close(connected);
    return "wolfSSL has no session";
  }
  if (!stream) wolfSSL_dtls_set_using_nonblock(ssl, 1);
  wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, kServerName.data(),
                 static_cast<unsigned short>(kServerName.size()));
  return std::unique_ptr<PskSession>(new PskSession(connected, ssl, options));
}

PskSession::PskSession(int socket, WOLFSSL* ssl, const PskSessionOptions& options)
    : socket_(socket), ssl_(ssl), identity_(options.identity), key_(options.key) {
  wolfSSL_SetIOReadCtx(ssl_, this);
  wolfSSL_SetIOWriteCtx(ssl_, this);
  wolfSSL_set_psk_callback_ctx(ssl_, this);
}

PskSession::~PskSession() {
  wolfSSL_free(ssl_);
  close(socket_);
}

PskSession::Step PskSession::Outcome(int result, const char* doing) {
  if (result > 0) return Step::kDone;
  const int error = wolfSSL_get_error(ssl_, result);
  if (error == WOLFSSL_ERROR_WANT_READ) return Step::kWantRead;
  if (error == WOLFSSL_ERROR_WANT_WRITE) return Step::kWantWrite;
  WOLFSSL_ALERT_HISTORY alerts;
  if (wolfSSL_get_alert_history(ssl_, &alerts) == WOLFSSL_SUCCESS && alerts.last_rx.code >= 0) {
    failure_ = "alert " + std::to_string(alerts.last_rx.code);
  } else {
    char text[WOLFSSL_MAX_ERROR_SZ];
    failure_ = wolfSSL_ERR_error_string(static_cast<unsigned long>(error), text);
  }
  failure_ = std::string(doing) + ": " + failure_;
  return Step::kFailed;
}

PskSession::Step PskSession::Handshake() { return Outcome(wolfSSL_connect(ssl_), "handshake"); }

std::chrono::seconds PskSession::retransmit_after() const {
  return std::chrono::seconds(wolfSSL_dtls_get_current_timeout(ssl_));
}

PskSession::Step PskSession::Retransmit() {
  const int result = wolfSSL_dtls_got_timeout(ssl_);
  return result == WOLFSSL_SUCCESS ? Step::kWantRead : Outcome(result, "retransmission");
}

PskSession::Step PskSession::Send(std::string_view text) {
  return Outcome(wolfSSL_write(ssl_, text.data(), static_cast<int>(text.size())), "request");
}

PskSession::Step PskSession::Receive(std::string& text) {
  static thread_local char scratch[kScratch];
  const int length = wolfSSL_read(ssl_, scratch, sizeof(scratch));
  if (length > 0) text.append(scratch, static_cast<std::size_t>(length));
  return Outcome(length, "answer");
}

void PskSession::Close() { wolfSSL_shutdown(ssl_); }

int PskSession::Read(WOLFSSL*, char* buffer, int size, void* self) {
  const ssize_t got =
      recv(static_cast<PskSession*>(self)->socket_, buffer, static_cast<std::size_t>(size), 0);
  if (got > 0) return static_cast<int>(got);
  if (got == 0) return WOLFSSL_CBIO_ERR_CONN_CLOSE;
  return errno == EAGAIN || errno == EINTR ? WOLFSSL_CBIO_ERR_WANT_READ : WOLFSSL_CBIO_ERR_CONN_RST;
}

int PskSession::Write(WOLFSSL*, char* buffer, int size, void* self) {
  const ssize_t sent = send(static_cast<PskSession*>(self)->socket_, buffer,
                            static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<int>(sent);
  // ENOTCONN: a TCP connection that isn't there yet.
  return errno == EAGAIN || errno == EINTR || errno == ENOTCONN ? WOLFSSL_CBIO_ERR_WANT_WRITE
                                                                : WOLFSSL_CBIO_ERR_CONN_RST;
}

unsigned PskSession::Key(WOLFSSL* ssl, const char* /*hint*/, char* identity, unsigned identity_size,
                         unsigned char* key, unsigned key_size) {
  const auto& session = *static_cast<const PskSession*>(wolfSSL_get_psk_callback_ctx(ssl));
  if (session.identity_.size() >= identity_size || session.key_.size() > key_size) return 0;
  std::copy(session.identity_.begin(), session.identity_.end(), identity);
  identity[session.identity_.size()] = '\0';
  std::copy(session.key_.begin(), session.key_.end(), key);
  return static_cast<unsigned>(session.key_.size());
}

}  // namespace saef::bench
