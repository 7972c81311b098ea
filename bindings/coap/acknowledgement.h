// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells when a peer has acknowledged a response that was sent as a confirmable message. libcoap
// tells nobody but its own table of observers, which our server doesn't use; so every program that
// links the server passes coap_touch_observer() through here (-Wl,--wrap=coap_touch_observer).
#ifndef SAEF_BINDINGS_COAP_ACKNOWLEDGEMENT_H_
#define SAEF_BINDINGS_COAP_ACKNOWLEDGEMENT_H_

#include <coap3/coap.h>

#include <functional>
#include <string>

namespace saef::coap {

// Called within libcoap's processing of the acknowledgement of a response of class 2.
using OnAcknowledged = std::function<void(coap_session_t* session, const std::string& token)>;

// For contexts that this thread drives; null: nobody. `function` must outlive the thread's work.
void SetThreadOnAcknowledged(const OnAcknowledged* function);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_ACKNOWLEDGEMENT_H_
