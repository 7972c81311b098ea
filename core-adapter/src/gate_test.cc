// SPDX-License-Identifier: BSD-2-Clause
#include "saef/gate.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "tests/abi/client_flight.h"
#include "tests/abi/failing_malloc.h"
#include "tests/abi/fake_plugin.h"

namespace {

using saef::abi_test::DtlsClientHello;
using saef::abi_test::DtlsFinished;
using saef::abi_test::DtlsKeyExchange;
using saef::abi_test::DtlsKeyExchangeFragment;
using saef::abi_test::FailAllocation;
using saef::abi_test::FakePlugin;
using saef::abi_test::Octets;
using saef::abi_test::TlsClientHello;
using saef::abi_test::TlsFinished;
using saef::abi_test::TlsKeyExchange;

const std::string kKey(32, 'k');

// What a host has for each session.
struct Peer {
  saef_gate_session *session = nullptr;
  std::vector<Octets> fed;
  std::function<void()> on_feed;
};

struct GateFixture {
  GateFixture() { Make(SAEF_DTLS, SAEF_GATE_ALERT); }
  ~GateFixture() {
    for (Peer &peer : peers) {
      saef_gate_session_close(peer.session);
    }
    saef_gate_destroy(gate);
  }

  void Make(int32_t transport, int32_t refusal, size_t max_sessions = 0, size_t max_bytes = 0) {
    saef_gate_destroy(gate);
    saef_gate_arguments arguments = {};
    arguments.size = sizeof(arguments);
    arguments.api = plugin.api();
    arguments.instance = plugin.instance();
    arguments.transport = transport;
    arguments.refusal = refusal;
    arguments.max_held_sessions = max_sessions;
    arguments.max_held_bytes = max_bytes;
    arguments.max_hold_ms = 1000;
    arguments.context = this;
    arguments.wake = [](void *context) {
      auto *self = static_cast<GateFixture *>(context);
      std::lock_guard lock(self->mutex);
      ++self->wakes;
      self->woken.notify_all();
    };
    BOOST_REQUIRE_EQUAL(saef_gate_create(&arguments, &gate), SAEF_DONE);
  }

  Peer &Open() {
    peers.reserve(64);  // their addresses are the gate's contexts
    Peer &peer = peers.emplace_back();
    BOOST_REQUIRE_EQUAL(saef_gate_session_open(gate, &peer, &peer.session), SAEF_DONE);
    return peer;
  }
  int32_t Receive(const Peer &peer, const Octets &data, int64_t now = 0) {
    return saef_gate_receive(peer.session, data.data(), data.size(), now);
  }
  size_t Process(int64_t now = 0) {
    return saef_gate_process(gate, now, [](void *context, const uint8_t *data, size_t length) {
      auto *peer = static_cast<Peer *>(context);
      peer->fed.emplace_back(data, data + length);
      if (peer->on_feed) {
        peer->on_feed();
      }
    });
  }
  static void Close(Peer &peer) {
    saef_gate_session_close(peer.session);
    peer.session = nullptr;
  }
  bool Woken(int times) {
    std::unique_lock lock(mutex);
    return woken.wait_for(lock, std::chrono::seconds(20), [&] { return wakes >= times; });
  }
  // The key as a TLS library would get it, or empty.
  std::string Key(const Peer &peer, const std::string &identity, size_t capacity = SAEF_MAX_KEY) {
    std::string key(capacity, '\0');
    size_t length = capacity;
    last_result = saef_gate_key(peer.session, reinterpret_cast<const uint8_t *>(identity.data()),
                                identity.size(), reinterpret_cast<uint8_t *>(key.data()), &length);
    key.resize(last_result == SAEF_KEY ? length : 0);
    return key;
  }

  int Peeks() { return plugin.counts().peeks; }

  FakePlugin plugin;
  saef_gate *gate = nullptr;
  std::vector<Peer> peers;
  std::mutex mutex;
  std::condition_variable woken;
  int wakes = 0;
  int32_t last_result = 0;
};

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

BOOST_AUTO_TEST_CASE(hit_passes_at_once_and_costs_no_memory) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kKey);
  Peer &peer = Open();
  const Octets key_exchange = DtlsKeyExchange("a", 2);
  BOOST_TEST(Receive(peer, DtlsClientHello(1)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_NEED_MORE);
  Receive(Open(), key_exchange);  // whatever the plugin keeps, it keeps now
  const size_t before = saef::abi_test::Allocations();
  const int32_t verdict =
      saef_gate_receive(peer.session, key_exchange.data(), key_exchange.size(), 0);
  // The fake plugin's own strings are short enough to live in themselves.
  BOOST_TEST(saef::abi_test::Allocations() == before);
  BOOST_TEST(verdict == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_KEY);
  BOOST_TEST(Key(peer, "a") == kKey);
  BOOST_TEST(saef_gate_deadline(gate) == -1);
  BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_association(peer.session) != SAEF_NO_ASSOCIATION);
  Close(peer);
  BOOST_TEST(plugin.counts().dissociated == 1);
}

BOOST_AUTO_TEST_CASE(holds_until_the_answer_and_feeds_in_order) {
  plugin.Withhold("a");
  Peer &peer = Open();
  const Octets key_exchange = DtlsKeyExchange("a", 2), finished = DtlsFinished(0, 9);
  BOOST_TEST(Receive(peer, DtlsClientHello(1)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  BOOST_TEST(Receive(peer, key_exchange, 100) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, finished, 101) == SAEF_GATE_HELD);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_PENDING);
  BOOST_TEST(saef_gate_held_sessions(gate) == 1u);
  BOOST_TEST(saef_gate_deadline(gate) == 1100);
  BOOST_TEST(Process(200) == 0u);
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Woken(1));
  BOOST_TEST(Process(200) == 1u);
  BOOST_TEST((peer.fed == std::vector<Octets>{key_exchange, finished}));
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  BOOST_TEST(saef_gate_deadline(gate) == -1);
  BOOST_TEST(Key(peer, "a") == kKey);
  BOOST_TEST(Receive(peer, finished, 300) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(one_held_session_stops_no_other) {
  plugin.Withhold("a");
  plugin.AnswerAtOnce("b", SAEF_KEY, kKey);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("b", 2)) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(answer_before_the_look_up_returns) {
  plugin.AnswerBeforeReturning("a", SAEF_KEY, kKey);
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Woken(1));
  BOOST_TEST(Process() == 1u);
  BOOST_TEST(peer.fed.size() == 1u);
  BOOST_TEST(Key(peer, "a") == kKey);
}

BOOST_AUTO_TEST_CASE(answer_between_close_and_process) {
  plugin.Withhold("a");
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  plugin.Answer("a", SAEF_KEY, kKey);  // queued, not processed
  Close(peer);
  BOOST_TEST(plugin.counts().cancelled_late == 1);
  BOOST_TEST(Process() == 0u);
  BOOST_TEST(peer.fed.empty());
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_CASE(close_while_pending_cancels) {
  plugin.Withhold("a");
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  Close(peer);
  saef_gate_session_close(nullptr);
  BOOST_TEST(plugin.counts().cancels == 1);
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(plugin.counts().callbacks == 0);
  BOOST_TEST(Process() == 0u);
}

BOOST_AUTO_TEST_CASE(closing_races_with_answers) {
  for (int i = 0; i < 300; ++i) {
    const std::string identity = "r" + std::to_string(i);
    plugin.AnswerAfter(identity, std::chrono::milliseconds(0), SAEF_UNKNOWN);
    Peer peer;
    BOOST_REQUIRE(saef_gate_session_open(gate, &peer, &peer.session) == SAEF_DONE);
    Receive(peer, DtlsKeyExchange(identity, 2));
    if (i % 3 == 0) {
      Process();
    }
    Close(peer);
  }
  Process();
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_CASE(time_is_over_and_the_late_answer_finds_nobody) {
  plugin.Withhold("a");
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2), 0) == SAEF_GATE_HELD);
  BOOST_TEST(Process(999) == 0u);
  BOOST_TEST(Process(1000) == 1u);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_UNAVAILABLE);
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Process(1001) == 0u);
  BOOST_TEST(Key(peer, "a").empty());
  BOOST_TEST(last_result == SAEF_UNAVAILABLE);
  BOOST_TEST(peer.fed.size() == 1u);
}

BOOST_AUTO_TEST_CASE(answer_queued_at_the_deadline_counts) {
  plugin.Withhold("a");
  Peer &peer = Open();
  Receive(peer, DtlsKeyExchange("a", 2), 0);
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Process(5000) == 1u);
  BOOST_TEST(Key(peer, "a") == kKey);
}

BOOST_AUTO_TEST_CASE(sessions_are_closed_from_within_feed) {
  plugin.Withhold("a");
  for (int i = 0; i < 3; ++i) {
    Peer &peer = Open();
    Receive(peer, DtlsKeyExchange("a", 2));
    Receive(peer, DtlsFinished(0, 1));
  }
  // The first closes itself after its first datagram, and the last.
  peers[0].on_feed = [this] {
    Close(peers[0]);
    Close(peers[2]);
  };
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Process() == 2u);
  BOOST_TEST(peers[0].fed.size() == 1u);
  BOOST_TEST(peers[1].fed.size() == 2u);
  BOOST_TEST(peers[2].fed.empty());
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_that_come_while_feeding_come_last) {
  Make(SAEF_TLS, SAEF_GATE_ALERT);
  plugin.Withhold("a");
  Peer &peer = Open();
  Receive(peer, TlsClientHello());
  Receive(peer, TlsKeyExchange("a"));
  bool once = false;
  peer.on_feed = [&] {
    if (!once) {
      once = true;
      BOOST_TEST(Receive(peer, TlsFinished()) == SAEF_GATE_HELD);
    }
  };
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Process() == 1u);
  BOOST_TEST((peer.fed == std::vector<Octets>{TlsKeyExchange("a"), TlsFinished()}));
  BOOST_TEST(Receive(peer, TlsFinished()) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(every_refusal_refuses_the_same_way) {
  for (int32_t outcome :
       std::initializer_list<int32_t>{SAEF_UNKNOWN, SAEF_DENIED, SAEF_UNAVAILABLE, SAEF_INVALID,
                                      SAEF_E_INTERNAL, SAEF_E_FORKED, 0, 77}) {
    const std::string now = "n" + std::to_string(outcome), later = "l" + std::to_string(outcome);
    plugin.AnswerAtOnce(now, outcome);
    plugin.Withhold(later);
    Peer &first = Open(), &second = Open();
    BOOST_TEST(Receive(first, DtlsKeyExchange(now, 2)) == SAEF_GATE_PASS);
    BOOST_TEST(Receive(second, DtlsKeyExchange(later, 2)) == SAEF_GATE_HELD);
    plugin.Answer(later, outcome);
    Process();
    BOOST_TEST(Key(first, now).empty());
    BOOST_TEST(Key(second, later).empty());
    BOOST_TEST(saef_gate_session_outcome(first.session) == outcome);
    BOOST_TEST(saef_gate_session_established(second.session) != SAEF_DONE);
  }
}

BOOST_AUTO_TEST_CASE(hidden_refusal_is_a_random_key_that_stays) {
  Make(SAEF_DTLS, SAEF_GATE_HIDE);
  plugin.AnswerAtOnce("a", SAEF_UNKNOWN);
  Peer &first = Open(), &second = Open();
  Receive(first, DtlsKeyExchange("a", 2));
  Receive(second, DtlsKeyExchange("a", 2));
  const std::string key = Key(first, "a");
  BOOST_TEST(key.size() == 32u);
  BOOST_TEST(key != std::string(32, '\0'));
  BOOST_TEST(Key(first, "a") == key);
  BOOST_TEST(Key(second, "a") != key);
  // Whoever guesses it still gets no association.
  BOOST_TEST(saef_gate_session_established(first.session) == SAEF_UNKNOWN);
  BOOST_TEST(plugin.counts().associated == 0);
}

BOOST_AUTO_TEST_CASE(not_mine_is_the_hosts_business) {
  for (int32_t refusal : std::initializer_list<int32_t>{SAEF_GATE_ALERT, SAEF_GATE_HIDE}) {
    peers.clear();
    Make(SAEF_DTLS, refusal);
    Peer &peer = Open();
    BOOST_TEST(Receive(peer, DtlsKeyExchange("x", 2)) == SAEF_GATE_PASS);
    BOOST_TEST(Key(peer, "x").empty());
    BOOST_TEST(last_result == SAEF_NOT_MINE);
    BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_NOT_MINE);
    // The host hasn't got one either: then it looks like every other refusal.
    uint8_t key[SAEF_MAX_KEY];
    size_t length = sizeof(key);
    const int32_t refused = saef_gate_refuse(peer.session, SAEF_NOT_MINE, key, &length);
    BOOST_TEST(refused == (refusal == SAEF_GATE_HIDE ? SAEF_KEY : SAEF_NOT_MINE));
    Close(peer);
  }
}

BOOST_AUTO_TEST_CASE(identity_must_be_the_one_on_the_wire) {
  const std::string with_nul("a\0b", 3);
  plugin.AnswerAtOnce(with_nul, SAEF_KEY, kKey);
  // Each would have a key.
  for (const char *identity : {"a", "b", "aa"}) {
    plugin.AnswerAtOnce(identity, SAEF_KEY, kKey);
  }
  Peer &cut = Open(), &other = Open(), &longer = Open(), &none = Open();
  Receive(cut, DtlsKeyExchange(with_nul, 2));
  BOOST_TEST(saef_gate_session_identity(cut.session).length == 3u);
  BOOST_TEST(Key(cut, "a").empty());  // as a C string
  BOOST_TEST(last_result == SAEF_INVALID);
  BOOST_TEST(Key(cut, with_nul).empty());  // once refused, refused
  Receive(other, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(other, "b").empty());
  Receive(longer, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(longer, "aa").empty());
  BOOST_TEST(Key(none, "a").empty());  // never came by
  BOOST_TEST(last_result == SAEF_INVALID);
}

BOOST_AUTO_TEST_CASE(key_that_is_gone_or_too_long_is_refused) {
  plugin.AnswerAtOnce("gone", SAEF_KEY, kKey);
  plugin.AnswerAtOnce("long", SAEF_KEY, kKey);
  Peer &gone = Open(), &too_long = Open();
  Receive(gone, DtlsKeyExchange("gone", 2));
  plugin.Forget("gone");
  BOOST_TEST(Key(gone, "gone").empty());
  BOOST_TEST(last_result == SAEF_UNAVAILABLE);
  Receive(too_long, DtlsKeyExchange("long", 2));
  BOOST_TEST(Key(too_long, "long", 16).empty());
  BOOST_TEST(last_result == SAEF_E_BUFFER_TOO_SMALL);
}

BOOST_AUTO_TEST_CASE(no_association_without_the_key) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kKey);
  Peer &silent = Open(), &refused = Open();
  Receive(silent, DtlsKeyExchange("a", 2));
  // Established by a certificate or a resumed session, though it named an identity.
  BOOST_TEST(saef_gate_session_established(silent.session) == SAEF_NOT_MINE);
  Receive(refused, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(refused, "a") == kKey);
  plugin.RefuseAssociations(SAEF_DENIED);
  BOOST_TEST(saef_gate_session_established(refused.session) == SAEF_DENIED);
  BOOST_TEST(plugin.counts().associated == 0);
}

BOOST_AUTO_TEST_CASE(bound_on_sessions) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 2);
  plugin.Withhold("a");
  plugin.AnswerAtOnce("hit", SAEF_KEY, kKey);
  Peer &first = Open();
  BOOST_TEST(Receive(first, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  Peer &third = Open();
  BOOST_TEST(Receive(third, DtlsKeyExchange("a", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(third.session) == SAEF_UNAVAILABLE);
  BOOST_TEST(Key(third, "a").empty());
  Peer &hit = Open(), &foreign = Open();
  BOOST_TEST(Receive(hit, DtlsKeyExchange("hit", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Key(hit, "hit") == kKey);
  Receive(foreign, DtlsKeyExchange("x", 2));
  BOOST_TEST(saef_gate_session_outcome(foreign.session) == SAEF_NOT_MINE);
  Close(first);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
}

BOOST_AUTO_TEST_CASE(many_sessions_at_once) {
  plugin.Withhold("a");
  std::vector<Peer> many(1000);
  for (Peer &peer : many) {
    BOOST_REQUIRE(saef_gate_session_open(gate, &peer, &peer.session) == SAEF_DONE);
    BOOST_REQUIRE(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  }
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Process() == many.size());
  for (Peer &peer : many) {
    BOOST_REQUIRE_EQUAL(peer.fed.size(), 1u);
    Close(peer);
  }
}

BOOST_AUTO_TEST_CASE(repeated_flights_are_kept_once) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, 400);
  plugin.Withhold("a");
  Peer &peer = Open();
  uint8_t sequence = 2;
  for (uint8_t round = 0; round < 30; ++round) {
    BOOST_TEST(Receive(peer, DtlsKeyExchange("a", sequence++)) == SAEF_GATE_HELD);
    BOOST_TEST(Receive(peer, DtlsFinished(round, round)) == SAEF_GATE_HELD);
  }
  plugin.Answer("a", SAEF_KEY, kKey);
  Process();
  BOOST_TEST((peer.fed == std::vector<Octets>{DtlsKeyExchange("a", 2), DtlsFinished(0, 0)}));
}

BOOST_AUTO_TEST_CASE(datagrams_beyond_the_bound_are_dropped) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, 100);
  plugin.Withhold("a");
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, Octets(80, 23)) == SAEF_GATE_HELD);
  BOOST_TEST(saef_gate_held_bytes(gate) <= 100u);
  BOOST_TEST(Receive(peer, Octets(20, 23)) == SAEF_GATE_HELD);
  plugin.Answer("a", SAEF_KEY, kKey);
  Process();
  BOOST_TEST((peer.fed == std::vector<Octets>{DtlsKeyExchange("a", 2), Octets(20, 23)}));
}

BOOST_AUTO_TEST_CASE(key_exchange_in_fragments) {
  const std::string identity = "fragmented@maf.example";
  plugin.AnswerAtOnce(identity, SAEF_KEY, kKey);
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment(identity, 2, 10, 14)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsClientHello(1)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment(identity, 3, 0, 4)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_NEED_MORE);
  BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment(identity, 4, 4, 6)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_KEY);
  BOOST_TEST(Key(peer, identity) == kKey);
}

BOOST_AUTO_TEST_CASE(endless_fragments_are_refused_at_the_bound) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, 200);
  Peer &peer = Open();
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment("fragmented", 2, 0, 4)) == SAEF_GATE_PASS);
  }
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_UNAVAILABLE);
  BOOST_TEST(Key(peer, "fragmented").empty());
}

BOOST_AUTO_TEST_CASE(lone_client_hello_costs_nothing) {
  Peer &peer = Open();
  const Octets hello = DtlsClientHello(0);
  const size_t before = saef::abi_test::Allocations();
  const int32_t verdict = saef_gate_receive(peer.session, hello.data(), hello.size(), 0);
  BOOST_TEST(saef::abi_test::Allocations() == before);
  BOOST_TEST(verdict == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(spoofed_datagrams_decide_nothing) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kKey);
  Peer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsFinished(0, 1)) == SAEF_GATE_PASS);  // came before its turn
  BOOST_TEST(Receive(peer, Octets(5, 255)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsKeyExchange(std::string(129, 'i'), 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, Octets()) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Key(peer, "a") == kKey);
}

BOOST_AUTO_TEST_CASE(established_session_is_looked_at_no_more) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kKey);
  Peer &peer = Open(), &certificate = Open();
  Receive(peer, DtlsKeyExchange("a", 2));
  BOOST_TEST(saef_gate_session_established(certificate.session) == SAEF_NOT_MINE);
  const int peeks = Peeks();
  Receive(peer, DtlsKeyExchange("b", 3));
  Receive(certificate, DtlsKeyExchange("b", 3));
  BOOST_TEST(Peeks() == peeks);
}

BOOST_AUTO_TEST_CASE(stream_byte_by_byte) {
  Make(SAEF_TLS, SAEF_GATE_ALERT);
  plugin.Withhold("a");
  Peer &peer = Open();
  Octets stream = TlsClientHello();
  const Octets key_exchange = TlsKeyExchange("a"), finished = TlsFinished();
  stream.insert(stream.end(), key_exchange.begin(), key_exchange.end());
  for (size_t i = 0; i < stream.size(); ++i) {
    const int32_t verdict = Receive(peer, Octets{stream[i]});
    BOOST_REQUIRE_EQUAL(verdict, i + 1 < stream.size() ? SAEF_GATE_PASS : SAEF_GATE_HELD);
  }
  BOOST_TEST(Peeks() == 2);  // one for each record
  for (uint8_t octet : finished) {
    BOOST_REQUIRE_EQUAL(Receive(peer, Octets{octet}), SAEF_GATE_HELD);
  }
  plugin.Answer("a", SAEF_KEY, kKey);
  Process();
  Octets expected = {key_exchange.back()};
  expected.insert(expected.end(), finished.begin(), finished.end());
  BOOST_TEST((peer.fed == std::vector<Octets>{expected}));
}

BOOST_AUTO_TEST_CASE(stream_beyond_the_bound_ends) {
  Make(SAEF_TLS, SAEF_GATE_ALERT, 0, 200);
  plugin.Withhold("a");
  Peer &peer = Open();
  Receive(peer, TlsClientHello());
  BOOST_TEST(Receive(peer, TlsKeyExchange("a")) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, Octets(201, 23)) == SAEF_E_LIMIT);
  BOOST_TEST(Receive(peer, Octets(1, 23)) == SAEF_E_LIMIT);
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  plugin.Answer("a", SAEF_KEY, kKey);
  BOOST_TEST(Process() == 0u);
  BOOST_TEST(Key(peer, "a").empty());
}

BOOST_AUTO_TEST_CASE(stream_without_an_identity_passes_and_gets_no_key) {
  Make(SAEF_TLS, SAEF_GATE_ALERT, 0, 300);
  Peer &other = Open(), &endless = Open();
  BOOST_TEST(Receive(other, TlsFinished()) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(other.session) == SAEF_NO_IDENTITY);
  BOOST_TEST(Key(other, "a").empty());
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(Receive(endless, TlsClientHello()) == SAEF_GATE_PASS);
  }
  BOOST_TEST(saef_gate_session_outcome(endless.session) == SAEF_UNAVAILABLE);
}

BOOST_AUTO_TEST_CASE(waiting_instead_of_holding) {
  plugin.AnswerAfter("a", std::chrono::milliseconds(20), SAEF_KEY, kKey);
  plugin.AnswerAfter("slow", std::chrono::milliseconds(500), SAEF_KEY, kKey);
  const auto wait = [](const Peer &peer, const std::string &identity, uint32_t ms) {
    return saef_gate_wait(peer.session, reinterpret_cast<const uint8_t *>(identity.data()),
                          identity.size(), ms);
  };
  Peer &peer = Open(), &late = Open(), &wrong = Open();
  BOOST_TEST(wait(peer, "a", 5000) == SAEF_KEY);
  BOOST_TEST(Key(peer, "a") == kKey);
  BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
  BOOST_TEST(wait(late, "slow", 10) == SAEF_UNAVAILABLE);
  BOOST_TEST(Key(late, "slow").empty());
  BOOST_TEST(wait(wrong, std::string(200, 'i'), 10) == SAEF_INVALID);
  BOOST_TEST(plugin.counts().waits == 2);
}

// Whichever allocation fails: a refusal or an error, no leak, and the gate goes on.
BOOST_AUTO_TEST_CASE(each_allocation_fails_once) {
  Make(SAEF_TLS, SAEF_GATE_ALERT);
  const Octets hello = TlsClientHello(), key_exchange = TlsKeyExchange("a");
  const Octets finished = TlsFinished();
  bool failed = true;
  for (size_t n = 1; failed; ++n) {
    plugin.Forget("a");
    Peer peer;
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
