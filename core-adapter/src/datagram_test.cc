// SPDX-License-Identifier: BSD-2-Clause
extern "C" {
#include "core-adapter/src/datagram.h"

#include "core-adapter/src/buffer.h"
}

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/abi/client_flight.h"

namespace {

using saef::abi_test::DtlsClientHello;
using saef::abi_test::DtlsFinished;
using saef::abi_test::DtlsKeyExchange;
using saef::abi_test::DtlsKeyExchangeFragment;
using saef::abi_test::Octets;

Octets Join(Octets first, const Octets &second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
bool HasKeyExchange(const Octets &octets) {
  return saef_datagram_has_key_exchange(octets.data(), octets.size()) == 1;
}
bool IsRepeated(const Octets &earlier, const Octets &later) {
  return saef_datagram_is_repeated(earlier.data(), earlier.size(), later.data(), later.size()) == 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(datagram)

BOOST_AUTO_TEST_CASE(finds_the_key_exchange) {
  BOOST_TEST(HasKeyExchange(DtlsKeyExchange("a", 2)));
  BOOST_TEST(HasKeyExchange(DtlsKeyExchangeFragment("abc", 2, 1, 2)));
  BOOST_TEST(HasKeyExchange(Join(DtlsClientHello(1), DtlsKeyExchange("a", 2))));
  BOOST_TEST(!HasKeyExchange(DtlsClientHello(1)));
  BOOST_TEST(!HasKeyExchange(DtlsFinished(0, 16)));  // encrypted: its 16 is no message type
  BOOST_TEST(!HasKeyExchange({}));
}

BOOST_AUTO_TEST_CASE(finds_it_behind_another_message_of_the_same_record) {
  Octets record = DtlsClientHello(1);
  const Octets key_exchange = DtlsKeyExchange("a", 2);
  record.insert(record.end(), key_exchange.begin() + 13, key_exchange.end());
  const size_t length = record.size() - 13;
  record[11] = static_cast<uint8_t>(length >> 8);
  record[12] = static_cast<uint8_t>(length);
  BOOST_TEST(HasKeyExchange(record));
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_length_is_survived) {
  const Octets whole = Join(DtlsClientHello(1), DtlsKeyExchange("abc", 2));
  for (size_t length = 0; length < whole.size(); ++length) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    BOOST_TEST(!HasKeyExchange(cut));
    BOOST_TEST(IsRepeated(cut, cut));
    BOOST_TEST(!IsRepeated(cut, whole));
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    Octets changed = whole;
    changed[at] ^= 0xff;
    HasKeyExchange(changed);
    const bool is_sequence = (at >= 5 && at < 11) || (at >= 70 && at < 76);
    BOOST_TEST(IsRepeated(whole, changed) == is_sequence, "octet " << at);
  }
}

BOOST_AUTO_TEST_CASE(repetition_has_new_sequence_numbers_and_ciphertexts) {
  BOOST_TEST(IsRepeated(DtlsKeyExchange("a", 2), DtlsKeyExchange("a", 7)));
  BOOST_TEST(!IsRepeated(DtlsKeyExchange("a", 2), DtlsKeyExchange("b", 2)));
  BOOST_TEST(IsRepeated(DtlsFinished(0, 1), DtlsFinished(1, 2)));
  BOOST_TEST(!IsRepeated(DtlsFinished(0, 1), DtlsClientHello(1)));
  BOOST_TEST(IsRepeated(Join(DtlsKeyExchange("a", 2), DtlsFinished(0, 1)),
                        Join(DtlsKeyExchange("a", 4), DtlsFinished(1, 9))));
}

BOOST_AUTO_TEST_CASE(buffer_is_bounded) {
  saef_buffer buffer = {};
  const Octets data(100, 5);
  BOOST_TEST(saef_buffer_put(&buffer, data.data(), 100, 150) == 1);
  BOOST_TEST(saef_buffer_put(&buffer, data.data(), 51, 150) == 0);
  BOOST_TEST(saef_buffer_put(&buffer, data.data(), 50, 150) == 1);
  BOOST_TEST(saef_buffer_put(&buffer, data.data(), SIZE_MAX, SIZE_MAX) == 0);
  BOOST_TEST(buffer.length == 150u);
  saef_buffer_drop(&buffer, 149);
  BOOST_TEST(buffer.length == 1u);
  BOOST_TEST(buffer.data[0] == 5);
  saef_buffer_free(&buffer);
  BOOST_TEST(saef_buffer_put_datagram(&buffer, data.data(), 100, 103) == 0);
  BOOST_TEST(buffer.length == 0u);
  saef_buffer_free(&buffer);
}

BOOST_AUTO_TEST_SUITE_END()
