// SPDX-License-Identifier: GPL-3.0-or-later
//
// Debian's CoAP clients, on OpenSSL and on GnuTLS, against the CSE. They take a key as text, so Kc
// is a self-generated printable one.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/abi/child_process.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {
namespace {

using abi_test::ChildProcess;

constexpr const char* kClients[] = {"coap-client-openssl", "coap-client-gnutls"};

Key PrintableKey(const Parties& parties) {
  KeyWish wish;
  wish.kc = onem2m::Secret::Random(16)->ToHex();
  return parties.Register(wish);
}

std::string Text(const onem2m::Secret& kc) {
  return {reinterpret_cast<const char*>(kc.data()), kc.size()};
}

// CREATE <AE> at CSEBase, with the options of TS-0008 as numbers (facts of V3.9: FR 279, RQI 283,
// TY 267, RVI 271); everything that the client printed. It is killed then, and closes no session.
// `port`: its own; 0: any.
std::string CreateAe(const std::string& program, const Parties& parties, const std::string& kc_id,
                     const std::string& kc, const std::string& from,
                     const std::string& port = "0") {
  ChildProcess client({program,
                       "-p",
                       port,
                       "-v",
                       "7",
                       "-B",
                       "30",
                       "-m",
                       "post",
                       "-u",
                       kc_id,
                       "-k",
                       kc,
                       "-O",
                       "279," + from,
                       "-O",
                       "283,r1",
                       "-O",
                       "267,0x02",
                       "-O",
                       "271,3",
                       "-t",
                       "50",
                       "-e",
                       R"({"m2m:ae":{"api":"N.stock","rr":false}})",
                       parties.uri("coaps") + "/base"});
  client.CloseInput();
  // It shows an answer, and then goes on waiting for one without options that it doesn't know.
  client.AwaitText("unknown critical option 271");
  return client.output();
}

// One that nobody has now.
std::uint16_t UnusedPort() {
  boost::asio::io_context context;
  using boost::asio::ip::udp;
  return udp::socket(context, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0))
      .local_endpoint()
      .port();
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(stock_coap)

BOOST_AUTO_TEST_CASE(registers_its_ae_and_no_other) {
  for (const char* program : kClients) {
    BOOST_TEST_CONTEXT(program) {
      Parties parties;
      const Key key = PrintableKey(parties);
      const std::string spoofed = CreateAe(program, parties, key.kc_id, Text(key.kc), "Cother");
      BOOST_TEST(Contains(spoofed, "c:4.03"), spoofed);
      BOOST_TEST(!Contains(spoofed, "c:2.01"), spoofed);
      BOOST_TEST(parties.cse().resources() == 1U);
      const std::string created = CreateAe(program, parties, key.kc_id, Text(key.kc), "Cae1");
      BOOST_TEST(Contains(created, "c:2.01"), created);
      BOOST_TEST(parties.cse().resources() == 2U);
    }
  }
}

// As a device that lost its power and takes the same port again (RFC 6347 4.2.8).
BOOST_AUTO_TEST_CASE(comes_back_from_its_port) {
  for (const char* program : kClients) {
    BOOST_TEST_CONTEXT(program) {
      Parties parties;
      const Key key = PrintableKey(parties);
      const std::string port = std::to_string(UnusedPort());
      const std::string created = CreateAe(program, parties, key.kc_id, Text(key.kc), "Cae1", port);
      BOOST_TEST(Contains(created, "c:2.01"), created);
      for (int i = 0; i < 2; ++i) {
        const std::string again = CreateAe(program, parties, key.kc_id, Text(key.kc), "Cae1", port);
        BOOST_TEST(Contains(again, "Cae1 is registered already"), again);
      }
      BOOST_TEST(parties.cse().resources() == 2U);
    }
  }
}

BOOST_AUTO_TEST_CASE(gets_nowhere_without_a_good_key) {
  for (const char* program : kClients) {
    BOOST_TEST_CONTEXT(program) {
      Parties parties;
      const Key key = PrintableKey(parties);
      const std::string unknown =
          CreateAe(program, parties, "0123456789ABCDEF0123456789ABCDEF@maf.example.com",
                   Text(key.kc), "Cae1");
      BOOST_TEST(!Contains(unknown, "c:2.01"), unknown);
      BOOST_TEST(parties.cse().resources() == 1U);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
