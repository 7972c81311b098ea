// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server of several threads is one server to its peers and to its host.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <thread>

#include "bindings/coap/echo_server.h"
#include "bindings/coap/server_thread.h"
#include "bindings/coap/udp_socket.h"
#include "tests/abi/fake_plugin.h"

namespace saef::coap::test {

using onem2m::Operation;

namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kMostClients = 200;
const std::string kKey = "alice's key 0123";

// A server of several threads behind a plugin that knows "known", and clients at each of them.
struct Spread {
  Spread() {
    plugin.AnswerAtOnce("known", SAEF_KEY, kKey);
    plugin.AnswerAfter("slow", 50ms, SAEF_KEY, kKey);
    server.handler.Set([this](const auto& request, auto session, auto respond) {
      {
        const MutexLock lock(mutex);
        threads_of[session->peer()].insert(std::this_thread::get_id());
        all_threads.insert(std::this_thread::get_id());
        associations.insert(session->association());
      }
      respond(EchoHandler::Echo(request));
    });
  }

  // Until each thread has one: which one a client gets to is the kernel's choice.
  void OpenClients(const std::string& identity = "known") {
    while (CountThreads() < kThreads && clients.size() < kMostClients) OpenClient(identity);
    BOOST_REQUIRE(CountThreads() == kThreads);
  }
  bindings::Client& OpenClient(const std::string& identity) {
    clients.push_back(server.Open(server.Options(true, kKey, identity)));
    BOOST_REQUIRE(Asked(*clients.back()));
    return *clients.back();
  }
  static bool Asked(bindings::Client& client) {
    return client.SendAndWait(Request(Operation::kRetrieve), kLong).has_value();
  }
  std::size_t CountThreads() {
    const MutexLock lock(mutex);
    return all_threads.size();
  }

  Mutex mutex;
  std::map<std::string, std::set<std::thread::id>> threads_of SAEF_GUARDED_BY(mutex);
  std::set<std::thread::id> all_threads SAEF_GUARDED_BY(mutex);
  std::set<saef_association> associations SAEF_GUARDED_BY(mutex);
  abi_test::FakePlugin plugin;
  EchoServer server{[this](auto& options) {
    options.threads = kThreads;
    options.observable = [](std::string_view) { return true; };
    bindings::PluginGate gate;
    gate.api = plugin.api();
    gate.instance = plugin.instance();
    options.keys = gate;
  }};
  std::vector<std::unique_ptr<bindings::Client>> clients;
};

BOOST_FIXTURE_TEST_SUITE(coap_threads, Spread)

BOOST_AUTO_TEST_CASE(each_peer_stays_with_its_thread) {
  OpenClients();
  for (int i = 0; i < 5; ++i) {
    for (const auto& client : clients) BOOST_TEST(Asked(*client));
  }
  const MutexLock lock(mutex);
  BOOST_TEST(threads_of.size() == clients.size());
  for (const auto& [peer, threads] : threads_of) BOOST_TEST(threads.size() == 1u);
  const auto statistics = server.server->statistics();
  BOOST_TEST(statistics.sessions == clients.size());
  BOOST_TEST(server.server->sessions() == clients.size());
  BOOST_TEST(statistics.handshakes_done == clients.size());
  BOOST_TEST(statistics.requests == clients.size() * 6);
}

// libcoap walks all sessions of a socket before it makes another one.
BOOST_AUTO_TEST_CASE(its_secure_sessions_are_spread_over_many_sockets) {
  const auto sockets_at = [this](std::size_t listener) {
    coap_address_t address;
    coap_address_init(&address);
    address.size = sizeof(address.addr.sin);
    address.addr.sin.sin_family = AF_INET;
    address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.addr.sin.sin_port = htons(server.server->ports().at(listener));
    return FindUdpSockets(address).size();
  };
  BOOST_TEST(sockets_at(0) == kThreads);
  BOOST_TEST(sockets_at(1) == ServerThread::kSecureSockets);
}

BOOST_AUTO_TEST_CASE(handshakes_wait_at_each_threads_gate) {
  OpenClients("slow");
  BOOST_TEST(server.server->statistics().handshakes_done == clients.size());
  BOOST_TEST(Eventually([&] { return server.server->statistics().held_sessions == 0; }));
  BOOST_TEST(plugin.associations().size() == clients.size());
}

BOOST_AUTO_TEST_CASE(an_association_ends_whichever_thread_has_it) {
  OpenClients();
  std::set<saef_association> all;
  {
    const MutexLock lock(mutex);
    all = associations;
  }
  BOOST_TEST(all.size() == clients.size());
  std::size_t left = clients.size();
  for (const saef_association association : all) {
    server.server->EndAssociation(association);
    --left;
    BOOST_REQUIRE(Eventually([&] { return server.server->sessions() == left; }));
  }
  BOOST_TEST(Eventually([&] { return plugin.associations().empty(); }));
  for (const auto& client : clients) BOOST_TEST(Asked(*client));
}

BOOST_AUTO_TEST_CASE(a_change_is_told_to_observers_at_each_thread) {
  OpenClients();
  std::vector<std::atomic<int>> told(clients.size());
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i]->Observe(Request(Operation::kRetrieve, "watched"), kLong,
                        [&told, i](const auto& response) { told[i] += response ? 1 : 0; });
  }
  const auto all_were_told = [&told](int times) {
    return Eventually([&] {
      return std::all_of(told.begin(), told.end(), [&](const auto& n) { return n >= times; });
    });
  };
  BOOST_TEST(all_were_told(1));
  BOOST_TEST(server.server->observers() == clients.size());
  server.server->Changed("/watched");
  BOOST_TEST(all_were_told(2));
  clients.clear();
  BOOST_TEST(Eventually([&] { return server.server->observers() == 0; }));
}

BOOST_AUTO_TEST_CASE(the_server_goes_while_all_are_busy) {
  OpenClients();
  std::atomic<int> done{0};
  for (int i = 0; i < 20; ++i) {
    for (const auto& client : clients) {
      client->Send(Request(Operation::kRetrieve), kLong, [&done](const auto&) { ++done; });
    }
  }
  BOOST_TEST(Eventually([&] { return done > 0; }));
  server.server.reset();
  BOOST_TEST(plugin.associations().empty());
  clients.clear();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap::test
