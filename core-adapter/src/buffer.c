/* SPDX-License-Identifier: BSD-2-Clause */
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 512u

static int grow(struct saef_buffer *buffer, size_t needed, size_t limit) {
  size_t capacity = buffer->capacity;
  uint8_t *data;

  if (needed <= capacity) {
    return 1;
  }
  capacity = capacity < FIRST_CAPACITY ? FIRST_CAPACITY : capacity * 2;
  if (capacity > limit) {
    capacity = limit;
  }
  if (capacity < needed) {
    capacity = needed;
  }
  data = realloc(buffer->data, capacity);
  if (data == NULL) {
    return 0;
  }
  buffer->data = data;
  buffer->capacity = capacity;
  return 1;
}

int saef_buffer_put(struct saef_buffer *buffer, const uint8_t *data, size_t length, size_t limit) {
  if (length == 0) {
    return 1;
  }
  if (buffer->length > limit || length > limit - buffer->length ||
      !grow(buffer, buffer->length + length, limit)) {
    return 0;
  }
  memcpy(buffer->data + buffer->length, data, length);
  buffer->length += length;
  return 1;
}

void saef_buffer_drop(struct saef_buffer *buffer, size_t length) {
  if (length < buffer->length) {
    memmove(buffer->data, buffer->data + length, buffer->length - length);
  }
  buffer->length -= length;
}

void saef_buffer_release(struct saef_buffer *buffer) {
  free(buffer->data);
  buffer->data = NULL;
  buffer->length = 0;
  buffer->capacity = 0;
}

int saef_buffer_put_datagram(struct saef_buffer *buffer, const uint8_t *data, size_t length,
                             size_t limit) {
  uint32_t prefix = (uint32_t)length;
  size_t before = buffer->length;

  if (length > UINT32_MAX ||
      !saef_buffer_put(buffer, (const uint8_t *)&prefix, sizeof(prefix), limit)) {
    return 0;
  }
  if (!saef_buffer_put(buffer, data, length, limit)) {
    buffer->length = before;
    return 0;
  }
  return 1;
}

int saef_buffer_next_datagram(const struct saef_buffer *buffer, size_t *offset,
                              const uint8_t **data, size_t *length) {
  uint32_t prefix;

  if (*offset >= buffer->length) {
    return 0;
  }
  memcpy(&prefix, buffer->data + *offset, sizeof(prefix));
  *data = buffer->data + *offset + sizeof(prefix);
  *length = prefix;
  *offset += sizeof(prefix) + prefix;
  return 1;
}
