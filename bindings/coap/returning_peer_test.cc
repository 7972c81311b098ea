// SPDX-License-Identifier: GPL-3.0-or-later
//
// RFC 6347 4.2.8: a peer that has lost its session, as when it had no power, and begins anew from
// the same address and port.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bindings/coap/dtls_peer.h"
#include "bindings/coap/echo_server.h"
#include "bindings/coap/half_open_handshake.h"
#include "tests/abi/fake_plugin.h"

namespace saef::coap::test {

namespace {

constexpr char kServerHello = HalfOpenHandshake::kServerHello;
constexpr char kHelloVerifyRequest = HalfOpenHandshake::kHelloVerifyRequest;

// CON GET, message id, one token octet, Uri-Path "x", oneM2M-RQI "r1"; maybe with Observe 0.
std::string Get(char token, bool observe = false) {
  const std::string path = observe ? std::string("\x60\x51x", 3) : std::string("\xb1x", 2);
  return std::string("\x41\x01\x12", 3) + token + token + path + std::string("\xe2\x00\x03r1", 5);
}

// A server behind a plugin that knows "known" and "other" and never answers for "slow", and the
// place that peers come from.
struct Place {
  explicit Place(const std::function<void(bindings::ServerOptions&)>& change = nullptr)
      : server([&](bindings::ServerOptions& options) {
          plugin.AnswerAtOnce("known", SAEF_KEY, key);
          plugin.AnswerAtOnce("other", SAEF_KEY, key);
          plugin.Withhold("slow");
          bindings::PluginGate gate;
          gate.api = plugin.api();
          gate.instance = plugin.instance();
          options.keys = gate;
          options.observable = [](std::string_view) { return true; };
          if (change) change(options);
        }),
        socket(server.server->ports().at(1)) {}

  std::unique_ptr<DtlsPeer> Peer(const std::string& identity = "known") {
    return std::make_unique<DtlsPeer>(socket, identity, key);
  }
  std::unique_ptr<DtlsPeer> ConnectedPeer(const std::string& identity = "known") {
    auto peer = Peer(identity);
    BOOST_REQUIRE(peer->Connect());
    return peer;
  }
  // Its handshake waits for a key.
  void Hold(HalfOpenHandshake& client) const {
    BOOST_TEST(client.SendHello() == kHelloVerifyRequest);
    BOOST_TEST(client.SendCookie() == kServerHello);
    client.SendKeyExchange("slow");
    BOOST_TEST(Eventually([&] { return now().held_sessions == 1; }));
  }
  static bool IsServed(DtlsPeer& peer) { return peer.Exchange(Get(1)).substr(1, 1) == "\x45"; }
  bindings::ServerStatistics now() const { return server.server->statistics(); }
  bool HasAssociations(const std::vector<std::string>& identities) const {
    return Eventually([&] { return plugin.associations() == identities; });
  }

  const std::string key = "alice's key 0123";
  abi_test::FakePlugin plugin;
  EchoServer server;
  RawSocket socket;
};

BOOST_AUTO_TEST_SUITE(returning_peer)

BOOST_AUTO_TEST_CASE(gets_a_session_and_an_association_of_its_own) {
  Place place;
  const auto first = place.ConnectedPeer("known");
  BOOST_TEST(Place::IsServed(*first));
  BOOST_TEST(place.HasAssociations({"known"}));
  const auto second = place.ConnectedPeer("other");
  BOOST_TEST(Place::IsServed(*second));
  BOOST_TEST(place.HasAssociations({"other"}));
  for (const std::string& datagram : second->received()) {
    BOOST_TEST(datagram.substr(0, 1) != "\x15");  // no alert, of whatever session
  }
  BOOST_TEST(place.now().sessions == 1u);
  BOOST_TEST(place.now().sessions_replaced == 1u);
  BOOST_TEST(place.now().handshakes_done == 2u);
  BOOST_TEST(place.now().handshakes_failed == 0u);
}

BOOST_AUTO_TEST_CASE(any_number_of_times) {
  Place place([](auto& options) { options.max_sessions_per_source = 1; });
  for (int i = 0; i < 20; ++i) BOOST_REQUIRE(Place::IsServed(*place.ConnectedPeer()));
  BOOST_TEST(place.now().sessions == 1u);
  BOOST_TEST(place.now().sessions_replaced == 19u);
  BOOST_TEST(place.now().refused_by_source_bound == 0u);
}

// Who sends from an address where nothing reaches it.
BOOST_AUTO_TEST_CASE(without_the_cookie_the_session_stays) {
  Place place;
  const auto peer = place.ConnectedPeer();
  HalfOpenHandshake forged(place.socket);
  BOOST_TEST(forged.SendHello() == kHelloVerifyRequest);
  BOOST_TEST(forged.SendCookie(std::string(forged.cookie().size(), 'c')) == kHelloVerifyRequest);
  HalfOpenHandshake elsewhere(place.server.server->ports().at(1));
  BOOST_TEST(elsewhere.SendHello() == kHelloVerifyRequest);
  BOOST_TEST(forged.SendCookie(elsewhere.cookie()) == kHelloVerifyRequest);
  BOOST_TEST(Place::IsServed(*peer));
  BOOST_TEST(place.now().sessions_replaced == 0u);
  BOOST_TEST(place.plugin.counts().associated == 1);
  BOOST_TEST(place.plugin.counts().dissociated == 0);
}

// The hello with the cookie is a part of the handshake that it has begun, also when it is repeated.
BOOST_AUTO_TEST_CASE(is_asked_for_its_cookie_once) {
  Place place;
  place.ConnectedPeer();
  for (int i = 0; i < 2; ++i) {
    const auto peer = place.Peer();
    peer->RepeatDatagram(1);
    BOOST_TEST(peer->Connect());
    BOOST_TEST(Place::IsServed(*peer));
    BOOST_TEST(std::ranges::count_if(peer->received(), [](const std::string& datagram) {
                 return datagram.size() > 13 && datagram[0] == 22 &&
                        datagram[13] == kHelloVerifyRequest;
               }) == 1);
  }
  BOOST_TEST(place.now().sessions_replaced == 2u);
}

// The network may repeat what the session's own handshake began with, and so may anybody.
BOOST_AUTO_TEST_CASE(a_hello_that_comes_again_is_none) {
  Place place;
  const auto peer = place.ConnectedPeer();
  BOOST_REQUIRE(peer->sent().size() > 2u);
  for (const std::string& datagram : std::vector<std::string>(peer->sent())) {
    place.socket.Send(datagram);
  }
  BOOST_TEST(Place::IsServed(*peer));
  BOOST_TEST(place.now().sessions_replaced == 0u);
  BOOST_TEST(place.plugin.counts().dissociated == 0);
}

// Nor do those of sessions before, with the cookies that they had.
BOOST_AUTO_TEST_CASE(a_hello_that_was_recorded_ends_no_later_session) {
  Place place;
  std::vector<std::string> recorded;
  for (int i = 0; i < 3; ++i) recorded.push_back(place.ConnectedPeer()->sent().at(1));
  const auto peer = place.ConnectedPeer();
  for (const std::string& hello : recorded) {
    const std::string answer = place.socket.Exchange(hello);
    BOOST_REQUIRE(answer.size() > 13u);
    BOOST_TEST(answer[13] == kHelloVerifyRequest);
  }
  BOOST_TEST(Place::IsServed(*peer));
  BOOST_TEST(place.now().sessions_replaced == 3u);
}

BOOST_AUTO_TEST_CASE(needs_its_key_like_anybody) {
  Place place;
  place.ConnectedPeer();
  BOOST_TEST(!place.Peer("nobody")->Connect());
  BOOST_TEST(place.HasAssociations({}));
  BOOST_TEST(Place::IsServed(*place.ConnectedPeer()));
}

BOOST_AUTO_TEST_CASE(while_its_handshake_waits_for_a_key) {
  Place place;
  HalfOpenHandshake first(place.socket);
  place.Hold(first);
  BOOST_TEST(Place::IsServed(*place.ConnectedPeer()));
  BOOST_TEST(Eventually([&] { return place.now().held_sessions == 0; }));
  BOOST_TEST(place.now().handshakes == 0u);
  BOOST_TEST(place.now().handshakes_failed == 1u);
  place.plugin.Answer("slow", SAEF_KEY, place.key);
  BOOST_TEST(place.HasAssociations({"known"}));
}

// What was asked over the old session is answered to nobody, and nobody observes any more; also
// when its peer has ended that a moment ago.
BOOST_AUTO_TEST_CASE(gets_no_answer_to_what_the_lost_one_has_asked) {
  for (const bool ends : {false, true}) {
    BOOST_TEST_CONTEXT("it has " << (ends ? "ended" : "lost") << " the session") {
      Place place;
      Mutex mutex;
      std::vector<bindings::Respond> waiting;
      const auto old = place.ConnectedPeer();
      BOOST_TEST(old->Exchange(Get(7, true)).substr(1, 1) == "\x45");
      BOOST_TEST(Eventually([&] { return place.now().observers == 1; }));
      place.server.handler.Set([&](const auto&, auto, bindings::Respond respond) {
        const MutexLock lock(mutex);
        waiting.push_back(std::move(respond));
      });
      BOOST_TEST(old->Exchange(Get(8)).size() == 4u);  // it is acknowledged
      place.server.server->Changed("cse/x");
      place.server.handler.Set(nullptr);
      if (ends) old->Close();
      const auto peer = place.ConnectedPeer("other");
      BOOST_TEST(place.now().observers == 0u);
      BOOST_TEST(place.now().sessions == 1u);
      BOOST_TEST(place.now().sessions_replaced == (ends ? 0u : 1u));
      {
        const MutexLock lock(mutex);
        for (const auto& respond : waiting) {
          respond(EchoHandler::Echo(Request(onem2m::Operation::kRetrieve)));
        }
      }
      const std::string answer = peer->Exchange(Get(9));
      BOOST_TEST(answer.substr(1, 1) == "\x45");
      BOOST_TEST(answer.substr(4, 1) == "\x09");  // its own
      BOOST_TEST(place.socket.ReceiveNow().empty());
    }
  }
}

// Its handshake waited for a key, and it thought better of it.
BOOST_AUTO_TEST_CASE(that_has_given_up_while_it_was_held) {
  Place place;
  HalfOpenHandshake held(place.socket);
  place.Hold(held);
  held.SendAlert();
  BOOST_TEST(Place::IsServed(*place.ConnectedPeer()));
  BOOST_TEST(Eventually([&] { return place.now().held_sessions == 0; }));
  BOOST_TEST(place.now().sessions == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap::test
