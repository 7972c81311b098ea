// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/gate_clients.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace saef::abi_test {
namespace {

constexpr char kKey[] = "0123456789abcdef0123456789abcdef";
constexpr char kKeyInHex[] = "3031323334353637383961626364656630313233343536373839616263646566";

std::vector<std::string> Join(std::vector<std::string> first,
                              const std::vector<std::string> &second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

GateServer::GateServer(const std::string &program, const std::vector<std::string> &arguments)
    : process_(Join({program}, arguments)), port_(process_.AwaitLine("port ")) {}

int GateServer::Held() {
  process_.Write("held\n");
  return std::stoi(process_.AwaitLine("held "));
}

void GateServer::AwaitHeld(int count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (Held() != count) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("the gate never held " + std::to_string(count) + " sessions");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::string GateServer::Stop() {
  process_.CloseInput();
  const int status = process_.Wait();
  BOOST_TEST(status == 0, process_.output());
  const size_t counts = process_.output().rfind("associated ");
  return counts == std::string::npos ? "" : process_.output().substr(counts);
}

std::unique_ptr<ChildProcess> StartOpenssl(Protocol protocol, const std::string &port,
                                           const std::string &identity,
                                           const std::vector<std::string> &more) {
  const bool tls = protocol == Protocol::kTls;
  const std::vector<std::string> arguments = {
      "stdbuf",
      "-oL",
      "openssl",
      "s_client",
      "-msg",
      tls ? "-tls1_2" : "-dtls1_2",
      "-connect",
      "127.0.0.1:" + port,
      "-psk_identity",
      identity,
      "-psk",
      kKeyInHex,
      "-cipher",
      std::string(tls ? "PSK-AES128-CBC-SHA256" : "PSK-AES128-CCM8") + ":@SECLEVEL=0"};
  return std::make_unique<ChildProcess>(Join(arguments, more));
}

std::vector<std::string> MessagesFromServer(const std::string &output) {
  std::vector<std::string> messages;
  std::istringstream lines(output);
  for (std::string line, octets; std::getline(lines, line);) {
    // openssl takes the headers of records for messages too, and they have sequence numbers.
    if (!line.starts_with("<<< ") || line.find("RecordHeader") != std::string::npos ||
        line.find("content_type=256") != std::string::npos || !std::getline(lines, octets)) {
      continue;
    }
    const bool is_alert =
        line.ends_with("[length 0002]") || line.find("Alert") != std::string::npos;
    const std::string message = line + octets.substr(0, is_alert ? octets.size() : 6);
    if (std::find(messages.begin(), messages.end(), message) == messages.end()) {
      messages.push_back(message);
    }
  }
  return messages;
}

bool OpensslConnects(ChildProcess *client) {
  // The last line of the report that it gives on every handshake; what went wrong stands above it.
  try {
    client->AwaitLine("    Extended master secret: ");
  } catch (const std::runtime_error &) {
    return false;
  }
  return client->output().find("error:") == std::string::npos;
}

std::string CoapGet(const std::string &client, const std::string &port, const std::string &identity,
                    const std::string &path) {
  ChildProcess process(
      {client, "-B", "20", "-u", identity, "-k", kKey, "coaps://127.0.0.1:" + port + "/" + path});
  process.CloseInput();
  process.Wait();
  return process.output();
}

}  // namespace saef::abi_test
