// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the test servers share: whom they know, and the orders that they take on standard input, a
// line each:
//
//   held     print "held N", the number of sessions that the gate is holding
//   answer   answer all that wait for an identity gather…
//
// The end of the input ends the server.
//
// The key of every identity is kKey. Identities: hit… known at once; slow… after 300 ms; gather…
// when ordered; late never; unknown, denied refused after 50 ms; long a key of 64 octets; host… the
// host's own; others are nobody's.
#ifndef SAEF_TESTS_ABI_SERVER_SCRIPT_H_
#define SAEF_TESTS_ABI_SERVER_SCRIPT_H_

#include <string>

#include "saef/gate.h"
#include "tests/abi/fake_plugin.h"

namespace saef::abi_test {

inline constexpr char kKey[] = "0123456789abcdef0123456789abcdef";

class ServerScript {
 public:
  ServerScript();
  FakePlugin &plugin() { return plugin_; }
  // As saef_coap_gate_arguments.host_psk.
  static size_t HostPsk(void *context, const uint8_t *identity, size_t length, uint8_t *key,
                        size_t capacity);
  // Takes the orders that are there, without waiting. False at the end of the input.
  bool TakeOrders(const saef_gate *gate);
  // What the plugin counted.
  void PrintCounts() const;

 private:
  void Obey(const std::string &order, const saef_gate *gate);

  FakePlugin plugin_;
  std::string input_;
};

void PrintLine(const std::string &line);

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_SERVER_SCRIPT_H_
