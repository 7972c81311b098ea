// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who observes, and until when: bounds, resets, and observers that vanish without a word. Datagrams
// by hand, because a client of ours does none of that.
#include "bindings/coap/observers.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

#include "bindings/coap/endpoint.h"
#include "bindings/coap/fill_response.h"
#include "bindings/coap/observed_server.h"
#include "bindings/coap/raw_socket.h"

namespace saef::coap::test {
namespace {

const std::string kRegister("\x60");           // Observe, empty: 0
const std::string kDeregister("\x61\x01", 2);  // Observe: 1

// What libcoap takes 93 s for (RFC 7252 4.8.2, MAX_TRANSMIT_WAIT) in 3 s: it sends once more after
// one second, and two seconds later it gives up. libcoap knows no shorter ones.
void GiveUpSoon(coap_session_t* session) {
  coap_session_set_ack_timeout(session, {1, 0});
  coap_session_set_ack_random_factor(session, {1, 0});
  coap_session_set_max_retransmit(session, 1);
}

// One session in the clear.
class RawObserver {
 public:
  explicit RawObserver(std::uint16_t port) : socket_(port) {}

  // CON GET of cse/x with this token, this Observe option as it goes over the wire, or none, and
  // oneM2M-RQI "r1"; the answer.
  std::string Ask(const std::string& token, const std::string& observe) {
    const char length = static_cast<char>(0x40 | token.size());
    const char message_id = message_id_++;
    std::string answer = socket_.Exchange(length + std::string("\x01\x77", 2) + message_id + token +
                                          observe + (observe.empty() ? "\xb3" : "\x53") +
                                          std::string("cse\x01x\xe2\0\x03r1", 10));
    // A notification that isn't acknowledged may come once more in between.
    while (answer.size() >= 4 && (answer[2] != '\x77' || answer[3] != message_id)) {
      answer = socket_.Receive();
    }
    return answer;
  }
  // The next notification; one that is sent once more isn't.
  std::string Notified() {
    std::string next = socket_.Receive();
    while (!next.empty() && next == last_) next = socket_.Receive();
    return last_ = next;
  }
  // Is it an observer now, as the answer says (RFC 7641 4.1)?
  bool Register(const std::string& token) {
    const std::string answer = Ask(token, kRegister);
    const std::size_t option = 4 + token.size();
    BOOST_REQUIRE(answer.size() > option);
    BOOST_TEST(answer[1] == '\x45');
    return (answer[option] & 0xf0) == 0x60;
  }
  // An empty message: 0x60 acknowledges this one, 0x70 resets.
  void Reply(char type, const std::string& to) {
    BOOST_REQUIRE(to.size() >= 4u);
    socket_.Send({type, '\0', to[2], to[3]});
  }
  RawSocket& socket() { return socket_; }

 private:
  RawSocket socket_;
  char message_id_ = 1;
  std::string last_;
};

// Of one that has a token of one octet.
std::string TokenIn(const std::string& datagram) {
  return datagram.size() < 5 ? "" : datagram.substr(4, 1);
}

bool IsConfirmable(const std::string& datagram) {
  return datagram.size() >= 4 && (datagram[0] & 0x30) == 0;
}

// Observers without a server, on the test's own thread, so that the test says what time it is.
class Bench {
 public:
  Bench() {
    coap_context_t* const context = loop_->context();
    coap_context_set_app_data(context, this);
    resource_ = coap_resource_unknown_init2(OnRequest, 0);
    coap_register_request_handler(resource_, COAP_REQUEST_GET, OnRequest);
    coap_add_resource(context, resource_);
    coap_register_nack_handler(context, OnNack);
    port_ = *OpenEndpoint(context, {"127.0.0.1", 0, false}, PortUse::kAlone);
    observers_.Start();
  }
  ~Bench() {
    observers_.Clear();
    SetThreadOnAcknowledged(nullptr);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  std::uint16_t port() const { return port_; }
  Observers& observers() { return observers_; }
  int nacks() const { return nacks_; }
  // Of the one that has sent a request.
  coap_session_t* session() const { return session_; }
  // Lets libcoap work until it holds; false: not in time.
  template <typename Condition>
  bool Until(Condition condition) {
    const auto deadline = Clock::now() + kLong;
    while (!condition()) {
      if (Clock::now() > deadline) return false;
      coap_io_process(loop_->context(), 10);
    }
    return true;
  }

 private:
  static Bench* Of(const coap_session_t* session) {
    return static_cast<Bench*>(coap_context_get_app_data(coap_session_get_context(session)));
  }
  static void OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* pdu,
                        const coap_string_t* query, coap_pdu_t* response) {
    Bench* const self = Of(session);
    self->session_ = session;
    const ReceivedRequest request = {
        std::make_shared<ServerSession>(self->loop_, session, 1000, [](ServerSession&) {}), session,
        pdu, query};
    const auto id =
        self->observers_.Begin(request, test::Request(onem2m::Operation::kRetrieve, "cse/x"));
    Message answer{Code(2, 5), {}, "x"};
    self->observers_.FirstAnswer(id, answer);
    FillResponse(self->resource_, request, answer, response);
  }
  static void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                     coap_mid_t) {
    ++Of(session)->nacks_;
    Of(session)->observers_.OnNack(session, sent, reason);
  }

  const std::shared_ptr<Loop> loop_ = *Loop::Create(nullptr);
  EchoHandler handler_;
  coap_resource_t* resource_ = nullptr;
  coap_session_t* session_ = nullptr;
  std::uint16_t port_ = 0;
  int nacks_ = 0;
  Observers observers_{loop_,
                       handler_,
                       10,
                       10,
                       [this](const ReceivedRequest& of, const Message& answer, coap_pdu_t* pdu) {
                         return FillResponse(resource_, of, answer, pdu);
                       },
                       [](ServerSession&) {}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(observers)

BOOST_AUTO_TEST_CASE(values_that_observe_cannot_have_make_no_observer) {
  ObservedServer server;
  RawObserver raw(server.server().ports()[0]);
  const std::string two("\x61\x02", 2);
  for (const std::string& value : {std::string(), two, std::string("\x63\xff\xff\xff", 4)}) {
    const std::string answer = raw.Ask("t", value);
    BOOST_REQUIRE(answer.size() > 5u);
    BOOST_TEST(answer[1] == '\x45');
    BOOST_TEST(server.server().observers() == 0u);
  }
  // Four octets are a message format error to libcoap, which answers with a reset.
  BOOST_TEST(raw.Ask("t", std::string("\x64\0\0\0\0", 5)).size() == 4u);
  BOOST_TEST(server.server().observers() == 0u);
}

BOOST_AUTO_TEST_CASE(a_token_observes_once_until_it_deregisters) {
  ObservedServer server;
  RawObserver raw(server.server().ports()[0]);
  BOOST_TEST(raw.Register("t"));
  BOOST_TEST(raw.Register("t"));
  BOOST_TEST(server.server().observers() == 1u);
  BOOST_TEST(raw.Register("u"));
  BOOST_TEST(raw.Ask("u", kDeregister).size() > 5u);
  BOOST_TEST(raw.Ask("v", kDeregister).size() > 5u);
  BOOST_TEST(server.server().observers() == 1u);
  server.Change("1");
  BOOST_TEST(TokenIn(raw.Notified()) == "t");
  BOOST_TEST(raw.Ask("t", kDeregister).size() > 5u);
  BOOST_TEST(server.server().observers() == 0u);
}

BOOST_AUTO_TEST_CASE(a_registration_that_comes_twice_is_done_once) {
  ObservedServer server;
  RawSocket socket(server.server().ports()[0]);
  // CON GET with this message id, the token "t", this Observe option, cse/x, oneM2M-RQI "r1".
  const auto get = [](const std::string& id, const std::string& observe) {
    return "\x41\x01\x77" + id + "t" + observe + std::string("Scse\x01x\xe2\0\x03r1", 11);
  };
  const std::string registration = get("1", kRegister);
  const std::string first = socket.Exchange(registration);
  BOOST_TEST(server.server().observers() == 1u);
  socket.Exchange(get("2", kDeregister));
  BOOST_TEST(server.server().observers() == 0u);
  BOOST_TEST((socket.Exchange(registration) == first));
  BOOST_TEST(server.server().observers() == 0u);
}

BOOST_AUTO_TEST_CASE(no_more_observers_than_the_bounds_of_all_and_of_a_session) {
  ObservedServer server([](bindings::ServerOptions& options) {
    options.max_observers = 3;
    options.max_observers_per_session = 2;
  });
  RawObserver one(server.server().ports()[0]);
  RawObserver other(server.server().ports()[0]);
  BOOST_TEST(one.Register("a"));
  BOOST_TEST(one.Register("b"));
  BOOST_TEST(!one.Register("c"));
  BOOST_TEST(server.server().observers() == 2u);
  BOOST_TEST(other.Register("a"));
  BOOST_TEST(!other.Register("b"));
  BOOST_TEST(server.server().observers() == 3u);
  // One that is there already takes no more room.
  BOOST_TEST(other.Register("a"));
  // One that goes makes room, for its session and for others.
  BOOST_TEST(one.Ask("a", kDeregister).size() > 5u);
  BOOST_TEST(one.Register("c"));
  BOOST_TEST(one.Ask("b", kDeregister).size() > 5u);
  BOOST_TEST(other.Register("b"));
  BOOST_TEST(server.server().observers() == 3u);
}

// RFC 7641 4.5.2: at most one notification is under way.
BOOST_AUTO_TEST_CASE(the_next_notification_waits_for_the_acknowledgement_of_the_last) {
  ObservedServer server;
  RawObserver raw(server.server().ports()[0]);
  BOOST_TEST(raw.Register("t"));
  server.Change("first");
  const std::string first = raw.Notified();
  BOOST_TEST(IsConfirmable(first));
  BOOST_TEST(first.ends_with("first"));
  server.Change("second");
  server.Change("third");
  // Once it has answered the second of two requests, the server has seen the changes.
  BOOST_TEST(raw.Ask("u", "").ends_with("third"));
  BOOST_TEST(raw.Ask("u", "").ends_with("third"));
  BOOST_TEST(server.asked() == 4);
  raw.Reply('\x60', first);
  BOOST_TEST(raw.Notified().ends_with("third"));
  BOOST_TEST(server.asked() == 5);
}

// RFC 7641 3.6.
BOOST_AUTO_TEST_CASE(a_reset_takes_away_the_observer_that_it_names) {
  ObservedServer server;
  RawObserver raw(server.server().ports()[0]);
  BOOST_TEST(raw.Register("t"));
  server.Change("1");
  const std::string notification = raw.Notified();
  BOOST_TEST(IsConfirmable(notification));
  BOOST_TEST(TokenIn(notification) == "t");
  BOOST_TEST(raw.Register("u"));
  raw.Reply('\x70', notification);
  BOOST_TEST(Eventually([&] { return server.server().observers() == 1; }));
  server.Change("2");
  BOOST_TEST(TokenIn(raw.Notified()) == "u");
}

// RFC 7641 4.5: a confirmable notification that is never acknowledged.
BOOST_AUTO_TEST_CASE(an_observer_that_vanishes_is_dropped_after_the_retransmissions) {
  ObservedServer server([](bindings::ServerOptions& options) { options.idle_timeout = 1s; });
  server.OnRequest(
      [](bindings::Session& session) { GiveUpSoon(dynamic_cast<ServerSession&>(session).get()); });
  RawObserver raw(server.server().ports()[0]);
  RawObserver other(server.server().ports()[0]);
  BOOST_TEST(raw.Register("t"));
  BOOST_TEST(raw.Register("u"));
  server.OnRequest(nullptr);
  BOOST_TEST(other.Register("t"));
  server.Change("1");
  other.Reply('\x60', other.Notified());
  // One notification and the same once more; the other one waits for its turn (RFC 7252 4.7).
  const std::string lost = raw.socket().Receive();
  BOOST_TEST(IsConfirmable(lost));
  BOOST_TEST((raw.socket().Receive() == lost));
  BOOST_TEST(Eventually([&] { return server.server().observers() == 1; }));
  // The one that is there still is told; the one that has gone holds nothing any more.
  server.Change("2");
  const std::string notification = other.Notified();
  BOOST_TEST(notification.ends_with("2"));
  other.Reply('\x60', notification);
  BOOST_TEST(Eventually([&] { return server.server().sessions() == 1; }));
  BOOST_TEST(other.Ask("t", kDeregister).size() > 5u);
  BOOST_TEST(Eventually([&] { return server.server().sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(an_observer_that_vanishes_from_a_secured_session_is_dropped_as_well) {
  ObservedServer server([](bindings::ServerOptions& options) { options.idle_timeout = 1s; });
  server.OnRequest(
      [](bindings::Session& session) { GiveUpSoon(dynamic_cast<ServerSession&>(session).get()); });
  // libcoap acknowledges a notification once the client has looked at it, which takes this one a
  // while.
  std::promise<void> looked;
  std::atomic<int> calls{0};
  Told told;
  const auto client = server.echo().Open();
  client->Observe(Request(onem2m::Operation::kRetrieve), kLong,
                  [&, notify = told.Notify()](auto result) {
                    if (++calls == 2) looked.get_future().wait();
                    notify(std::move(result));
                  });
  BOOST_TEST(Eventually([&] { return told.count() == 1; }));
  BOOST_TEST(server.server().observers() == 1u);
  server.Change("1");
  BOOST_TEST(Eventually([&] { return calls == 2; }));
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
  BOOST_TEST(Eventually([&] { return server.server().sessions() == 0; }));
  looked.set_value();
  BOOST_TEST(Eventually([&] { return told.ended_with(bindings::Error::kClosed); }));
  BOOST_TEST(told.count() == 2u);
}

BOOST_AUTO_TEST_CASE(a_quiet_session_is_asked_for_a_sign_of_life) {
  Bench bench;
  RawSocket socket(bench.port());
  // CON GET, without a token, Observe 0, Uri-Path "cse".
  socket.Send(
      std::string("\x40\x01\x77\x01\x60\x53"
                  "cse",
                  9));
  BOOST_TEST(bench.Until([&] { return bench.observers().size() == 1; }));
  BOOST_TEST(socket.Receive().size() > 4u);
  const auto begin = Clock::now();
  bench.observers().Sweep(begin);
  BOOST_TEST(socket.ReceiveNow() == "");

  bench.observers().Sweep(begin + Observers::kSignOfLife);
  const std::string ping = socket.Receive();
  BOOST_REQUIRE(ping.size() == 4u);
  BOOST_TEST(ping.starts_with(std::string("\x40\0", 2)));
  bench.observers().Sweep(begin + Observers::kSignOfLife);
  BOOST_TEST(socket.ReceiveNow() == "");
  // The reset of an empty message is the sign; not of its token, which is empty as well.
  socket.Send({'\x70', '\0', ping[2], ping[3]});
  BOOST_TEST(bench.Until([&] { return bench.nacks() == 1; }));
  BOOST_TEST(bench.observers().size() == 1u);
  bench.observers().Sweep(begin + Observers::kSignOfLife);
  BOOST_TEST(socket.ReceiveNow() == "");

  GiveUpSoon(bench.session());
  bench.observers().Sweep(begin + 2 * Observers::kSignOfLife);
  BOOST_TEST(bench.Until([&] { return bench.observers().size() == 0; }));
  BOOST_TEST(bench.nacks() == 2);
  BOOST_TEST(socket.Receive().size() == 4u);
  BOOST_TEST(socket.Receive().size() == 4u);  // once more
  // Where nobody observes, nobody is asked.
  bench.observers().Sweep(begin + 3 * Observers::kSignOfLife);
  BOOST_TEST(socket.ReceiveNow() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
