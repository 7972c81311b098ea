// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/acknowledgement.h"

namespace saef::coap {
namespace {

thread_local const OnAcknowledged* thread_on_acknowledged = nullptr;

}  // namespace

void SetThreadOnAcknowledged(const OnAcknowledged* function) { thread_on_acknowledged = function; }

}  // namespace saef::coap

extern "C" {

void __real_coap_touch_observer(coap_context_t* context, coap_session_t* session,
                                const coap_bin_const_t* token);
void __wrap_coap_touch_observer(coap_context_t* context, coap_session_t* session,
                                const coap_bin_const_t* token);

void __wrap_coap_touch_observer(coap_context_t* context, coap_session_t* session,
                                const coap_bin_const_t* token) {
  __real_coap_touch_observer(context, session, token);
  const auto* const function = saef::coap::thread_on_acknowledged;
  if (function != nullptr) {
    (*function)(session, std::string(reinterpret_cast<const char*>(token->s), token->length));
  }
}

}  // extern "C"
