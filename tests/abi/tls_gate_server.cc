// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TLS server behind the wolfSSL gate (server_script.h says whom it knows and what it obeys), for
// tls_gate_test.
//
//   tls_gate_server [alert|hide] [hold-ms] [octets-per-read]
//
// Prints "port N". Each connection gets one line once its handshake is done, "you are IDENTITY" or
// "you are nobody", and is closed.
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <list>
#include <string>
#include <vector>

#include "saef/tls_gate.h"
#include "tests/abi/server_script.h"

namespace {

using saef::abi_test::PrintLine;
using saef::abi_test::ServerScript;

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Connection {
  int socket = -1;
  WOLFSSL *ssl = nullptr;
  saef_tls_session *session = nullptr;
  bool greeted = false;
  bool over = false;
};

class Server {
 public:
  Server(int32_t refusal, uint32_t hold_ms, size_t read_size);
  ~Server();
  void Run();

 private:
  int Listen();
  void Accept();
  void Read(Connection *connection);
  void Drive(Connection *connection);
  void Greet(Connection *connection);
  void Flush(Connection *connection);
  void Close(Connection *connection);
  void Poll();

  ServerScript script_;
  const size_t read_size_;
  int wake_ = eventfd(0, EFD_NONBLOCK);
  int listener_ = -1;
  WOLFSSL_CTX *ctx_ = nullptr;
  saef_gate *gate_ = nullptr;
  std::list<Connection> connections_;
};

Server::Server(int32_t refusal, uint32_t hold_ms, size_t read_size) : read_size_(read_size) {
  wolfSSL_Init();
  ctx_ = wolfSSL_CTX_new(wolfTLSv1_2_server_method());
  saef_gate_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.api = script_.plugin().api();
  arguments.instance = script_.plugin().instance();
  arguments.transport = SAEF_TLS;
  arguments.refusal = refusal;
  arguments.max_hold_ms = hold_ms;
  arguments.context = &wake_;
  arguments.wake = [](void *context) {
    const uint64_t one = 1;
    const ssize_t written = write(*static_cast<int *>(context), &one, sizeof(one));
    (void)written;
  };
  if (saef_tls_gate_prepare_context(ctx_) != SAEF_DONE ||
      saef_gate_create(&arguments, &gate_) != SAEF_DONE) {
    std::abort();
  }
}

Server::~Server() {
  for (Connection &connection : connections_) {
    Close(&connection);
  }
  saef_gate_destroy(gate_);
  wolfSSL_CTX_free(ctx_);
  wolfSSL_Cleanup();
  close(listener_);
  close(wake_);
  script_.PrintCounts();
}

int Server::Listen() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address = {};
  socklen_t length = sizeof(address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_, reinterpret_cast<sockaddr *>(&address), length) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &length) != 0) {
    std::abort();
  }
  return ntohs(address.sin_port);
}

void Server::Accept() {
  const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
  if (socket == -1) {
    return;
  }
  Connection &connection = connections_.emplace_back();
  connection.socket = socket;
  connection.ssl = wolfSSL_new(ctx_);
  saef_tls_session_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.context = &connection;
  // The loop drives every connection after saef_tls_gate_process anyway.
  arguments.ready = [](void *) {};
  arguments.host_psk = ServerScript::HostPsk;
  if (saef_tls_session_open(gate_, connection.ssl, &arguments, &connection.session) != SAEF_DONE) {
    std::abort();
  }
}

void Server::Read(Connection *connection) {
  std::vector<uint8_t> octets(read_size_);
  ssize_t length = 0;
  while ((length = read(connection->socket, octets.data(), octets.size())) > 0) {
    if (saef_tls_session_put(connection->session, octets.data(), static_cast<size_t>(length),
                             Now()) != SAEF_DONE) {
      connection->over = true;
      return;
    }
  }
  connection->over |= length == 0;
}

void Server::Greet(Connection *connection) {
  saef_gate_session *session = saef_tls_session_gate_session(connection->session);
  const int32_t result = saef_gate_session_established(session);
  const saef_association association = saef_gate_session_association(session);
  const std::string line =
      "you are " + (result == SAEF_DONE ? script_.plugin().IdentityOf(association) : "nobody") +
      "\n";
  wolfSSL_write(connection->ssl, line.data(), static_cast<int>(line.size()));
  connection->greeted = true;
}

void Server::Drive(Connection *connection) {
  if (connection->greeted) {
    return;
  }
  if (wolfSSL_accept(connection->ssl) == WOLFSSL_SUCCESS) {
    Greet(connection);
    wolfSSL_shutdown(connection->ssl);
  } else {
    const int error = wolfSSL_get_error(connection->ssl, -1);
    connection->over |= error != WOLFSSL_ERROR_WANT_READ && error != WOLFSSL_ERROR_WANT_WRITE;
  }
  Flush(connection);
}

void Server::Flush(Connection *connection) {
  for (saef_bytes bytes = saef_tls_session_take(connection->session); bytes.length > 0;
       bytes = saef_tls_session_take(connection->session)) {
    const ssize_t sent = send(connection->socket, bytes.data, bytes.length, MSG_NOSIGNAL);
    if (sent <= 0) {
      connection->over = true;
      return;
    }
    saef_tls_session_taken(connection->session, static_cast<size_t>(sent));
  }
}

void Server::Close(Connection *connection) {
  saef_tls_session_close(connection->session);
  wolfSSL_free(connection->ssl);
  close(connection->socket);
}

void Server::Poll() {
  std::vector<pollfd> files = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
  for (const Connection &connection : connections_) {
    files.push_back({connection.socket, POLLIN, 0});
  }
  const int64_t deadline = saef_gate_deadline(gate_);
  const int64_t due = deadline < 0 ? 50 : std::clamp<int64_t>(deadline - Now(), 0, 50);
  poll(files.data(), files.size(), static_cast<int>(due));
  uint64_t count = 0;
  const ssize_t drained = read(wake_, &count, sizeof(count));
  (void)drained;
}

void Server::Run() {
  PrintLine("port " + std::to_string(Listen()));
  while (script_.TakeOrders(gate_)) {
    Poll();
    Accept();
    saef_tls_gate_process(gate_, Now());
    for (auto connection = connections_.begin(); connection != connections_.end();) {
      Read(&*connection);
      Drive(&*connection);
      if (connection->over) {
        Close(&*connection);
        connection = connections_.erase(connection);
      } else {
        ++connection;
      }
    }
  }
}

}  // namespace

int main(int argc, char **argv) {
  const bool hide = argc > 1 && std::strcmp(argv[1], "hide") == 0;
  const int hold_ms = argc > 2 ? std::atoi(argv[2]) : 0;
  const int read_size = argc > 3 ? std::atoi(argv[3]) : 4096;
  Server(hide ? SAEF_GATE_HIDE : SAEF_GATE_ALERT, static_cast<uint32_t>(hold_ms),
         static_cast<size_t>(read_size))
      .Run();
  return 0;
}
