/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Ends the sessions whose associations have ended (saef_coap_gate_end_association). Internal to
 * core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_COAP_END_H_
#define SAEF_CORE_ADAPTER_COAP_END_H_

#include "saef/coap_gate.h"

#pragma GCC visibility push(hidden)

/* Those, and all of saef_coap_session_end_later. Calls the host's event handler. */
void saef_coap_end_sessions(saef_coap_gate *gate);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_COAP_END_H_ */
