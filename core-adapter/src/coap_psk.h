/* SPDX-License-Identifier: BSD-2-Clause
 *
 * libcoap's PSK callback: the key of an identity, from the gate or from the host. Internal to
 * core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_COAP_PSK_H_
#define SAEF_CORE_ADAPTER_COAP_PSK_H_

#include "saef/coap_gate.h"

#pragma GCC visibility push(hidden)

/* Makes libcoap ask this gate, or, with null, nobody. 0: libcoap refuses. */
int saef_coap_psk_set(coap_context_t *context, saef_coap_gate *gate);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_COAP_PSK_H_ */
