// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server of several threads is one server to its peers and to its host.
#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <thread>

#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "bindings/http/test_peer.h"
#include "bindings/http/test_plugin.h"

namespace saef::http {
namespace {

using test::Eventually;
using test::kTimeout;
using test::Retrieve;

constexpr std::size_t kThreads = 4;
constexpr std::size_t kClients = 12;  // three for each

// Answers at once, and notes on which thread it was asked.
class NotingHandler final : public bindings::RequestHandler {
 public:
  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override {
    {
      const MutexLock lock(mutex_);
      ++sessions_of_[std::this_thread::get_id()][session->peer()];
      associations_.insert(session->association());
      identities_of_[std::this_thread::get_id()].insert(session->psk_identity());
    }
    respond(onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk));
  }
  // How many sessions each thread has served.
  std::vector<std::size_t> spread() {
    const MutexLock lock(mutex_);
    std::vector<std::size_t> counts;
    for (const auto& [thread, sessions] : sessions_of_) counts.push_back(sessions.size());
    return counts;
  }
  // Of the sessions of each thread.
  std::vector<std::set<std::string>> identities() {
    const MutexLock lock(mutex_);
    std::vector<std::set<std::string>> all;
    for (const auto& [thread, identities] : identities_of_) all.push_back(identities);
    return all;
  }
  std::set<saef_association> associations() {
    const MutexLock lock(mutex_);
    return associations_;
  }

 private:
  Mutex mutex_;
  std::map<std::thread::id, std::map<std::string, int>> sessions_of_ SAEF_GUARDED_BY(mutex_);
  std::set<saef_association> associations_ SAEF_GUARDED_BY(mutex_);
  std::map<std::thread::id, std::set<std::string>> identities_of_ SAEF_GUARDED_BY(mutex_);
};

struct Spread {
  Spread() {
    bindings::PluginGate gate;
    gate.api = plugin.api();
    gate.instance = plugin.instance();
    bindings::ServerOptions options;
    options.threads = kThreads;
    options.listeners = {{"127.0.0.1", 0, true}, {"127.0.0.1", 0, false}};
    options.keys = gate;
    options.max_sessions = options.max_sessions_per_source = kClients;
    options.max_handshakes = options.max_handshakes_per_source = kClients;
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  void OpenClients(const std::string& prefix) {
    for (std::size_t i = 0; i < kClients; ++i) OpenClient(prefix + std::to_string(i));
    AskAll();
  }
  void OpenClient(const std::string& name) {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttps, "127.0.0.1", server->ports().at(0), ""};
    options.credential =
        bindings::PskCredential{name + "@maf.example.com", *onem2m::Secret::FromHex(test::kKeyHex)};
    auto opened = http::OpenClient(std::move(options));
    BOOST_TEST_REQUIRE(opened.has_value());
    clients.push_back(std::move(*opened));
  }
  // All at once.
  void AskAll() {
    std::atomic<std::size_t> good{0};
    std::atomic<std::size_t> done{0};
    for (const auto& client : clients) {
      client->Send(Retrieve("x"), kTimeout, [&](const auto& response) {
        if (response) ++good;
        ++done;
      });
    }
    BOOST_TEST(Eventually([&] { return done == clients.size(); }));
    BOOST_TEST(good == clients.size());
  }

  test::TestPlugin plugin{std::chrono::milliseconds(50)};
  NotingHandler handler;
  std::unique_ptr<bindings::Server> server;
  std::vector<std::unique_ptr<bindings::Client>> clients;
};

BOOST_FIXTURE_TEST_SUITE(http_threads, Spread)

BOOST_AUTO_TEST_CASE(connections_are_spread_evenly_and_stay) {
  OpenClients("hit-");
  for (int i = 0; i < 5; ++i) AskAll();
  BOOST_TEST((handler.spread() == std::vector<std::size_t>(kThreads, kClients / kThreads)));
  const auto statistics = server->statistics();
  BOOST_TEST(statistics.sessions == kClients);
  BOOST_TEST(server->sessions() == kClients);
  BOOST_TEST(statistics.handshakes_done == kClients);
  BOOST_TEST(statistics.requests == kClients * 6);
}

// The thread whose connections have ended gets the next ones.
BOOST_AUTO_TEST_CASE(what_has_ended_counts_for_nothing) {
  OpenClients("hit-");
  const std::set<std::string> ended = handler.identities().front();
  for (std::size_t i = 0; i < kClients; ++i) {
    if (ended.contains("hit-" + std::to_string(i) + "@maf.example.com")) clients[i].reset();
  }
  std::erase(clients, nullptr);
  BOOST_TEST(clients.size() == kClients - kClients / kThreads);
  BOOST_TEST(Eventually([&] { return server->sessions() == clients.size(); }));
  while (clients.size() < kClients) OpenClient("hit-again-" + std::to_string(clients.size()));
  AskAll();
  // But for the first, whose thread had been chosen before.
  const auto has_the_new = [](const std::set<std::string>& identities) {
    const auto count = std::count_if(
        identities.begin(), identities.end(),
        [](const std::string& identity) { return identity.starts_with("hit-again-"); });
    return static_cast<std::size_t>(count) >= kClients / kThreads - 1;
  };
  const auto all = handler.identities();
  BOOST_TEST(std::count_if(all.begin(), all.end(), has_the_new) == 1);
}

BOOST_AUTO_TEST_CASE(handshakes_wait_at_each_threads_gate) {
  OpenClients("slow-");
  BOOST_TEST(server->statistics().handshakes_done == kClients);
  BOOST_TEST(server->statistics().held_sessions == 0u);
  BOOST_TEST(plugin.associations() == kClients);
}

BOOST_AUTO_TEST_CASE(an_association_ends_whichever_thread_has_it) {
  OpenClients("hit-");
  const auto all = handler.associations();
  BOOST_TEST(all.size() == kClients);
  std::size_t left = kClients;
  for (const saef_association association : all) {
    server->EndAssociation(association);
    --left;
    BOOST_REQUIRE(Eventually([&] { return server->sessions() == left; }));
  }
  BOOST_TEST(Eventually([&] { return plugin.associations() == 0; }));
  AskAll();
}

BOOST_AUTO_TEST_CASE(many_associations_end_at_once_and_no_other_does) {
  OpenClients("hit-");
  auto all = handler.associations();
  BOOST_TEST_REQUIRE(all.size() == kClients);
  all.erase(all.begin());
  for (const saef_association association : all) {
    server->EndAssociation(association + 1000);
    server->EndAssociation(association);
    server->EndAssociation(association);
  }
  BOOST_TEST(Eventually([&] { return plugin.associations() == 1; }));
  BOOST_TEST(Eventually([&] { return server->sessions() == 1; }));
}

// The bound on sessions is the whole server's, and comes back with each that ends.
BOOST_AUTO_TEST_CASE(the_bound_is_one_for_all_threads) {
  OpenClients("hit-");
  for (int i = 0; i < 3; ++i) {
    test::RawPeer one_too_many(server->ports().at(1));
    BOOST_TEST(one_too_many.ReadToEnd());
  }
  BOOST_TEST(server->statistics().refused_by_total_bound == 3u);
  clients.pop_back();
  BOOST_TEST(Eventually([&] { return server->sessions() == kClients - 1; }));
  test::RawPeer again(server->ports().at(1));
  BOOST_TEST(again.Write(test::RawGet("/x")));
  BOOST_TEST(again.ReadUntil("200 OK"));
}

BOOST_AUTO_TEST_CASE(the_server_goes_while_all_are_busy) {
  const std::size_t before = test::OpenDescriptors();
  {
    Spread other;
    other.OpenClients("hit-");
    std::atomic<int> done{0};
    for (int i = 0; i < 50; ++i) {
      for (const auto& client : other.clients) {
        client->Send(Retrieve("x"), kTimeout, [&done](const auto&) { ++done; });
      }
    }
    BOOST_TEST(Eventually([&] { return done > 0; }));
    other.server.reset();
    BOOST_TEST(other.plugin.associations() == 0u);
    other.clients.clear();
  }
  BOOST_TEST(test::OpenDescriptors() == before);
}

BOOST_AUTO_TEST_CASE(a_second_server_is_told_that_the_port_is_taken) {
  for (const std::size_t threads : {1, 4}) {
    bindings::ServerOptions options;
    options.threads = threads;
    options.listeners = {{"127.0.0.1", server->ports().at(1), false}};
    BOOST_TEST((StartServer(std::move(options), handler).error() == bindings::Error::kListen));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::http
