// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/peek_identity.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace saef::bindings {
namespace {

using Kind = PeekedIdentity::Kind;
using std::string_literals::operator""s;

std::span<const std::uint8_t> Octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string Number(std::size_t number, int width) {
  std::string octets;
  for (int i = width - 1; i >= 0; --i) octets += static_cast<char>(number >> (8 * i) & 0xff);
  return octets;
}

// ---- The bodies of ClientKeyExchange ----

std::string Psk(std::string_view identity) {
  return Number(identity.size(), 2) + std::string(identity);
}
const std::string kPoint = "\x41\x04"s + std::string(64, 'p');

// ---- TLS ----

std::string TlsRecord(int type, std::string_view content) {
  return static_cast<char>(type) + "\x03\x03"s + Number(content.size(), 2) + std::string(content);
}
std::string TlsMessage(int type, std::string_view body) {
  return static_cast<char>(type) + Number(body.size(), 3) + std::string(body);
}
const std::string kHello = TlsMessage(1, std::string(200, 'h'));
const std::string kFinished = TlsRecord(20, "\x01") + TlsRecord(22, std::string(40, 'f'));

PeekedIdentity PeekTls(std::string_view stream) { return PeekTlsIdentity(Octets(stream)); }
std::string Flight(std::string_view body) {
  return TlsRecord(22, kHello) + TlsRecord(22, TlsMessage(16, body)) + kFinished;
}
// The same, in records as hardly anybody makes them.
std::string UnusualFlight(std::string_view body) {
  return TlsRecord(22, kHello.substr(0, 50)) + TlsRecord(22, kHello.substr(50)) +
         TlsRecord(22, TlsMessage(16, body)) + kFinished;
}

std::string Text(const PeekedIdentity& found) {
  switch (found.kind) {
    case Kind::kIdentity:
      return std::string(found.octets.begin(), found.octets.begin() + found.length);
    case Kind::kNeedMore:
      return "<need more>";
    case Kind::kNone:
      return "<none>";
    default:
      return "<invalid>";
  }
}

BOOST_AUTO_TEST_SUITE(peek_identity)

BOOST_AUTO_TEST_CASE(tls_key_exchanges) {
  const struct {
    const char* name;
    std::string body;
    std::string expected;
  } kCases[] = {
      {"plain PSK", Psk("A1@maf.example.com"), "A1@maf.example.com"},
      {"one octet", Psk("x"), "x"},
      {"128 octets", Psk(std::string(128, 'i')), std::string(128, 'i')},
      {"65 octets, the length of a point", Psk(std::string(65, 'i')), std::string(65, 'i')},
      {"not UTF-8", Psk("\xff\xfe"), "\xff\xfe"},
      {"ECDHE_PSK", Psk("abc") + kPoint, "abc"},
      {"DHE_PSK", Psk("abc") + Number(256, 2) + std::string(256, 'y'), "abc"},
      {"ECDHE_ECDSA", kPoint, "<none>"},
      {"ECDHE with X25519", "\x20"s + std::string(32, 'x'), "<none>"},
      {"empty: fixed Diffie-Hellman", "", "<none>"},
      {"one octet in all", "\x01", "<invalid>"},
      {"empty identity", Psk(""), "<invalid>"},
      {"empty identity, ECDHE_PSK", Psk("") + kPoint, "<invalid>"},
      {"129 octets", Psk(std::string(129, 'i')), "<invalid>"},
      {"256 octets", Psk(std::string(256, 'i')), "<invalid>"},
      {"NUL inside", Psk("a\0b"s), "<invalid>"},
      {"NUL at the end", Psk("ab\0"s), "<invalid>"},
      {"identity longer than the body", Number(5, 2) + "abc", "<invalid>"},
      {"a stray octet behind it", Psk("abc") + "d", "<invalid>"},
      {"a point that doesn't fill the body", Psk("abc") + kPoint + "d", "<invalid>"},
      {"a point that is cut", Psk("abc") + kPoint.substr(0, 60), "<invalid>"},
      {"longer than any", Psk("abc") + Number(4096, 2) + std::string(4096, 'y'), "<invalid>"},
  };
  for (const auto& test : kCases) {
    BOOST_TEST_CONTEXT(test.name) {
      BOOST_TEST(Text(PeekTls(Flight(test.body))) == test.expected);
      BOOST_TEST(Text(PeekTls(UnusualFlight(test.body))) == test.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(tls_every_prefix_needs_more) {
  const std::string whole =
      TlsRecord(22, kHello) + TlsRecord(22, TlsMessage(16, Psk("A1@m.example")));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    BOOST_REQUIRE(Text(PeekTls(whole.substr(0, length))) == "<need more>");
  }
  BOOST_TEST(Text(PeekTls(whole)) == "A1@m.example");
}

BOOST_AUTO_TEST_CASE(tls_messages_and_records_need_not_end_together) {
  const std::string messages =
      kHello + TlsMessage(11, std::string(700, 'c')) + TlsMessage(16, Psk("A1@m.example"));
  for (std::size_t size : {1u, 2u, 3u, 7u, 100u, 210u, 2000u}) {
    std::string stream;
    for (std::size_t at = 0; at < messages.size(); at += size) {
      stream += TlsRecord(22, std::string_view(messages).substr(at, size));
    }
    BOOST_TEST_CONTEXT(size) { BOOST_TEST(Text(PeekTls(stream)) == "A1@m.example"); }
  }
}

BOOST_AUTO_TEST_CASE(tls_what_may_stand_between) {
  const std::string exchange = TlsRecord(22, TlsMessage(16, Psk("A1@m.example")));
  const std::string hello = TlsRecord(22, kHello);
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(21, "\x01\x5a") + exchange)) == "A1@m.example");
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(22, TlsMessage(11, "\0\0\0"s)) + exchange)) ==
             "A1@m.example");
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(22, TlsMessage(23, "")) + exchange)) == "A1@m.example");
  BOOST_TEST(Text(PeekTls(hello + hello + exchange)) == "A1@m.example");
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(20, "\x01") + exchange)) == "<none>");
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(23, "data") + exchange)) == "<none>");
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(22, TlsMessage(15, "verify")) + exchange)) == "<none>");
  BOOST_TEST(Text(PeekTls(exchange)) == "<none>");
}

BOOST_AUTO_TEST_CASE(tls_other_bytes) {
  for (const std::string& bytes :
       {"GET / HTTP/1.1\r\n\r\n"s, "\x80\x2e\x01\x03\x01"s, "\x16\x02\x00\x00\x01x"s,
        "\x16\xfe\xfd\x00\x01x"s, "\x16\x03\x01\xff\xff"s, "\0"s}) {
    BOOST_TEST(Text(PeekTls(bytes)) == "<none>");
  }
  BOOST_TEST(Text(PeekTls("\x16\x03\x01\0\0"s)) == "<invalid>");
  // What would be the usual messages, in what are no records of a handshake.
  const std::string hello = TlsRecord(22, kHello);
  const std::string exchange = TlsRecord(22, TlsMessage(16, Psk("A1@m.example")));
  BOOST_TEST(Text(PeekTls(TlsRecord(23, kHello) + exchange)) == "<none>");
  BOOST_TEST(Text(PeekTls(hello + TlsRecord(23, exchange.substr(5)))) == "<none>");
  for (const std::size_t version : {std::size_t{1}, hello.size() + 1}) {
    std::string other = hello + exchange;
    other[version] = 2;
    BOOST_TEST(Text(PeekTls(other)) == "<none>");
  }
}

// ---- DTLS ----

std::string DtlsRecord(int type, int epoch, int sequence, std::string_view content) {
  return static_cast<char>(type) + "\xfe\xfd"s + Number(epoch, 2) + Number(sequence, 6) +
         Number(content.size(), 2) + std::string(content);
}
std::string Fragment(int type, int sequence, std::string_view body, std::size_t offset,
                     std::size_t length) {
  return static_cast<char>(type) + Number(body.size(), 3) + Number(sequence, 2) +
         Number(offset, 3) + Number(length, 3) + std::string(body.substr(offset, length));
}
std::string Message(int type, int sequence, std::string_view body) {
  return Fragment(type, sequence, body, 0, body.size());
}
std::string Handshake(int record, std::string_view content) {
  return DtlsRecord(22, 0, record, content);
}
PeekedIdentity PeekDtls(std::string_view datagrams) { return PeekDtlsIdentity(Octets(datagrams)); }

const std::string kBody = Psk("A1@maf.example.com");
const std::string kDtlsHello = Handshake(0, Message(1, 0, std::string(150, 'h')));

BOOST_AUTO_TEST_CASE(dtls_whole_messages) {
  const std::string exchange = Handshake(2, Message(16, 2, kBody));
  const std::string rest =
      DtlsRecord(20, 0, 3, "\x01") + DtlsRecord(22, 1, 0, std::string(60, 'f'));
  BOOST_TEST(Text(PeekDtls(kDtlsHello)) == "<need more>");
  BOOST_TEST(Text(PeekDtls(exchange)) == "A1@maf.example.com");
  BOOST_TEST(Text(PeekDtls(exchange + rest)) == "A1@maf.example.com");
  BOOST_TEST(Text(PeekDtls(kDtlsHello + exchange + rest)) == "A1@maf.example.com");
  BOOST_TEST(Text(PeekDtls(rest + exchange)) == "A1@maf.example.com");
  BOOST_TEST(Text(PeekDtls(rest)) == "<need more>");
  BOOST_TEST(Text(PeekDtls("")) == "<need more>");
}

BOOST_AUTO_TEST_CASE(dtls_several_messages_in_a_record) {
  const std::string content = Message(11, 1, std::string(30, 'c')) + Message(16, 2, kBody);
  BOOST_TEST(Text(PeekDtls(Handshake(1, content))) == "A1@maf.example.com");
}

BOOST_AUTO_TEST_CASE(dtls_fragments_in_any_order_with_repetitions) {
  std::vector<std::string> datagrams;
  for (std::size_t at = 0; at < kBody.size(); at += 4) {
    const std::size_t length = std::min<std::size_t>(4, kBody.size() - at);
    datagrams.push_back(Handshake(static_cast<int>(2 + at), Fragment(16, 2, kBody, at, length)));
  }
  std::sort(datagrams.begin(), datagrams.end());
  int permutations = 0;
  do {
    std::string all;
    for (const std::string& datagram : datagrams) {
      BOOST_REQUIRE(Text(PeekDtls(all)) == "<need more>");
      all += datagram;
      if (permutations % 2 == 0) all += kDtlsHello;
    }
    BOOST_REQUIRE(Text(PeekDtls(all)) == "A1@maf.example.com");
    // All but the last, twice, is still not the whole.
    const std::string part = all.substr(0, all.size() / 2);
    BOOST_REQUIRE(Text(PeekDtls(datagrams[0] + datagrams[0] + datagrams[1])) == "<need more>");
  } while (std::next_permutation(datagrams.begin(), datagrams.end()) && ++permutations < 200);
}

BOOST_AUTO_TEST_CASE(dtls_overlapping_fragments) {
  const std::string all = Handshake(2, Fragment(16, 2, kBody, 0, 9)) +
                          Handshake(3, Fragment(16, 2, kBody, 5, kBody.size() - 5));
  BOOST_TEST(Text(PeekDtls(all)) == "A1@maf.example.com");
}

BOOST_AUTO_TEST_CASE(dtls_what_came_first_stays) {
  const std::string other = Psk("B2@maf.example.org");
  const std::string all = Handshake(2, Fragment(16, 2, kBody, 0, 9)) +
                          Handshake(3, Fragment(16, 2, other, 0, other.size()));
  BOOST_TEST(Text(PeekDtls(all)) == "A1@maf.example.org");
}

BOOST_AUTO_TEST_CASE(dtls_fragments_of_another_message_are_not_of_it) {
  const std::string other = Psk("B2@maf.example.com");
  const std::string half = Handshake(2, Fragment(16, 2, kBody, 0, 10));
  const std::string foreign = Handshake(3, Fragment(16, 3, other, 10, other.size() - 10));
  const std::string longer = Handshake(4, Fragment(16, 2, other + "x", 10, other.size() - 9));
  const std::string rest = Handshake(5, Fragment(16, 2, kBody, 10, kBody.size() - 10));
  BOOST_TEST(Text(PeekDtls(half + foreign + longer)) == "<need more>");
  BOOST_TEST(Text(PeekDtls(half + foreign + longer + rest)) == "A1@maf.example.com");
}

BOOST_AUTO_TEST_CASE(dtls_key_exchanges) {
  const auto peek = [](const std::string& body) {
    return Text(PeekDtls(Handshake(2, Message(16, 2, body))));
  };
  BOOST_TEST(peek(kPoint) == "<none>");
  BOOST_TEST(peek(Psk("abc") + kPoint) == "abc");
  BOOST_TEST(peek(Psk("")) == "<invalid>");
  BOOST_TEST(peek(Psk("a\0b"s)) == "<invalid>");
  BOOST_TEST(peek(Psk(std::string(129, 'i'))) == "<invalid>");
  BOOST_TEST(peek("") == "<none>");
}

BOOST_AUTO_TEST_CASE(dtls_what_is_malformed_is_discarded) {
  const std::string exchange = Handshake(2, Message(16, 2, kBody));
  // Fragments beyond their message, one beyond its record.
  const std::string too_long = "\x10"s + Number(kBody.size(), 3) + Number(2, 2) + Number(0, 3) +
                               Number(kBody.size() + 1, 3) + kBody + "x";
  BOOST_TEST(Text(PeekDtls(Handshake(1, too_long))) == "<need more>");
  const std::string beyond =
      Handshake(1, "\x10"s + Number(10, 3) + Number(2, 2) + Number(8, 3) + Number(4, 3) + "abcd");
  const std::string cut = Handshake(1, Message(16, 2, kBody).substr(0, 20));
  BOOST_TEST(Text(PeekDtls(beyond)) == "<need more>");
  BOOST_TEST(Text(PeekDtls(cut)) == "<need more>");
  BOOST_TEST(Text(PeekDtls(cut + exchange)) == "A1@maf.example.com");
  BOOST_TEST(Text(PeekDtls(exchange.substr(0, exchange.size() - 1))) == "<none>");
  BOOST_TEST(Text(PeekDtls(kDtlsHello + "junk")) == "<need more>");
  // Protected records hold no identity, whatever they look like.
  BOOST_TEST(Text(PeekDtls(DtlsRecord(22, 1, 0, Message(16, 2, kBody)))) == "<need more>");
}

BOOST_AUTO_TEST_CASE(dtls_other_bytes) {
  for (const std::string& bytes : {"\x40\x01\x00\x01"s, TlsRecord(22, kHello), "\x16"s, "GET /"s,
                                   "\x19\xfe\xfd"s + std::string(20, 'c')}) {
    BOOST_TEST(Text(PeekDtls(bytes)) == "<none>");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bindings
