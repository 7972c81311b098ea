// SPDX-License-Identifier: GPL-3.0-or-later
//
// The libcoap gate, on our libcoap and on a host's own, with clients that aren't ours.
#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/abi/coap_fleet.h"
#include "tests/abi/gate_clients.h"

namespace {

namespace data = boost::unit_test::data;
using saef::abi_test::ChildProcess;
using saef::abi_test::CoapGet;
using saef::abi_test::FleetResult;
using saef::abi_test::GateServer;
using saef::abi_test::MessagesFromServer;
using saef::abi_test::OpensslConnects;
using saef::abi_test::Protocol;
using saef::abi_test::RunFleet;
using Clock = std::chrono::steady_clock;

const std::vector<std::string> kPrograms = {SAEF_TEST_SERVERS};
const std::string kHold = "60000";  // longer than any test: nothing depends on time

std::unique_ptr<ChildProcess> Connect(const GateServer &server, const std::string &identity) {
  return StartOpenssl(Protocol::kDtls, server.port(), identity);
}

// With OpenSSL the first two handshakes of a process are unlike those after them (coap_tls.c).
void ServeTwo(const GateServer &server) {
  for (int i = 0; i < 2; ++i) {
    auto client = Connect(server, "hit0");
    BOOST_TEST(OpensslConnects(client.get()), client->output());
  }
}

// Begins a handshake and leaves it, once the server wants its cookie back; from which address.
std::string LeaveHandshake(const GateServer &server) {
  using boost::asio::ip::udp;
  boost::asio::io_context io;
  const udp::endpoint any(boost::asio::ip::address_v4::loopback(), 0);
  udp::socket deaf(io, any), client(io, any);
  const auto openssl =
      StartOpenssl(Protocol::kDtls, std::to_string(deaf.local_endpoint().port()), "hit0");
  std::array<char, 2000> datagram;
  const size_t length = deaf.receive(boost::asio::buffer(datagram));
  client.connect({any.address(), static_cast<uint16_t>(std::stoi(server.port()))});
  client.send(boost::asio::buffer(datagram.data(), length));
  BOOST_TEST(client.receive(boost::asio::buffer(datagram)) > 0u);
  return "127.0.0.1:" + std::to_string(client.local_endpoint().port());
}

// The client's whole output; `patience` is what a client that hears nothing is given.
std::string OutputOf(ChildProcess *client,
                     std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  client->CloseInput();
  client->Wait(patience);
  return client->output();
}

bool Contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}
size_t Count(const std::string &text, const std::string &part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(coap_gate)

BOOST_DATA_TEST_CASE(twenty_wait_and_one_is_served, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  std::vector<std::unique_ptr<ChildProcess>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(Connect(server, "gather" + std::to_string(i)));
  }
  server.AwaitHeld(20);
  auto hit = Connect(server, "hit0");
  BOOST_TEST(OpensslConnects(hit.get()), hit->output());
  BOOST_TEST(server.Held() == 20);
  server.process().Write("answer\n");
  for (auto &client : clients) {
    BOOST_TEST(OpensslConnects(client.get()), client->output());
  }
  clients.clear();
  hit.reset();
  BOOST_TEST(server.Stop() == "associated 21 dissociated 21 open 0\n");
}

// One after the other, the look-ups alone would take 6 s. While they are under way, a client whose
// key is known is served as if they weren't.
BOOST_TEST_DECORATOR(*boost::unit_test::label("measures"))
BOOST_DATA_TEST_CASE(twenty_slow_look_ups_take_the_time_of_one, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  std::vector<std::string> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back("slow" + std::to_string(i));
  }
  const FleetResult alone = RunFleet(server.port(), {"hit0"});
  auto fleet = std::async(std::launch::async, [&] { return RunFleet(server.port(), slow); });
  while (server.Held() == 0 &&
         fleet.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  const FleetResult meanwhile = RunFleet(server.port(), {"hit1"});
  const FleetResult all = fleet.get();
  BOOST_TEST(alone.answered == 1);
  BOOST_TEST(meanwhile.answered == 1);
  BOOST_TEST(all.answered == 20);
  BOOST_TEST(all.last_s < 20 * 0.3);
  BOOST_TEST_MESSAGE(std::filesystem::path(sample).filename().string()
                     << ": 20 clients with look-ups of 300 ms took " << all.last_s << " s, "
                     << 20 * 0.3 / all.last_s
                     << " times faster than one after the other; a client with a known key took "
                     << alone.last_s << " s alone and " << meanwhile.last_s
                     << " s meanwhile, ratio " << meanwhile.last_s / alone.last_s);
}

// Without that, the server would sleep until libcoap's own timer at 1 s. A loaded machine may be
// slow once, not each time.
BOOST_TEST_DECORATOR(*boost::unit_test::label("measures"))
BOOST_DATA_TEST_CASE(answer_wakes_libcoap, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  double best = 60;
  for (int i = 0; i < 20 && best >= 0.9; ++i) {
    best = std::min(best, RunFleet(server.port(), {"slow" + std::to_string(i)}).last_s);
  }
  BOOST_TEST(best < 0.9);
}

BOOST_DATA_TEST_CASE(stock_coap_clients_are_known,
                     data::make(kPrograms) *
                         data::make({"coap-client-openssl", "coap-client-gnutls"}),
                     program, client) {
  GateServer server(program, {"alert", kHold});
  BOOST_TEST(CoapGet(client, server.port(), "slow0", "who") == "slow0\n");
  BOOST_TEST(CoapGet(client, server.port(), "hit0", "who") == "hit0\n");
  BOOST_TEST(CoapGet(client, server.port(), "host0", "who") == "nobody\n");
  BOOST_TEST(Contains(CoapGet(client, server.port(), "unknown", "who"), "cannot send CoAP pdu"));
  const std::string counts = server.Stop();
  BOOST_TEST(counts == "associated 2 dissociated 2 open 0\n");
  BOOST_TEST(Count(server.process().output(), "connected\n") == 3u);
}

// The client would stay: it is the server that ends the session.
BOOST_DATA_TEST_CASE(ended_association_ends_its_session, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  auto client = Connect(server, "hit0");
  BOOST_TEST(OpensslConnects(client.get()), client->output());
  client->Write(
      std::string("\x40\x01\x00\x01\xb3"
                  "end",
                  8));  // CON, GET, id 1, Uri-Path "end"
  BOOST_TEST(client->Wait() != -1, client->output());
  BOOST_TEST(server.Stop() == "associated 1 dissociated 1 open 0\n");
}

BOOST_DATA_TEST_CASE(refusals_look_alike, data::make(kPrograms)) {
  GateServer server(sample, {"alert", "200"});
  ServeTwo(server);
  std::vector<std::string> first;
  for (const char *identity : {"unknown", "denied", "late", "nobody"}) {
    auto client = Connect(server, identity);
    BOOST_TEST(!OpensslConnects(client.get()));
    const std::string output = OutputOf(client.get());
    BOOST_TEST(Contains(output, "SSL alert number 115"), identity << ": " << output);
    const std::vector<std::string> messages = MessagesFromServer(output);
    BOOST_TEST(messages.size() >= 3u, output);  // ServerHello, ServerHelloDone and the alert
    first = first.empty() ? messages : first;
    BOOST_TEST((messages == first), identity << ": " << output);
  }
  BOOST_TEST(server.Stop() == "associated 2 dissociated 2 open 0\n");
}

// A wrong key shows as silence in DTLS: its records are dropped (RFC 6347 4.1.2.7).
BOOST_DATA_TEST_CASE(hidden_refusals_look_like_a_wrong_key, data::make(kPrograms)) {
  GateServer server(sample, {"hide", "200"});
  ServeTwo(server);
  std::vector<std::unique_ptr<ChildProcess>> clients;
  for (const char *identity : {"long", "unknown", "denied", "late", "nobody"}) {
    clients.push_back(Connect(server, identity));
  }
  for (auto &client : clients) {
    BOOST_TEST(client->AwaitText("[length 000c]\n    0e "), client->output());  // ServerHelloDone
  }
  const auto end = Clock::now() + std::chrono::seconds(3);
  std::vector<std::string> wrong_key;
  for (auto &client : clients) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    const std::string output = OutputOf(client.get(), left);
    BOOST_TEST(!Contains(output, "alert"), output);
    BOOST_TEST(!Contains(output, "Master-Key"), output);
    const std::vector<std::string> messages = MessagesFromServer(output);
    BOOST_TEST(messages.size() >= 2u, output);  // ServerHello, ServerHelloDone
    wrong_key = wrong_key.empty() ? messages : wrong_key;
    BOOST_TEST((messages == wrong_key), output);
  }
  BOOST_TEST(server.Stop() == "associated 2 dissociated 2 open 0\n");
}

// Also not in a session that began before the first one was told so (coap_tls.c).
BOOST_DATA_TEST_CASE(other_suites_are_not_spoken, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  const std::string early = LeaveHandshake(server), other_early = LeaveHandshake(server);
  ServeTwo(server);
  for (const std::vector<std::string> &from : {std::vector<std::string>(), {"-bind", early}}) {
    std::vector<std::string> wish = {"-cipher", "PSK-AES128-CBC-SHA256:@SECLEVEL=0"};
    wish.insert(wish.end(), from.begin(), from.end());
    auto client = StartOpenssl(Protocol::kDtls, server.port(), "hit0", wish);
    BOOST_TEST(!OpensslConnects(client.get()), client->output());
    BOOST_TEST(Contains(OutputOf(client.get()), "SSL alert number 40"), client->output());
  }
  auto client = StartOpenssl(Protocol::kDtls, server.port(), "hit0", {"-bind", other_early});
  BOOST_TEST(OpensslConnects(client.get()), client->output());
  client.reset();
  BOOST_TEST(server.Stop() == "associated 3 dissociated 3 open 0\n");
}

// OpenSSL promises a ticket in the first session of a process, and takes it in the second.
BOOST_DATA_TEST_CASE(resumed_session_is_ended, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  const std::string ticket =
      (std::filesystem::temp_directory_path() / ("saef_ticket_" + server.port())).string();
  {
    auto first = StartOpenssl(Protocol::kDtls, server.port(), "hit0", {"-sess_out", ticket});
    BOOST_TEST(OpensslConnects(first.get()), first->output());
    OutputOf(first.get());
  }
  int resumed = 0, afresh = 0;
  for (int i = 0; i < 3 && std::filesystem::exists(ticket); ++i) {
    auto client = StartOpenssl(Protocol::kDtls, server.port(), "hit0", {"-sess_in", ticket});
    BOOST_TEST(OpensslConnects(client.get()), client->output());
    if (Contains(client->output(), "Reused, ")) {
      ++resumed;
      BOOST_TEST(client->Wait() != -1, client->output());  // the server ends it
    } else {
      ++afresh;
    }
  }
  std::filesystem::remove(ticket);
  BOOST_TEST_MESSAGE(sample << ": resumed " << resumed << ", afresh " << afresh);
  const std::string associated = std::to_string(1 + afresh);
  BOOST_TEST(server.Stop() ==
             "associated " + associated + " dissociated " + associated + " open 0\n");
  BOOST_TEST(Count(server.process().output(), "a session was resumed") ==
             static_cast<size_t>(resumed));
}

BOOST_DATA_TEST_CASE(client_that_leaves_while_held, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  auto client = Connect(server, "gather0");
  server.AwaitHeld(1);
  client.reset();
  server.process().Write("answer\n");
  server.AwaitHeld(0);
  auto other = Connect(server, "hit0");
  BOOST_TEST(OpensslConnects(other.get()), other->output());
  other.reset();
  BOOST_TEST(server.Stop().ends_with("open 0\n"));
}

// On the same context and the same thread, which remembers the gate that it saw last.
BOOST_DATA_TEST_CASE(gate_that_takes_another_ones_place, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(CoapGet("coap-client-openssl", server.port(), "hit0", "who") == "hit0\n");
    BOOST_TEST(CoapGet("coap-client-openssl", server.port(), "hit0", "renew") == "renewed\n");
  }
  BOOST_TEST(CoapGet("coap-client-openssl", server.port(), "slow0", "who") == "slow0\n");
  BOOST_TEST(server.Stop() == "associated 7 dissociated 7 open 0\n");
}

BOOST_DATA_TEST_CASE(server_that_stops_while_holding, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  auto client = Connect(server, "late");
  server.AwaitHeld(1);
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
}

// libcoap repeats its flight and gives up, in this server after 3 s; the gate's own bound decides.
BOOST_DATA_TEST_CASE(held_longer_than_libcoap_waits, data::make(kPrograms)) {
  GateServer server(sample, {"alert", kHold});
  auto client = Connect(server, "gather0");
  server.AwaitHeld(1);
  const auto end = Clock::now() + std::chrono::seconds(5);
  while (Clock::now() < end) {
    BOOST_REQUIRE_EQUAL(server.Held(), 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  server.process().Write("answer\n");
  BOOST_TEST(OpensslConnects(client.get()), client->output());
}

BOOST_AUTO_TEST_CASE(missing_wrap_is_refused_at_attach) {
  ChildProcess server({SAEF_TEST_UNWRAPPED});
  server.CloseInput();
  BOOST_TEST(server.Wait() == 2);
  BOOST_TEST(Contains(server.output(), "attach -9"), server.output());
  BOOST_TEST(Contains(server.output(), "--wrap=coap_dtls_receive"), server.output());
}

BOOST_AUTO_TEST_CASE(missing_wrap_that_attach_cannot_see_is_refused_in_the_handshake) {
  GateServer server(SAEF_TEST_DECEIVED_SERVER, {"alert", kHold});
  for (int i = 0; i < 2; ++i) {
    auto client = Connect(server, "hit0");
    BOOST_TEST(Contains(OutputOf(client.get()), "SSL alert number 115"));
  }
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
  BOOST_TEST(Count(server.process().output(), "went past the gate") == 1u);
}

BOOST_AUTO_TEST_CASE(blocking_serves_without_the_wrap) {
  GateServer server(SAEF_TEST_UNWRAPPED, {"alert", kHold, "1000"});
  BOOST_TEST(CoapGet("coap-client-openssl", server.port(), "slow0", "who") == "slow0\n");
  BOOST_TEST(CoapGet("coap-client-openssl", server.port(), "host0", "who") == "nobody\n");
  auto client = Connect(server, "late");
  BOOST_TEST(Contains(OutputOf(client.get()), "SSL alert number 115"));
  BOOST_TEST(server.Stop() == "associated 1 dissociated 1 open 0\n");
}

BOOST_AUTO_TEST_CASE(blocking_waits_no_longer_than_it_was_told) {
  GateServer server(SAEF_TEST_UNWRAPPED, {"alert", kHold, "10"});
  auto client = Connect(server, "slow0");  // whose key takes 300 ms
  BOOST_TEST(Contains(OutputOf(client.get()), "SSL alert number 115"));
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
}

BOOST_AUTO_TEST_SUITE_END()
