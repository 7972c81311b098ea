// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProcessIo: coap_io_process for a context of clients. libcoap looks at each session of the context
// before and after each datagram that it reads. Here it looks once, and then reads what has come,
// up to a bound. A server's context: server_io.h.
#ifndef SAEF_BINDINGS_COAP_PROCESS_IO_H_
#define SAEF_BINDINGS_COAP_PROCESS_IO_H_

#include <coap3/coap.h>

#include <cstdint>

namespace saef::coap {

// So many times at most is it looked for what has come, so that timers and posted work aren't kept.
inline constexpr int kReadsInTurn = 32;

// Sends what is due; waits up to `wait_ms` (at least 1) for something to come; reads it, and what
// has come meanwhile. On the context's thread.
void ProcessIo(coap_context_t* context, std::uint32_t wait_ms);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_PROCESS_IO_H_
