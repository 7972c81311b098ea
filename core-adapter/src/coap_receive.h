/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A datagram's way past the gate into libcoap's TLS back end: the function that the linker's
 * -Wl,--wrap=coap_dtls_receive puts in place of libcoap's own. Internal to core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_COAP_RECEIVE_H_
#define SAEF_CORE_ADAPTER_COAP_RECEIVE_H_

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Whether libcoap and the way the program is linked allow for holding; libcoap's log says what is
 * wrong. */
int saef_coap_can_hold(void);

/* A saef_gate_feed; the context is a struct saef_coap_session. */
void saef_coap_feed(void *context, const uint8_t *data, size_t length);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_COAP_RECEIVE_H_ */
