/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A stretch of bytes that grows up to a bound that each call names. Zero-initialised it is empty
 * and owns nothing. Internal to core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_BUFFER_H_
#define SAEF_CORE_ADAPTER_BUFFER_H_

#include <stddef.h>
#include <stdint.h>

struct saef_buffer {
  uint8_t *data;
  size_t length;
  size_t capacity;
};

/* Appends all or nothing. 0: `length` more would pass `limit`, or there is no memory. */
int saef_buffer_put(struct saef_buffer *buffer, const uint8_t *data, size_t length, size_t limit);

/* Takes `length` octets away from the front; not more than there are. */
void saef_buffer_drop(struct saef_buffer *buffer, size_t length);

void saef_buffer_release(struct saef_buffer *buffer);
static inline void saef_buffer_free(struct saef_buffer *buffer) {
  if (buffer->data != NULL) {
    saef_buffer_release(buffer);
  }
}

/* The same for datagrams, whose limits are kept: each counts with 4 octets more than its own. */
int saef_buffer_put_datagram(struct saef_buffer *buffer, const uint8_t *data, size_t length,
                             size_t limit);

/* Steps through datagrams, `*offset` beginning at 0. 0: there are no more. */
int saef_buffer_next_datagram(const struct saef_buffer *buffer, size_t *offset,
                              const uint8_t **data, size_t *length);

#endif /* SAEF_CORE_ADAPTER_BUFFER_H_ */
