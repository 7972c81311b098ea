// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/other_servers.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "bindings/uri.h"
#include "onem2m/secret.h"

namespace saef::bench {
namespace {

constexpr std::chrono::seconds kServerStart{30};
constexpr std::chrono::milliseconds kBetweenTries{20};

// One that nobody has at the moment.
template <typename Protocol>
std::uint16_t FreePort() {
  boost::asio::io_context io;
  boost::system::error_code error;
  typename Protocol::socket socket(io);
  const typename Protocol::endpoint any(boost::asio::ip::address_v4::loopback(), 0);
  if (socket.open(any.protocol(), error)) return 0;
  if (socket.bind(any, error)) return 0;
  return socket.local_endpoint(error).port();
}

std::vector<std::string> SServer(saef_transport transport, std::uint16_t port,
                                 const PskClient& client) {
  const auto key = onem2m::Secret::Copy(
      {reinterpret_cast<const std::uint8_t*>(client.key.data()), client.key.size()});
  const bool dtls = transport == SAEF_DTLS;
  return {"openssl",
          "s_server",
          "-quiet",
          dtls ? "-dtls1_2" : "-tls1_2",
          "-accept",
          "127.0.0.1:" + std::to_string(port),
          "-nocert",
          "-psk_identity",
          client.identity,
          "-psk",
          key ? key->ToHex() : std::string(),
          "-cipher",
          std::string(dtls ? "PSK-AES128-CCM8" : "PSK-AES128-CBC-SHA256") + ":@SECLEVEL=0"};
}

// Until it lets the client in; a sentence when it doesn't for too long.
std::optional<std::string> AwaitHandshake(const Served& server, const PskClient& client) {
  const auto deadline = std::chrono::steady_clock::now() + kServerStart;
  std::string failure;
  while (std::chrono::steady_clock::now() < deadline) {
    auto made = PskClients::Make({.transport = server.transport, .port = server.port});
    if (auto* const problem = std::get_if<std::string>(&made)) return std::move(*problem);
    const auto results = std::get<PskClients>(made).Run({client});
    if (results.at(0).established) return std::nullopt;
    failure = results.at(0).failure;
    std::this_thread::sleep_for(kBetweenTries);
  }
  return "openssl s_server lets nobody in: " + failure;
}

}  // namespace

std::variant<StaticServer, std::string> StaticServer::Start(const std::string& program,
                                                            const PskClient& client) {
  auto folder = std::make_unique<onem2m::TestFolder>();
  auto started = tools::ChildProcess::Start(program, {client.identity, client.key},
                                            folder->Path("log"), kServerStart);
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  return StaticServer(std::move(folder), std::move(std::get<tools::ChildProcess>(started)));
}

Served StaticServer::served(saef_transport transport) const {
  for (const std::string& text : process_.uris()) {
    const auto uri = bindings::Uri::Parse(text);
    if (uri && uri->coap() == (transport == SAEF_DTLS)) {
      return {process_.pid(), transport, uri->port};
    }
  }
  return {};
}

std::variant<OpensslServer, std::string> OpensslServer::Start(saef_transport transport,
                                                              const PskClient& client) {
  const std::uint16_t port =
      transport == SAEF_DTLS ? FreePort<boost::asio::ip::udp>() : FreePort<boost::asio::ip::tcp>();
  try {
    OpensslServer server(
        transport, port,
        std::make_unique<abi_test::ChildProcess>(SServer(transport, port, client)));
    if (auto problem = AwaitHandshake(server.served(), client)) return std::move(*problem);
    return server;
  } catch (const std::exception& error) {
    return std::string(error.what());
  }
}

}  // namespace saef::bench
