// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names to addresses, without waiting.
#ifndef SAEF_BINDINGS_COAP_RESOLVER_H_
#define SAEF_BINDINGS_COAP_RESOLVER_H_

#include <coap3/coap.h>

#include <functional>
#include <string>
#include <vector>

namespace saef::coap {

using Addresses = std::vector<coap_address_t>;

// An address literal is answered before this returns, a name by a thread of its own, which nobody
// waits for: `done` must hold whatever it needs. Empty: no such name. Called exactly once.
void Resolve(const std::string& host, std::uint16_t port,
             const std::function<void(Addresses)>& done);

bool IsLiteral(const std::string& host);

// A literal for a listener; empty: it isn't one.
Addresses ResolveLiteral(const std::string& host, std::uint16_t port);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_RESOLVER_H_
