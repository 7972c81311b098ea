// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Observe option (RFC 7641 2): in a GET what the client wants, in a response the notification's
// place in the order of all. It is elective, so a value that it can't have is passed over, as is a
// second one (RFC 7252 5.4.1, 5.4.3, 5.4.5). Pure.
#ifndef SAEF_BINDINGS_COAP_OBSERVE_OPTION_H_
#define SAEF_BINDINGS_COAP_OBSERVE_OPTION_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "bindings/coap/message.h"

namespace saef::coap {

enum class ObserveWish {
  kNone,
  kRegister,    // 0
  kDeregister,  // 1
};

// Of a request; kNone where it isn't a GET.
ObserveWish ReadObserveWish(const MessageView& request);

// Of a response: 24 bits. Nothing: it is none of an observation.
std::optional<std::uint32_t> ReadObserve(const MessageView& response);

void WriteObserve(Message& message, std::uint32_t value);

// RFC 7641 3.4: is the notification `next`, which came `later` than the one numbered `last`, the
// fresher one?
bool IsFresher(std::uint32_t last, std::uint32_t next, std::chrono::steady_clock::duration later);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_OBSERVE_OPTION_H_
