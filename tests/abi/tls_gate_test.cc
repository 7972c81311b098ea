// SPDX-License-Identifier: GPL-3.0-or-later
//
// The wolfSSL gate on TLS streams, with a client that isn't ours.
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/abi/gate_clients.h"

namespace {

using saef::abi_test::ChildProcess;
using saef::abi_test::GateServer;
using saef::abi_test::MessagesFromServer;
using saef::abi_test::Protocol;

const std::string kHold = "60000";

std::unique_ptr<ChildProcess> Connect(const GateServer &server, const std::string &identity) {
  return StartOpenssl(Protocol::kTls, server.port(), identity);
}
// The whole output of a client whose connection the server ends.
std::string OutputOf(ChildProcess *client) {
  client->Wait();
  return client->output();
}
bool Contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_gate)

BOOST_AUTO_TEST_CASE(twenty_wait_and_one_is_served) {
  GateServer server(SAEF_TEST_TLS_SERVER, {"alert", kHold});
  std::vector<std::unique_ptr<ChildProcess>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(Connect(server, "gather" + std::to_string(i)));
  }
  server.AwaitHeld(20);
  auto hit = Connect(server, "hit0");
  const std::string output = OutputOf(hit.get());
  BOOST_TEST(Contains(output, "you are hit0"), output);
  BOOST_TEST(Contains(output, "Cipher is PSK-AES128-CBC-SHA256"), output);
  BOOST_TEST(server.Held() == 20);
  server.process().Write("answer\n");
  for (size_t i = 0; i < clients.size(); ++i) {
    BOOST_TEST(Contains(OutputOf(clients[i].get()), "you are gather" + std::to_string(i)));
  }
  BOOST_TEST(server.Stop() == "associated 21 dissociated 21 open 0\n");
}

BOOST_AUTO_TEST_CASE(octet_by_octet) {
  GateServer server(SAEF_TEST_TLS_SERVER, {"alert", kHold, "1"});
  auto client = Connect(server, "slow0");
  BOOST_TEST(Contains(OutputOf(client.get()), "you are slow0"));
  auto own = Connect(server, "host0");
  BOOST_TEST(Contains(OutputOf(own.get()), "you are nobody"));
  server.Stop();
}

BOOST_AUTO_TEST_CASE(refusals_look_alike) {
  GateServer server(SAEF_TEST_TLS_SERVER, {"alert", "200"});
  std::vector<std::string> first;
  for (const char *identity : {"unknown", "denied", "late", "nobody"}) {
    auto client = Connect(server, identity);
    const std::string output = OutputOf(client.get());
    BOOST_TEST(Contains(output, "SSL alert number 115"), identity << ": " << output);
    const std::vector<std::string> messages = MessagesFromServer(output);
    BOOST_TEST(messages.size() >= 3u, output);  // ServerHello, ServerHelloDone and the alert
    first = first.empty() ? messages : first;
    BOOST_TEST((messages == first), identity << ": " << output);
  }
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
}

BOOST_AUTO_TEST_CASE(hidden_refusals_look_like_a_wrong_key) {
  GateServer server(SAEF_TEST_TLS_SERVER, {"hide", "200"});
  const auto output_of = [&](const std::string &identity) {
    auto client = Connect(server, identity);
    return OutputOf(client.get());
  };
  const std::string wrong_key = output_of("long");
  BOOST_TEST(Contains(wrong_key, "SSL alert number "), wrong_key);
  BOOST_TEST(!Contains(wrong_key, "SSL alert number 115"), wrong_key);
  for (const char *identity : {"unknown", "denied", "late", "nobody"}) {
    const std::string output = output_of(identity);
    BOOST_TEST((MessagesFromServer(output) == MessagesFromServer(wrong_key)),
               identity << ": " << output);
  }
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
}

BOOST_AUTO_TEST_CASE(tls_1_3_and_other_suites_are_not_spoken) {
  GateServer server(SAEF_TEST_TLS_SERVER, {"alert", kHold});
  const std::vector<std::vector<std::string>> wishes = {
      {"-tls1_3"},
      {"-tls1_1"},
      {"-tls1_2", "-cipher", "PSK-AES256-CBC-SHA384:@SECLEVEL=0"},
      {"-tls1_2", "-cipher", "PSK-AES128-CBC-SHA:@SECLEVEL=0"}};
  for (const auto &wish : wishes) {
    std::vector<std::string> arguments = {
        "openssl",       "s_client", "-connect", "127.0.0.1:" + server.port(),
        "-psk_identity", "hit0",     "-psk",     "30313233"};
    arguments.insert(arguments.end(), wish.begin(), wish.end());
    ChildProcess client(arguments);
    client.CloseInput();
    BOOST_TEST(client.Wait() == 1, client.output());
    BOOST_TEST(Contains(client.output(), "Cipher is (NONE)"), client.output());
  }
  server.Stop();
}

BOOST_AUTO_TEST_CASE(server_that_stops_while_holding) {
  GateServer server(SAEF_TEST_TLS_SERVER, {"alert", kHold});
  auto client = Connect(server, "late");
  server.AwaitHeld(1);
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
}

BOOST_AUTO_TEST_SUITE_END()
