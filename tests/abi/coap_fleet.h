// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many DTLS clients in one thread, on our libcoap, to see what a server does with all of them at
// once without the cost of starting processes.
#ifndef SAEF_TESTS_ABI_COAP_FLEET_H_
#define SAEF_TESTS_ABI_COAP_FLEET_H_

#include <string>
#include <vector>

namespace saef::abi_test {

struct FleetResult {
  int answered = 0;   // clients that got an answer to GET /who, all begun at the same time
  double last_s = 0;  // until the last answer
};

// Within a minute.
FleetResult RunFleet(const std::string &port, const std::vector<std::string> &identities);

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_COAP_FLEET_H_
