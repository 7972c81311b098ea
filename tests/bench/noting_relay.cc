// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/noting_relay.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace saef::bench {
namespace {

using boost::asio::ip::udp;

constexpr std::size_t kMaxDatagram = 65536;
// RFC 6347 4.1, 4.2.2: where a record's content begins, and a handshake message's type in it.
constexpr std::size_t kRecordHeader = 13;
constexpr std::uint8_t kTypeClientKeyExchange = 16;

Passed::What Classify(const std::uint8_t* datagram, std::size_t length) {
  using What = Passed::What;
  if (length <= kRecordHeader) return What::kOther;
  switch (datagram[0]) {
    case 20:
      return What::kChangeCipherSpec;
    case 22:
      return datagram[kRecordHeader] == kTypeClientKeyExchange ? What::kClientKeyExchange
                                                               : What::kHandshake;
    case 23:
      return What::kApplicationData;
    default:
      return What::kOther;
  }
}

udp::endpoint OnLoopback(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

}  // namespace

struct NotingRelay::State {
  // The way of one client's datagrams to the server and back.
  struct Way {
    Way(boost::asio::io_context& io, udp::endpoint from, const udp::endpoint& server)
        : client(std::move(from)), socket(io, OnLoopback(0)) {
      socket.connect(server);
    }
    const udp::endpoint client;
    udp::socket socket;
    std::array<std::uint8_t, kMaxDatagram> buffer;
  };

  explicit State(std::uint16_t server_port) : server(OnLoopback(server_port)) {
    FromClients();
    thread = std::thread([this] { io.run(); });
  }
  ~State() {
    io.stop();
    thread.join();
  }

  void Note(bool to_server, const std::uint8_t* datagram, std::size_t length) {
    const std::lock_guard lock(mutex);
    passed.push_back({Passed::Clock::now(), to_server, Classify(datagram, length)});
  }

  void FromClients() {
    listening.async_receive_from(
        boost::asio::buffer(buffer), from,
        [this](const boost::system::error_code& error, std::size_t length) {
          if (error == boost::asio::error::operation_aborted) return;
          if (!error) ToServer(length);
          FromClients();
        });
  }
  void ToServer(std::size_t length) {
    auto way = ways.find(from);
    if (way == ways.end()) {
      way = ways.emplace(from, std::make_unique<Way>(io, from, server)).first;
      FromServer(*way->second);
    }
    Note(true, buffer.data(), length);
    boost::system::error_code ignored;
    way->second->socket.send(boost::asio::buffer(buffer.data(), length), 0, ignored);
  }
  void FromServer(Way& way) {
    way.socket.async_receive(
        boost::asio::buffer(way.buffer),
        [this, &way](const boost::system::error_code& error, std::size_t length) {
          if (error == boost::asio::error::operation_aborted) return;
          if (!error) {
            Note(false, way.buffer.data(), length);
            boost::system::error_code ignored;
            listening.send_to(boost::asio::buffer(way.buffer.data(), length), way.client, 0,
                              ignored);
          }
          FromServer(way);
        });
  }

  const udp::endpoint server;
  boost::asio::io_context io{1};
  udp::socket listening{io, OnLoopback(0)};
  udp::endpoint from;
  std::array<std::uint8_t, kMaxDatagram> buffer;
  std::map<udp::endpoint, std::unique_ptr<Way>> ways;
  std::mutex mutex;
  std::vector<Passed> passed;  // under `mutex`
  std::thread thread;
};

NotingRelay::NotingRelay(std::uint16_t server_port)
    : state_(std::make_unique<State>(server_port)) {}
NotingRelay::~NotingRelay() = default;

std::uint16_t NotingRelay::port() const { return state_->listening.local_endpoint().port(); }

std::vector<Passed> NotingRelay::Take() {
  const std::lock_guard lock(state_->mutex);
  return std::exchange(state_->passed, {});
}

std::optional<Passed::Clock::time_point> FirstOf(const std::vector<Passed>& all, bool to_server,
                                                 Passed::What what,
                                                 Passed::Clock::time_point from) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Passed& one) {
    return one.to_server == to_server && one.what == what && one.at >= from;
  });
  if (found == all.end()) return std::nullopt;
  return found->at;
}

}  // namespace saef::bench
