// SPDX-License-Identifier: BSD-2-Clause
//
// Sessions that are held, and go on.
#include "saef/gate.h"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

#include "core-adapter/src/gate_test.h"
#include "tests/abi/client_flight.h"
#include "tests/abi/failing_malloc.h"

namespace saef::abi_test {
namespace {

BOOST_FIXTURE_TEST_SUITE(gate, GateFixture)

BOOST_AUTO_TEST_CASE(arguments_are_checked) {
  saef_gate_arguments right = {};
  right.size = sizeof(right);
  right.api = plugin.api();
  right.instance = plugin.instance();
  right.transport = SAEF_TLS;
  right.refusal = SAEF_GATE_HIDE;
  right.wake = [](void *) {};
  const std::vector<std::function<void(saef_gate_arguments *)>> spoil = {
      [](auto *a) { a->size = 8; },       [](auto *a) { a->api = nullptr; },
      [](auto *a) { a->wake = nullptr; }, [](auto *a) { a->instance = nullptr; },
      [](auto *a) { a->transport = 0; },  [](auto *a) { a->refusal = 0; },
  };
  for (const auto &change : spoil) {
    saef_gate_arguments wrong = right;
    change(&wrong);
    saef_gate *none = nullptr;
    BOOST_TEST(saef_gate_create(&wrong, &none) == SAEF_E_ARGUMENT);
    BOOST_TEST(none == nullptr);
  }
  BOOST_TEST(saef_gate_create(nullptr, &gate) == SAEF_E_ARGUMENT);
  BOOST_TEST(saef_gate_create(&right, nullptr) == SAEF_E_ARGUMENT);
}

// What the caller knows of the structure is filled, and no more.
BOOST_AUTO_TEST_CASE(statistics_for_an_older_caller) {
  plugin.Withhold("a");
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  saef_gate_statistics older = {};
  older.size = offsetof(saef_gate_statistics, held_bytes);
  older.held_bytes = 7;
  BOOST_TEST(saef_gate_get_statistics(gate, &older) == SAEF_DONE);
  BOOST_TEST(older.held_sessions == 1u);
  BOOST_TEST(older.held_bytes == 7u);
  struct {
    saef_gate_statistics known;
    uint64_t unknown = 7;
  } newer = {};
  newer.known.size = sizeof(newer);
  BOOST_TEST(saef_gate_get_statistics(gate, &newer.known) == SAEF_DONE);
  BOOST_TEST(newer.known.held_bytes == saef_gate_held_bytes(gate));
  BOOST_TEST(newer.unknown == 7u);
  older.size = sizeof(size_t);
  BOOST_TEST(saef_gate_get_statistics(gate, &older) == SAEF_E_ARGUMENT);
  BOOST_TEST(saef_gate_get_statistics(gate, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(saef_gate_get_statistics(nullptr, &older) == SAEF_E_ARGUMENT);
}

// What saef/gate.h says that 0 stands for.
BOOST_AUTO_TEST_CASE(bounds_by_default) {
  constexpr size_t kSessions = 16384, kBytes = 16384;
  saef_api api = *plugin.api();
  api.lookup_async = [](saef_instance *, const uint8_t *, size_t, saef_lookup_callback, void *,
                        saef_ticket *ticket) {
    *ticket = 1;
    return static_cast<int32_t>(SAEF_PENDING);
  };
  api.lookup_cancel = [](saef_instance *, saef_ticket) { return static_cast<int32_t>(SAEF_DONE); };
  api.lookup = [](saef_instance *, const uint8_t *, size_t, uint8_t *, size_t *) {
    return static_cast<int32_t>(SAEF_PENDING);
  };
  saef_gate_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.api = &api;
  arguments.instance = plugin.instance();
  arguments.transport = SAEF_DTLS;
  arguments.refusal = SAEF_GATE_ALERT;
  arguments.wake = [](void *) {};
  saef_gate_destroy(gate);
  BOOST_REQUIRE_EQUAL(saef_gate_create(&arguments, &gate), SAEF_DONE);

  const Octets key_exchange = DtlsKeyExchange("a", 2);
  std::vector<GatePeer> many(kSessions + 1);
  for (GatePeer &peer : many) {
    BOOST_REQUIRE(saef_gate_session_open(gate, &peer, &peer.session) == SAEF_DONE);
    const bool is_last = &peer == &many.back();
    BOOST_REQUIRE_EQUAL(Receive(peer, key_exchange, 7), is_last ? SAEF_GATE_PASS : SAEF_GATE_HELD);
  }
  BOOST_TEST(saef_gate_session_outcome(many.back().session) == SAEF_UNAVAILABLE);
  BOOST_TEST(saef_gate_held_sessions(gate) == kSessions);
  BOOST_TEST(saef_gate_deadline(gate) == 30007);

  // Each datagram counts with 4 octets more than its own.
  const size_t before = saef_gate_held_bytes(gate);
  const size_t left = kBytes - (key_exchange.size() + 4);
  BOOST_TEST(Receive(many[0], Octets(left - 3, 23)) == SAEF_GATE_HELD);
  BOOST_TEST(saef_gate_held_bytes(gate) == before);
  BOOST_TEST(Receive(many[0], Octets(left - 4, 23)) == SAEF_GATE_HELD);
  BOOST_TEST(saef_gate_held_bytes(gate) == before + left);
  for (GatePeer &peer : many) {
    Close(peer);
  }
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_CASE(holds_until_the_answer_and_feeds_in_order) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  const Octets key_exchange = DtlsKeyExchange("a", 2), finished = DtlsFinished(0, 9);
  BOOST_TEST(Receive(peer, DtlsClientHello(1)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  BOOST_TEST(Receive(peer, key_exchange, 100) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, finished, 101) == SAEF_GATE_HELD);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_PENDING);
  BOOST_TEST(saef_gate_held_sessions(gate) == 1u);
  BOOST_TEST(saef_gate_deadline(gate) == 1100);
  BOOST_TEST(Process(200) == 0u);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Woken(1));
  BOOST_TEST(Process(200) == 1u);
  BOOST_TEST((peer.fed == std::vector<Octets>{key_exchange, finished}));
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  BOOST_TEST(saef_gate_deadline(gate) == -1);
  BOOST_TEST(Key(peer, "a") == kGateKey);
  BOOST_TEST(Receive(peer, finished, 300) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(one_held_session_stops_no_other) {
  plugin.Withhold("a");
  plugin.AnswerAtOnce("b", SAEF_KEY, kGateKey);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("b", 2)) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(answer_before_the_look_up_returns) {
  plugin.AnswerBeforeReturning("a", SAEF_KEY, kGateKey);
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Woken(1));
  BOOST_TEST(Process() == 1u);
  BOOST_TEST(peer.fed.size() == 1u);
  BOOST_TEST(Key(peer, "a") == kGateKey);
}

BOOST_AUTO_TEST_CASE(time_is_over_and_the_late_answer_finds_nobody) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2), 0) == SAEF_GATE_HELD);
  BOOST_TEST(Process(999) == 0u);
  BOOST_TEST(Process(1000) == 1u);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_UNAVAILABLE);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process(1001) == 0u);
  BOOST_TEST(Key(peer, "a").empty());
  BOOST_TEST(last_result == SAEF_UNAVAILABLE);
  BOOST_TEST(peer.fed.size() == 1u);
}

BOOST_AUTO_TEST_CASE(answer_queued_at_the_deadline_counts) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  Receive(peer, DtlsKeyExchange("a", 2), 0);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process(5000) == 1u);
  BOOST_TEST(Key(peer, "a") == kGateKey);
}

BOOST_AUTO_TEST_CASE(sessions_are_closed_from_within_feed) {
  plugin.Withhold("a");
  for (int i = 0; i < 3; ++i) {
    GatePeer &peer = Open();
    Receive(peer, DtlsKeyExchange("a", 2));
    Receive(peer, DtlsFinished(0, 1));
  }
  // The first closes itself after its first datagram, and the last.
  peers[0].on_feed = [this] {
    Close(peers[0]);
    Close(peers[2]);
  };
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == 2u);
  BOOST_TEST(peers[0].fed.size() == 1u);
  BOOST_TEST(peers[1].fed.size() == 2u);
  BOOST_TEST(peers[2].fed.empty());
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_that_come_while_feeding_come_last) {
  Make(SAEF_TLS, SAEF_GATE_ALERT);
  plugin.Withhold("a");
  GatePeer &peer = Open();
  Receive(peer, TlsClientHello());
  Receive(peer, TlsKeyExchange("a"));
  bool once = false;
  peer.on_feed = [&] {
    if (!once) {
      once = true;
      BOOST_TEST(Receive(peer, TlsFinished()) == SAEF_GATE_HELD);
    }
  };
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == 1u);
  BOOST_TEST((peer.fed == std::vector<Octets>{TlsKeyExchange("a"), TlsFinished()}));
  BOOST_TEST(Receive(peer, TlsFinished()) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(many_sessions_at_once) {
  plugin.Withhold("a");
  std::vector<GatePeer> many(1000);
  for (GatePeer &peer : many) {
    BOOST_REQUIRE(saef_gate_session_open(gate, &peer, &peer.session) == SAEF_DONE);
    BOOST_REQUIRE(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  }
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == many.size());
  for (GatePeer &peer : many) {
    BOOST_REQUIRE_EQUAL(peer.fed.size(), 1u);
    Close(peer);
  }
}

BOOST_AUTO_TEST_CASE(each_allocation_fails_once) {
  Make(SAEF_TLS, SAEF_GATE_ALERT);
  const Octets hello = TlsClientHello(), key_exchange = TlsKeyExchange("a");
  const Octets finished = TlsFinished();
  bool failed = true;
  for (size_t n = 1; failed; ++n) {
    plugin.Forget("a");
    GatePeer peer;
    FailAllocation failing(n);
    if (saef_gate_session_open(gate, &peer, &peer.session) == SAEF_DONE) {
      saef_gate_receive(peer.session, hello.data(), hello.size(), 0);
      const int32_t verdict =
          saef_gate_receive(peer.session, key_exchange.data(), key_exchange.size(), 0);
      const int32_t more =
          verdict == SAEF_GATE_HELD
              ? saef_gate_receive(peer.session, finished.data(), finished.size(), 0)
              : SAEF_GATE_PASS;
      failed = failing.Stop();
      if (verdict == SAEF_GATE_PASS) {
        BOOST_TEST(Key(peer, "a").empty());
      } else {
        BOOST_TEST((more == SAEF_GATE_HELD || more == SAEF_E_LIMIT));
      }
    } else {
      failed = failing.Stop();
    }
    Close(peer);
    BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
    BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
    BOOST_REQUIRE(n < 100u);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
