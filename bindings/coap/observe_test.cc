// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observation (RFC 7641) over real sockets: our client and our server, and datagrams by hand.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>

#include "bindings/coap/echo_server.h"

namespace saef::coap::test {
namespace {

using bindings::Error;
using onem2m::Operation;
using onem2m::ResponseStatusCode;

// A server with one resource that has a state; all under "cse" may be observed.
class ObservedServer {
 public:
  explicit ObservedServer(std::function<void(bindings::ServerOptions&)> change = nullptr)
      : echo_([&change](bindings::ServerOptions& options) {
          options.observable = [](std::string_view path) { return path.starts_with("cse"); };
          if (change) change(options);
        }) {
    BOOST_REQUIRE(echo_.server);
    echo_.handler.Set([this](const auto& request, auto, auto respond) {
      const MutexLock lock(mutex_);
      ++asked_;
      auto response = onem2m::RespondTo(request, status_);
      response.content = state_;
      if (held_) {
        held_responds_.push_back([respond, response] { respond(response); });
      } else {
        respond(response);
      }
    });
  }

  bindings::Server& server() { return *echo_.server; }
  const EchoServer& echo() const { return echo_; }
  std::shared_ptr<bindings::Session> session() { return echo_.handler.session(); }
  void Set(const std::string& state, ResponseStatusCode status = ResponseStatusCode::kOk) {
    const MutexLock lock(mutex_);
    state_ = state;
    status_ = status;
  }
  void Change(const std::string& state, ResponseStatusCode status = ResponseStatusCode::kOk) {
    Set(state, status);
    server().Changed("cse/x");
  }
  // Answers wait until they are let go.
  void Hold() {
    const MutexLock lock(mutex_);
    held_ = true;
  }
  std::size_t held() {
    const MutexLock lock(mutex_);
    return held_responds_.size();
  }
  void LetGo() {
    std::vector<std::function<void()>> responds;
    {
      const MutexLock lock(mutex_);
      held_ = false;
      responds.swap(held_responds_);
    }
    for (const auto& respond : responds) respond();
  }
  int asked() {
    const MutexLock lock(mutex_);
    return asked_;
  }

 private:
  Mutex mutex_;
  std::string state_ SAEF_GUARDED_BY(mutex_) = "0";
  ResponseStatusCode status_ SAEF_GUARDED_BY(mutex_) = ResponseStatusCode::kOk;
  bool held_ SAEF_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> held_responds_ SAEF_GUARDED_BY(mutex_);
  int asked_ SAEF_GUARDED_BY(mutex_) = 0;
  EchoServer echo_;  // the last one, so that its threads are the first to go
};

// What a Notify was told.
class Told {
 public:
  bindings::Client::Notify Notify() {
    return [this](bindings::Result<onem2m::ResponsePrimitive> result) {
      const MutexLock lock(mutex_);
      if (!result) {
        errors_.push_back(result.error());
      } else {
        responses_.push_back(std::move(*result));
      }
    };
  }
  std::size_t count() {
    const MutexLock lock(mutex_);
    return responses_.size();
  }
  std::string last() {
    const MutexLock lock(mutex_);
    return responses_.empty() ? "" : responses_.back().content;
  }
  ResponseStatusCode last_status() {
    const MutexLock lock(mutex_);
    return responses_.back().status;
  }
  std::vector<boost::system::error_code> errors() {
    const MutexLock lock(mutex_);
    return errors_;
  }
  bool ended_with(Error error) {
    const MutexLock lock(mutex_);
    return errors_.size() == 1 && errors_.front() == error;
  }

 private:
  Mutex mutex_;
  std::vector<onem2m::ResponsePrimitive> responses_ SAEF_GUARDED_BY(mutex_);
  std::vector<boost::system::error_code> errors_ SAEF_GUARDED_BY(mutex_);
};

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
  BOOST_TEST(server.server().observers() == 0u);
  server.Change("again");
  // The first answer is one as well.
  server.Set("", ResponseStatusCode::kOriginatorHasNoPrivilege);
  client->Observe(Request(Operation::kRetrieve), kLong, other.Notify());
  BOOST_TEST(Eventually([&] { return other.count() == 1; }));
  BOOST_TEST((other.last_status() == ResponseStatusCode::kOriginatorHasNoPrivilege));
  BOOST_TEST(server.server().observers() == 0u);
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
  Told told;
  Told again;
  auto client = server.echo().Open();
  client->Observe(Request(Operation::kRetrieve), kLong, told.Notify());
  BOOST_TEST(Eventually([&] { return server.server().observers() == 1; }));
  BOOST_TEST(Eventually([&] { return told.count() == 1; }));
  client->Disconnect();
  BOOST_TEST(told.ended_with(Error::kClosed));
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
  // The other way round: the server ends it.
  client->Observe(Request(Operation::kRetrieve), kLong, again.Notify());
  BOOST_TEST(Eventually([&] { return again.count() == 1; }));
  server.session()->EndAfterResponse();
  BOOST_TEST(Eventually([&] { return again.ended_with(Error::kClosed); }));
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
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
}

BOOST_AUTO_TEST_CASE(values_that_observe_cannot_have_make_no_observer) {
  ObservedServer server;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server.server().ports()[0]);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval wait{20, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
  BOOST_REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0);
  char message_id = 1;
  // CON GET, token "t", Observe …, Uri-Path "cse" "x", oneM2M-RQI "r1".
  const auto exchange = [&](const std::string& observe) {
    const std::string datagram = std::string("\x41\x01\x77", 3) + message_id++ + "t" + observe +
                                 (observe.empty() ? "\xb3" : "\x53") +
                                 std::string("cse\x01x\xe2\0\x03r1", 10);
    std::array<char, 2000> answer;
    BOOST_REQUIRE(send(fd, datagram.data(), datagram.size(), 0) > 0);
    const ssize_t length = recv(fd, answer.data(), answer.size(), 0);
    return length < 5 ? std::string() : std::string(answer.data(), std::size_t(length));
  };
  const std::string two("\x61\x02", 2);
  for (const std::string& value : {std::string(), two, std::string("\x63\xff\xff\xff", 4)}) {
    const std::string answer = exchange(value);
    BOOST_REQUIRE(answer.size() > 5u);
    BOOST_TEST(static_cast<int>(static_cast<unsigned char>(answer[1])) == 0x45);
    BOOST_TEST(server.server().observers() == 0u);
  }
  // Four octets are a message format error to libcoap, which answers with a reset.
  BOOST_TEST(exchange(std::string("\x64\0\0\0\0", 5)).empty());
  BOOST_TEST(server.server().observers() == 0u);
  BOOST_TEST(exchange("\x60").size() > 5u);
  BOOST_TEST(server.server().observers() == 1u);
  // With the same token again it is the same one.
  BOOST_TEST(exchange("\x60").size() > 5u);
  BOOST_TEST(server.server().observers() == 1u);
  // A notification that is answered with a reset (RFC 7641 3.6).
  server.Change("1");
  std::array<char, 2000> notification;
  BOOST_REQUIRE(recv(fd, notification.data(), notification.size(), 0) > 5);
  BOOST_TEST((notification[0] & 0x30) == 0);  // confirmable
  BOOST_TEST(notification[4] == 't');
  const std::string reset{'\x70', '\0', notification[2], notification[3]};
  BOOST_REQUIRE(send(fd, reset.data(), reset.size(), 0) == 4);
  BOOST_TEST(Eventually([&] { return server.server().observers() == 0; }));
  // And once more, until the client says 1.
  BOOST_TEST(exchange("\x60").size() > 5u);
  BOOST_TEST(server.server().observers() == 1u);
  BOOST_TEST(exchange(std::string("\x61\x01", 2)).size() > 5u);
  BOOST_TEST(server.server().observers() == 0u);
  close(fd);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
