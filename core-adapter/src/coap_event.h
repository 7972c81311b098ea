/* SPDX-License-Identifier: BSD-2-Clause
 *
 * libcoap's event handler: by it the gate learns which sessions begin, are established and end.
 * Internal to core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_COAP_EVENT_H_
#define SAEF_CORE_ADAPTER_COAP_EVENT_H_

#include <coap3/coap.h>

#pragma GCC visibility push(hidden)

/* A coap_event_handler_t. Calls the host's own after the gate has taken notice. */
int saef_coap_on_event(coap_session_t *session, coap_event_t event);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_COAP_EVENT_H_ */
