// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/spread_client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bindings/coap/echo_server.h"
#include "bindings/coap/observed_server.h"

namespace saef::coap::test {
namespace {

using bindings::Error;
using onem2m::Operation;

constexpr std::size_t kSessions = 3;

}  // namespace

static bindings::ClientOptions Several(const EchoServer& server) {
  bindings::ClientOptions options = server.Options();
  options.max_sessions = kSessions;
  options.max_in_flight = 1000;
  return options;
}

// A server that keeps each request until it is told to answer them.
struct Keeping {
  Keeping() {
    server.handler.Set([this](const auto& request, auto session, auto respond) {
      const MutexLock lock(mutex);
      if (!keeps) return respond(EchoHandler::Echo(request));
      ++kept_of[session->peer()];
      sessions.push_back(session);
      answers.push_back([respond, request] { respond(EchoHandler::Echo(request)); });
    });
  }

  void Keep(bool do_so) {
    const MutexLock lock(mutex);
    keeps = do_so;
  }
  void Answer() {
    std::vector<std::function<void()>> taken;
    {
      const MutexLock lock(mutex);
      taken.swap(answers);
      kept_of.clear();
      sessions.clear();
    }
    for (const auto& answer : taken) answer();
  }
  std::size_t kept() {
    const MutexLock lock(mutex);
    return answers.size();
  }
  // By session, the fewest first.
  std::vector<int> Spread() {
    const MutexLock lock(mutex);
    std::vector<int> counts;
    for (const auto& [peer, count] : kept_of) counts.push_back(count);
    std::sort(counts.begin(), counts.end());
    return counts;
  }
  // With the next answer, all but one of those that requests are kept of.
  void EndSessionsButOne() {
    const MutexLock lock(mutex);
    for (const auto& session : sessions) {
      if (session->peer() != sessions.front()->peer()) session->EndAfterResponse();
    }
  }
  void Send(bindings::Client& client, int count) {
    for (int i = 0; i < count; ++i) {
      client.Send(Request(Operation::kRetrieve), kLong,
                  [this](const auto& result) { ++(result ? answered : failed); });
    }
  }
  std::uint64_t OpenSessions() const { return server.server->statistics().sessions; }
  // With all its sessions; may open those that end again after `pause`.
  std::unique_ptr<bindings::Client> OpenAll(Clock::duration pause = Clock::duration::zero()) {
    std::unique_ptr<bindings::Client> client = *SpreadClient::Open(Several(server), pause);
    BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
    BOOST_TEST(Eventually([&] { return client->sessions_established() == kSessions; }));
    return client;
  }

  Mutex mutex;
  bool keeps SAEF_GUARDED_BY(mutex) = false;
  std::map<std::string, int> kept_of SAEF_GUARDED_BY(mutex);
  std::vector<std::shared_ptr<bindings::Session>> sessions SAEF_GUARDED_BY(mutex);
  std::vector<std::function<void()>> answers SAEF_GUARDED_BY(mutex);
  std::atomic<int> answered{0};
  std::atomic<int> failed{0};
  EchoServer server;
};

BOOST_FIXTURE_TEST_SUITE(spread_client, Keeping)

BOOST_AUTO_TEST_CASE(the_others_are_opened_when_the_first_has_answered) {
  auto client = server.Open(Several(server));
  BOOST_TEST(client->Connect().has_value());
  Keep(true);
  Send(*client, 5);
  BOOST_TEST(Eventually([&] { return kept() == 5; }));
  BOOST_TEST((Spread() == std::vector<int>{5}));
  BOOST_TEST(client->sessions_established() == 1u);
  Answer();
  BOOST_TEST(Eventually([&] { return client->sessions_established() == kSessions; }));
  BOOST_TEST(Eventually([&] { return answered == 5; }));
  // What was answered counts no more.
  Send(*client, 3);
  BOOST_TEST(Eventually([&] { return kept() == 3; }));
  BOOST_TEST((Spread() == std::vector<int>{1, 1, 1}));
  Answer();
}

BOOST_AUTO_TEST_CASE(each_has_its_part) {
  const auto client = OpenAll();
  Keep(true);
  Send(*client, 30);
  BOOST_TEST(Eventually([&] { return kept() == 30; }));
  BOOST_TEST((Spread() == std::vector<int>{10, 10, 10}));
  client->Disconnect();
  BOOST_TEST(Eventually([&] { return failed == 30; }));
  Answer();
}

BOOST_AUTO_TEST_CASE(those_that_ended_are_opened_again_for_many_requests) {
  const auto client = OpenAll();
  Keep(true);
  Send(*client, static_cast<int>(kSessions));
  BOOST_TEST(Eventually([&] { return kept() == kSessions; }));
  EndSessionsButOne();
  Answer();
  BOOST_TEST(Eventually([&] { return OpenSessions() == 1; }));
  // Not for one.
  Keep(false);
  BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  Keep(true);
  const int many = static_cast<int>(SpreadClient::kMany);
  Send(*client, many);
  BOOST_TEST(Eventually([&] { return kept() == SpreadClient::kMany; }));
  BOOST_TEST((Spread() == std::vector<int>{many}));
  BOOST_TEST(client->sessions_established() == kSessions);
  Send(*client, 1);
  BOOST_TEST(Eventually([&] { return client->sessions_established() == 2 * kSessions - 1; }));
  BOOST_TEST(OpenSessions() == kSessions);
  Answer();
}

BOOST_AUTO_TEST_CASE(those_that_ended_are_opened_again_after_a_pause) {
  const auto client = OpenAll(std::chrono::hours(1));
  client->Disconnect();
  BOOST_TEST(Eventually([&] { return OpenSessions() == 0; }));
  Keep(true);
  Send(*client, 1);
  BOOST_TEST(Eventually([&] { return kept() == 1; }));
  Send(*client, 2 * static_cast<int>(SpreadClient::kMany));
  BOOST_TEST(Eventually([&] { return kept() == 2 * SpreadClient::kMany + 1; }));
  Keep(false);
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  }
  BOOST_TEST(client->sessions_established() == kSessions + 1);
  Answer();
}

BOOST_AUTO_TEST_CASE(a_server_that_takes_one_is_asked_in_that_one) {
  EchoServer narrow([](auto& options) { options.max_sessions_per_source = 1; });
  const auto client = narrow.Open(Several(narrow));
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 100; ++j) {
      client->Send(Request(Operation::kRetrieve), kLong,
                   [this](const auto& result) { ++(result ? answered : failed); });
    }
    BOOST_TEST(Eventually([&] { return answered == 100 * (i + 1); }));
  }
  BOOST_TEST(failed == 0);
  BOOST_TEST(client->sessions_established() == 1u);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_client_is_the_end_of_each_request) {
  auto client = OpenAll();
  Keep(true);
  Send(*client, 10);
  // One that asks again when it is told that the session was closed.
  std::atomic<int> told{0};
  client->Send(Request(Operation::kRetrieve), kLong, [&told, to = client.get()](const auto&) {
    ++told;
    to->Send(Request(Operation::kRetrieve), kLong, [&told](const auto&) { ++told; });
  });
  BOOST_TEST(Eventually([&] { return kept() == 11; }));
  client.reset();
  BOOST_TEST(failed == 10);
  BOOST_TEST(told >= 1);
  Answer();
}

BOOST_AUTO_TEST_CASE(keys_are_exported_from_a_session_that_stands) {
  const auto client = OpenAll();
  BOOST_TEST(client->ExportKeyingMaterial("EXPORTER-test", 16).has_value());
  client->Disconnect();
  BOOST_TEST((client->ExportKeyingMaterial("EXPORTER-test", 16).error() == Error::kNotEstablished));
}

// Each in the session in which it was begun.
BOOST_AUTO_TEST_CASE(observations_end_one_by_one) {
  ObservedServer observed;
  const auto client = observed.echo().Open(Several(observed.echo()));
  BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  BOOST_TEST(Eventually([&] { return client->sessions_established() == kSessions; }));
  std::vector<std::uint64_t> ids;
  std::array<Told, 2 * kSessions> told;
  for (Told& one : told) {
    ids.push_back(client->Observe(Request(Operation::kRetrieve), kLong, one.Notify()));
  }
  BOOST_TEST(std::set<std::uint64_t>(ids.begin(), ids.end()).size() == ids.size());
  BOOST_TEST(!std::count(ids.begin(), ids.end(), 0U));
  for (Told& one : told) BOOST_TEST(Eventually([&] { return one.count() == 1; }));
  for (std::size_t i = 0; i < told.size(); ++i) {
    client->CancelObserve(ids[i]);
    const std::size_t left = told.size() - i - 1;
    BOOST_TEST(Eventually([&] { return observed.server().observers() == left; }));
    observed.Change("state " + std::to_string(i));
    for (std::size_t j = 0; j < told.size(); ++j) {
      BOOST_TEST(Eventually([&] { return told[j].count() == 1 + std::min(i + 1, j); }));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
