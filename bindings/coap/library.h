// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is libcoap's once for the whole process, and what each context of ours needs from it.
#ifndef SAEF_BINDINGS_COAP_LIBRARY_H_
#define SAEF_BINDINGS_COAP_LIBRARY_H_

#include <coap3/coap.h>

#include "bindings/log.h"

namespace saef::coap {

// Before any other call of libcoap; does its work once. libcoap's own log is cut down to what is
// critical: its lines name peers through static buffers, which several contexts on several threads
// would share, and at its debug level it logs each psk_identity.
void StartLibrary();

// Where this thread's lines of libcoap go; null: nowhere.
void SetThreadLog(const bindings::Log* log);

// Lets the context accept oneM2M's options (known_options.cc).
void RegisterOptions(coap_context_t* context);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_LIBRARY_H_
