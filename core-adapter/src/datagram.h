/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the gate must know of a DTLS datagram beside the identity, which the plugin reads: the
 * outside of its records (RFC 6347 4.1, 4.2.2). Pure; never reads beyond `length`. Internal to
 * core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_DATAGRAM_H_
#define SAEF_CORE_ADAPTER_DATAGRAM_H_

#include <stddef.h>
#include <stdint.h>

/* Whether one of its handshake records in the clear begins with (a fragment of) a
 * ClientKeyExchange or holds one further on. */
int saef_datagram_has_key_exchange(const uint8_t *data, size_t length);

/* Whether `later` is what a client sends when it repeats `earlier`: the same records with new
 * sequence numbers, where encrypted ones also look different (RFC 6347 4.2.4). */
int saef_datagram_is_repeated(const uint8_t *earlier, size_t earlier_length, const uint8_t *later,
                              size_t later_length);

#endif /* SAEF_CORE_ADAPTER_DATAGRAM_H_ */
