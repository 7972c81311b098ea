// SPDX-License-Identifier: GPL-3.0-or-later
//
// The test servers as processes, and clients that aren't ours.
#ifndef SAEF_TESTS_ABI_GATE_CLIENTS_H_
#define SAEF_TESTS_ABI_GATE_CLIENTS_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/abi/child_process.h"

namespace saef::abi_test {

class GateServer {
 public:
  // Waits until it listens.
  GateServer(const std::string &program, const std::vector<std::string> &arguments);
  const std::string &port() const { return port_; }
  ChildProcess &process() { return process_; }
  // Number of sessions that it is holding now.
  int Held();
  // Until it holds that many, or throws.
  void AwaitHeld(int count);
  // Ends it. Its last line: what the plugin counted. Fails the test where it didn't end well.
  std::string Stop();

 private:
  ChildProcess process_;
  std::string port_;
};

enum class Protocol { kTls, kDtls };
// `openssl s_client -msg` with the suite that TS-0003 10.2.2 makes mandatory. Its input stays open.
// `more`: options of openssl's.
std::unique_ptr<ChildProcess> StartOpenssl(Protocol protocol, const std::string &port,
                                           const std::string &identity,
                                           const std::vector<std::string> &more = {});
// The messages that such a client got, each with its length and its type or, of an alert, all of
// it; one that was repeated stands there once.
std::vector<std::string> MessagesFromServer(const std::string &output);
// Is its handshake done? Waits for it, or for its end.
bool OpensslConnects(ChildProcess *client);

// `coap-client-openssl` or `coap-client-gnutls` with GET; what it printed.
std::string CoapGet(const std::string &client, const std::string &port, const std::string &identity,
                    const std::string &path);

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_GATE_CLIENTS_H_
