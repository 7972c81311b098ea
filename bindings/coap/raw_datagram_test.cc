// SPDX-License-Identifier: GPL-3.0-or-later
//
// Datagrams that no client of ours would send: twice the same, sizes that lie, blocks of nothing.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "bindings/coap/echo_server.h"
#include "bindings/coap/raw_socket.h"

namespace saef::coap::test {
namespace {

// CON POST, one token octet, Uri-Path "x"; then oneM2M-TY 2 and oneM2M-RQI "r1".
const std::string kCreate("\x41\x02\x12\x34\x01\xb1x\xd1\xf3\x02\xd2\x03r1", 14);

// A server that gives the answers it was told, one for each request: a code and a payload.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::pair<std::uint8_t, std::string>> answers)
      : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    const timeval wait{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    BOOST_REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&at), size) == 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this, answers = std::move(answers)] {
      for (const auto& [code, payload] : answers) AnswerOne(code, payload);
    });
  }
  ~ScriptedServer() {
    Join();
    close(fd_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  // What came in, once all has been answered.
  std::vector<std::string> requests() {
    Join();
    return requests_;
  }

 private:
  void Join() {
    if (thread_.joinable()) thread_.join();
  }
  void AnswerOne(std::uint8_t code, const std::string& payload) {
    std::array<char, 2000> request;
    sockaddr_in from{};
    socklen_t size = sizeof(from);
    auto* address = reinterpret_cast<sockaddr*>(&from);
    const ssize_t length = recvfrom(fd_, request.data(), request.size(), 0, address, &size);
    if (length < 4) return;
    requests_.emplace_back(request.data(), static_cast<std::size_t>(length));
    // An ACK with the request's message id and token.
    const std::size_t token = static_cast<unsigned char>(request[0]) & 0x0f;
    std::string answer(request.data(), 4 + token);
    answer[0] = static_cast<char>(0x60 | token);
    answer[1] = static_cast<char>(code);
    if (!payload.empty()) answer += '\xff' + payload;
    sendto(fd_, answer.data(), answer.size(), 0, address, size);
  }

  int fd_;
  std::uint16_t port_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

std::uint8_t CodeOf(const std::string& datagram) {
  return datagram.size() < 2 ? 0 : static_cast<std::uint8_t>(datagram[1]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(raw_datagram)

// Nobody waits until another's answer is acknowledged.
BOOST_AUTO_TEST_CASE(answers_that_come_later_do_not_wait_for_each_other) {
  constexpr int kRequests = 3;
  EchoServer server;
  Mutex mutex;
  std::vector<std::function<void()>> answers;
  server.handler.Set([&](const onem2m::RequestPrimitive& request,
                         const std::shared_ptr<bindings::Session>& /*session*/,
                         bindings::Respond respond) {
    const MutexLock lock(mutex);
    answers.emplace_back(
        [request, respond = std::move(respond)] { respond(EchoHandler::Echo(request)); });
  });
  RawSocket client(server.server->ports()[0]);
  for (char i = 1; i <= kRequests; ++i) {
    // CON GET, one token octet, Uri-Path "x", oneM2M-RQI "r1".
    const std::string get("\x41\x01\x12", 3);
    const std::string acknowledged =
        client.Exchange(get + i + i + std::string("\xb1x\xe2\x00\x03r1", 7));
    BOOST_REQUIRE(acknowledged.size() == 4u);
  }
  std::vector<std::function<void()>> all;
  {
    const MutexLock lock(mutex);
    all.swap(answers);
  }
  BOOST_REQUIRE(all.size() == static_cast<std::size_t>(kRequests));
  for (const auto& answer : all) answer();
  std::set<char> tokens;
  for (int i = 0; i < kRequests; ++i) {
    const std::string answer = client.Receive();
    BOOST_REQUIRE(answer.size() > 5u);
    BOOST_TEST(answer[0] == '\x41');  // confirmable
    tokens.insert(answer[4]);
  }
  BOOST_TEST(tokens.size() == static_cast<std::size_t>(kRequests));
}

// RFC 7252 5.2.1: one datagram, not two.
BOOST_AUTO_TEST_CASE(an_answer_that_is_there_at_once_goes_with_the_acknowledgement) {
  EchoServer server;
  RawSocket client(server.server->ports()[0]);
  const std::string answer = client.Exchange(kCreate);
  BOOST_TEST(CodeOf(answer) == 0x41);                 // 2.01
  BOOST_TEST(answer.substr(0, 1) == "\x61");          // ACK
  BOOST_TEST(answer.substr(2, 3) == "\x12\x34\x01");  // message id, token
  BOOST_TEST(client.ReceiveNow().empty());
}

// RFC 7959 2.4: early negotiation. The answer would fit into one message.
BOOST_AUTO_TEST_CASE(a_small_answer_comes_in_blocks_to_who_asks_for_them) {
  EchoServer server;
  const std::string content = R"({"a":"0123456789","b":"0123456789","c":1})";
  server.handler.Set([&content](const onem2m::RequestPrimitive& request, auto, auto respond) {
    onem2m::ResponsePrimitive response = EchoHandler::Echo(request);
    response.content = content;
    respond(std::move(response));
  });
  RawSocket client(server.server->ports()[0]);
  // CON GET, one token octet, Uri-Path "x", maybe Block2 of 16 octets, oneM2M-RQI "r1".
  const auto get = [](char id, const std::string& options) {
    return std::string("\x41\x01\x12", 3) + id + std::string("\x01\xb1x", 3) + options;
  };
  const auto block = [&](char number) {
    return std::string("\xc1") + static_cast<char>(number << 4) + "\xd2\xf7r1";
  };
  std::string body;
  for (char number = 0; number < 3; ++number) {
    const std::string answer = client.Exchange(get(number, block(number)));
    BOOST_TEST(CodeOf(answer) == 0x45);
    body += answer.substr(answer.rfind('\xff') + 1);
  }
  BOOST_TEST(body == content);
  BOOST_TEST(server.handler.requests().size() == 1u);
  const std::string whole = client.Exchange(get(9, std::string("\xe2\x00\x03r1", 5)));
  BOOST_TEST(whole.substr(whole.find('\xff') + 1) == content);
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_twice_is_done_once) {
  EchoServer server;
  RawSocket socket(server.server->ports()[0]);
  const std::string first = socket.Exchange(kCreate);
  BOOST_TEST(CodeOf(first) == 0x41);  // 2.01
  BOOST_TEST((socket.Exchange(kCreate) == first));
  BOOST_TEST(server.handler.requests().size() == 1u);
  // Another message id is another request.
  std::string other = kCreate;
  other[3] = '\x35';
  BOOST_TEST(CodeOf(socket.Exchange(other)) == 0x41);
  BOOST_TEST(server.handler.requests().size() == 2u);
}

// What was read may have been taken back since.
BOOST_AUTO_TEST_CASE(a_read_that_comes_twice_is_read_twice) {
  EchoServer server;
  RawSocket socket(server.server->ports()[0]);
  // CON GET, one token octet, Uri-Path "x", oneM2M-RQI "r1".
  const std::string get("\x41\x01\x12\x34\x01\xb1x\xe2\x00\x03r1", 12);
  BOOST_TEST(CodeOf(socket.Exchange(get)) == 0x45);  // 2.05
  server.handler.Set([](const onem2m::RequestPrimitive& request, auto, auto respond) {
    respond(onem2m::RespondTo(request, onem2m::ResponseStatusCode::kNotFound));
  });
  BOOST_TEST(CodeOf(socket.Exchange(get)) == 0x84);  // 4.04
}

BOOST_AUTO_TEST_CASE(a_size_that_is_announced_is_believed_and_refused) {
  EchoServer server;
  RawSocket socket(server.server->ports()[0]);
  // PUT with Block1 0/more/16 and Size1 0xffffffff, 16 octets.
  const std::string put("\x41\x03\x12\x34\x01\xb1x\xd1\x03\x08\xd4\x14\xff\xff\xff\xff\xff", 17);
  BOOST_TEST(CodeOf(socket.Exchange(put + std::string(16, 'a'))) == 0x8d);  // 4.13
  // A block far out.
  std::string far("\x41\x03\x12\x35\x01\xb1x\xd3\x03\xff\xff\xf8\xff", 13);
  BOOST_TEST(CodeOf(socket.Exchange(far + std::string(16, 'a'))) == 0x8d);
  // The second block first.
  std::string second("\x41\x03\x12\x36\x01\xb1x\xd1\x03\x18\xff", 11);
  BOOST_TEST(CodeOf(socket.Exchange(second + std::string(16, 'a'))) == 0x88);  // 4.08
  BOOST_TEST(server.handler.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_critical_option_is_4_02) {
  EchoServer server;
  RawSocket socket(server.server->ports()[0]);
  // Option 319 (oneM2M-CTO), which isn't served.
  const std::string get("\x41\x01\x12\x34\x01\xb1x\xe0\x00\x27", 10);
  BOOST_TEST(CodeOf(socket.Exchange(get)) == 0x82);
}

BOOST_AUTO_TEST_CASE(other_methods_are_4_05) {
  EchoServer server;
  RawSocket socket(server.server->ports()[0]);
  // iPATCH with oneM2M-RQI.
  const std::string patch("\x41\x07\x12\x34\x01\xb1x\xe2\x00\x03r1", 12);
  BOOST_TEST(CodeOf(socket.Exchange(patch)) == 0x85);
}

// A plain CoAP server would do as a MAF: it refuses oneM2M's critical options with 4.02, so the
// client does without them, for a RETRIEVE.
BOOST_AUTO_TEST_CASE(a_plain_server_is_asked_plainly) {
  ScriptedServer server({{0x82, ""}, {0x82, ""}, {0x45, "{}"}, {0x45, "{\"n\":2}"}});
  bindings::ClientOptions options;
  options.uri = {bindings::Scheme::kCoap, "127.0.0.1", server.port(), ""};
  const auto client = *OpenClient(std::move(options));
  for (const char* content : {"{}", "{\"n\":2}"}) {
    const auto response = client->SendAndWait(Request(onem2m::Operation::kRetrieve), kLong);
    BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
    BOOST_TEST((response->status == onem2m::ResponseStatusCode::kOk));
    BOOST_TEST(response->content == content);
  }
  const auto requests = server.requests();
  BOOST_REQUIRE(requests.size() == 4u);
  const auto speaks = [](const std::string& request) {
    return request.find("CAdmin") != std::string::npos;
  };
  BOOST_TEST(speaks(requests[0]));  // in the new numbering
  BOOST_TEST(speaks(requests[1]));  // in the old one
  BOOST_TEST((requests[0].substr(12) != requests[1].substr(12)));
  BOOST_TEST(!speaks(requests[2]));  // and the next ones at once without
  BOOST_TEST(!speaks(requests[3]));
}

BOOST_AUTO_TEST_CASE(a_create_is_never_sent_without_its_parameters) {
  ScriptedServer server({{0x82, ""}, {0x82, ""}});
  bindings::ClientOptions options;
  options.uri = {bindings::Scheme::kCoap, "127.0.0.1", server.port(), ""};
  const auto client = *OpenClient(std::move(options));
  const auto response = client->SendAndWait(Request(onem2m::Operation::kCreate), kLong);
  BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
  BOOST_TEST((response->status == onem2m::ResponseStatusCode::kBadRequest));
  BOOST_TEST(server.requests().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
