// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observation (RFC 7641) over real sockets, by our client and our server.
#include <array>
#include <boost/test/unit_test.hpp>

#include "bindings/coap/observed_server.h"

namespace saef::coap::test {
namespace {

using bindings::Error;
using onem2m::Operation;
using onem2m::ResponseStatusCode;

}  // namespace

BOOST_AUTO_TEST_SUITE(observe)

BOOST_AUTO_TEST_CASE(each_change_is_told_in_the_clear_and_secured) {
  ObservedServer server;
  for (const bool secure : {false, true}) {
    BOOST_TEST_CONTEXT("secure " << secure) {
      server.Set("0");
      Told told;
      auto client = server.echo().Open(secure);
      const auto id = client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
      BOOST_TEST(id != 0u);
      BOOST_TEST(Eventually([&] { return told.count() == 1; }));
      BOOST_TEST(told.last() == "0");
      BOOST_TEST(server.server().observers() == 1u);
      for (const std::string state : {"1", "2", "3"}) {
        server.Change(state);
        BOOST_TEST(Eventually([&] { return told.last() == state; }));
      }
      // What isn't observed changes, and so does it under other names of it.
      server.Set("4");
      server.server().Changed("cse/y");
      server.server().Changed("/CSE/X");
      BOOST_TEST(Eventually([&] { return told.last() == "4"; }));
      BOOST_TEST(told.count() == 5u);
      client->CancelObserve(id);
      BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
      server.Change("5");
      BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
      BOOST_TEST(told.count() == 5u);
      BOOST_TEST(told.errors().empty());
      BOOST_TEST(client->sessions_established() == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(large_notifications_come_in_blocks) {
  ObservedServer server;
  Told told;
  auto client = server.echo().Open();
  client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
  BOOST_TEST(Eventually([&] { return told.count() == 1; }));
  for (const char c : {'a', 'b'}) {
    const std::string state(20000, c);
    server.Change(state);
    BOOST_TEST(Eventually([&] { return told.last() == state; }));
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_success_is_the_last) {
  ObservedServer server;
  Told told;
  Told other;
  auto client = server.echo().Open();
  client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
  BOOST_TEST(Eventually([&] { return told.count() == 1; }));
  server.Change("gone", ResponseStatusCode::kNotFound);
  BOOST_TEST(Eventually([&] { return told.count() == 2; }));
  BOOST_TEST((told.last_status() == ResponseStatusCode::kNotFound));
  // The server lets it go after it has sent.
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
  server.Change("again");
  // The first answer is one as well.
  server.Set("", ResponseStatusCode::kOriginatorHasNoPrivilege);
  client->Observe(Request(Operation::kRetrieve), kLong, other.Notify());
  BOOST_TEST(Eventually([&] { return other.count() == 1; }));
  BOOST_TEST((other.last_status() == ResponseStatusCode::kOriginatorHasNoPrivilege));
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
  BOOST_TEST(told.count() == 2u);
  BOOST_TEST(told.errors().empty());
  BOOST_TEST(other.errors().empty());
}

BOOST_AUTO_TEST_CASE(what_may_not_be_observed_is_answered_once) {
  ObservedServer server([](auto& options) { options.max_observers_per_session = 2; });
  Told told;
  Told updated;
  std::array<Told, 3> three;
  auto client = server.echo().Open();
  client->Observe(Request(Operation::kRetrieve, "other/x"), kLong, told.Notify());
  BOOST_TEST(Eventually([&] { return told.ended_with(Error::kUnsupported); }));
  BOOST_TEST(told.count() == 1u);
  // Beyond the bound as well.
  for (Told& one : three) {
    client->Observe(Request(Operation::kRetrieve), kLong, one.Notify());
    BOOST_TEST(Eventually([&] { return one.count() == 1; }));
  }
  BOOST_TEST(Eventually([&] { return three[2].ended_with(Error::kUnsupported); }));
  BOOST_TEST(server.server().observers() == 2u);
  BOOST_TEST(three[0].errors().empty());
  // Only what can be observed at all.
  client->Observe(Request(Operation::kUpdate), kLong, updated.Notify());
  BOOST_TEST(Eventually([&] { return updated.ended_with(Error::kBadRequest); }));
}

BOOST_AUTO_TEST_CASE(changes_in_a_row_are_told_in_one) {
  ObservedServer server;
  Told told;
  auto client = server.echo().Open();
  server.Hold();
  client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
  BOOST_TEST(Eventually([&] { return server.held() == 1; }));
  // The first answer says "0" still; what changed since must be told.
  for (int i = 0; i < 100; ++i) server.Change("after");
  server.LetGo();
  BOOST_TEST(Eventually([&] { return told.last() == "after"; }));
  BOOST_TEST(server.asked() <= 4);
  BOOST_TEST(server.server().observers() == 1u);
}

BOOST_AUTO_TEST_CASE(a_session_that_ends_takes_its_observers_along) {
  ObservedServer server;
  const auto client = server.echo().Open();
  for (const bool by_client : {true, false}) {
    BOOST_TEST_CONTEXT((by_client ? "the client" : "the server") << " ends it") {
      std::array<Told, 5> all;
      for (Told& told : all) client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
      for (Told& told : all) BOOST_TEST(Eventually([&] { return told.count() == 1; }));
      BOOST_TEST(server.server().observers() == all.size());
      if (by_client) {
        client->Disconnect();
      } else {
        server.session()->EndAfterResponse();
      }
      for (Told& told : all) {
        BOOST_TEST(Eventually([&] { return told.ended_with(Error::kClosed); }));
      }
      BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
    }
  }
}

// In the clear no session's end is seen, so the server is told of each.
BOOST_AUTO_TEST_CASE(a_client_in_the_clear_takes_its_leave) {
  ObservedServer server;
  const auto client = server.echo().Open(false);
  std::array<Told, 5> all;
  for (Told& told : all) client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
  for (Told& told : all) BOOST_TEST(Eventually([&] { return told.count() == 1; }));
  BOOST_TEST(server.server().observers() == all.size());
  client->Disconnect();
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
}

// The server's answer with blocks makes libcoap remember what it answers; a small one doesn't.
BOOST_AUTO_TEST_CASE(what_comes_in_blocks_now_and_then_can_be_cancelled) {
  for (const bool secure : {false, true}) {
    for (const bool begins_in_blocks : {false, true}) {
      BOOST_TEST_CONTEXT("secure " << secure << ", begins in blocks " << begins_in_blocks) {
        ObservedServer server;
        const std::string large(3000, 'l');
        server.Set(begins_in_blocks ? large : "small");
        Told told;
        const auto client = server.echo().Open(secure);
        const auto id = client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
        BOOST_TEST(Eventually([&] { return told.count() == 1; }));
        for (const std::string& state : {std::string("1"), large + "2", std::string("3"),
                                         large + "4", large + "5", std::string("6")}) {
          server.Change(state);
          BOOST_TEST(Eventually([&] { return told.last() == state; }));
        }
        client->CancelObserve(id);
        BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
        BOOST_TEST(told.errors().empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_observation_can_be_cancelled_at_any_time) {
  ObservedServer server;
  Told told;
  auto client = server.echo().Open();
  server.Hold();
  const auto id = client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
  BOOST_TEST(Eventually([&] { return server.held() == 1; }));
  client->CancelObserve(id);
  client->CancelObserve(id);
  client->CancelObserve(4711);
  server.LetGo();
  // Its answer finds nobody; the reset takes the observer away.
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
  BOOST_TEST(told.count() == 0u);
  BOOST_TEST(told.errors().empty());
  // While the server has its notification composed, too: nothing of it holds up the session's end.
  Told other;
  const auto other_id = client->Observe(Request(Operation::kRetrieve), kLong, other.Notify());
  BOOST_TEST(Eventually([&] { return other.count() == 1; }));
  server.Hold();
  server.Change("1");
  BOOST_TEST(Eventually([&] { return server.held() == 1; }));
  client->CancelObserve(other_id);
  BOOST_TEST(Eventually([&] { return server.held() == 2; }));
  BOOST_TEST(server.server().observers() == 0u);
  server.session()->EndAfterResponse();
  server.LetGo();
  BOOST_TEST(Eventually([&] { return server.server().sessions() == 0; }));
  BOOST_TEST(other.count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
