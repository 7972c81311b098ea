/* SPDX-License-Identifier: BSD-2-Clause */
#include "datagram.h"

#include <string.h>

/* DTLSPlaintext (RFC 6347 4.3.1): type, version, epoch, sequence_number, length. */
#define RECORD_HEADER 13u
#define EPOCH_OFFSET 3u
#define SEQUENCE_OFFSET 5u
#define LENGTH_OFFSET 11u
#define CONTENT_HANDSHAKE 22u

/* Handshake (RFC 6347 4.3.2): msg_type, length, message_seq, fragment_offset, fragment_length. */
#define HANDSHAKE_HEADER 12u
#define FRAGMENT_LENGTH_OFFSET 9u
#define CLIENT_KEY_EXCHANGE 16u

static size_t read_u16(const uint8_t *at) { return (size_t)at[0] << 8 | at[1]; }

static size_t read_u24(const uint8_t *at) { return (size_t)at[0] << 16 | read_u16(at + 1); }

/* The length of the record at the front with its header, or 0 where there is no whole one. */
static size_t record_length(const uint8_t *data, size_t length) {
  size_t whole;
  if (length < RECORD_HEADER) {
    return 0;
  }
  whole = RECORD_HEADER + read_u16(data + LENGTH_OFFSET);
  return whole <= length ? whole : 0;
}

static int is_clear(const uint8_t *record) { return read_u16(record + EPOCH_OFFSET) == 0; }

static int fragments_have_key_exchange(const uint8_t *data, size_t length) {
  size_t whole;
  while (length >= HANDSHAKE_HEADER) {
    if (data[0] == CLIENT_KEY_EXCHANGE) {
      return 1;
    }
    whole = HANDSHAKE_HEADER + read_u24(data + FRAGMENT_LENGTH_OFFSET);
    if (whole > length) {
      return 0;
    }
    data += whole;
    length -= whole;
  }
  return 0;
}

int saef_datagram_has_key_exchange(const uint8_t *data, size_t length) {
  size_t whole;
  while ((whole = record_length(data, length)) != 0) {
    if (data[0] == CONTENT_HANDSHAKE && is_clear(data) &&
        fragments_have_key_exchange(data + RECORD_HEADER, whole - RECORD_HEADER)) {
      return 1;
    }
    data += whole;
    length -= whole;
  }
  return 0;
}

static int is_repeated_record(const uint8_t *earlier, const uint8_t *later, size_t whole) {
  if (memcmp(earlier, later, SEQUENCE_OFFSET) != 0) {
    return 0;
  }
  return !is_clear(earlier) ||
         memcmp(earlier + RECORD_HEADER, later + RECORD_HEADER, whole - RECORD_HEADER) == 0;
}

int saef_datagram_is_repeated(const uint8_t *earlier, size_t earlier_length, const uint8_t *later,
                              size_t later_length) {
  size_t whole;

  if (earlier_length != later_length) {
    return 0;
  }
  while ((whole = record_length(earlier, earlier_length)) != 0) {
    if (record_length(later, later_length) != whole || !is_repeated_record(earlier, later, whole)) {
      return 0;
    }
    earlier += whole;
    earlier_length -= whole;
    later += whole;
    later_length -= whole;
  }
  return later_length == 0 || memcmp(earlier, later, later_length) == 0;
}
