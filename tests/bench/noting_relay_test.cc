// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/noting_relay.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/abi/client_flight.h"

namespace saef::bench {
namespace {

using What = Passed::What;
using boost::asio::ip::udp;

// A server that sends back what it gets, in steps; and a client of it through the relay.
struct RelayFixture {
  boost::asio::io_context io;
  udp::socket server{io, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  NotingRelay relay{server.local_endpoint().port()};
  udp::socket client{io, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};

  // The datagram as it comes back.
  abi_test::Octets Exchange(const abi_test::Octets& datagram) {
    const udp::endpoint to(boost::asio::ip::address_v4::loopback(), relay.port());
    client.send_to(boost::asio::buffer(datagram), to);
    std::array<std::uint8_t, 2048> room;
    udp::endpoint from;
    std::size_t length = server.receive_from(boost::asio::buffer(room), from);
    server.send_to(boost::asio::buffer(room.data(), length), from);
    length = client.receive_from(boost::asio::buffer(room), from);
    BOOST_TEST(from.port() == relay.port());
    return {room.data(), room.data() + length};
  }
};

BOOST_FIXTURE_TEST_SUITE(noting_relay, RelayFixture)

BOOST_AUTO_TEST_CASE(each_datagram_passes_and_is_noted) {
  abi_test::Octets change = abi_test::DtlsFinished(2, 7);
  change[0] = 20;
  abi_test::Octets data = abi_test::DtlsFinished(3, 7);
  data[0] = 23;
  const std::pair<abi_test::Octets, What> all[] = {
      {abi_test::DtlsClientHello(0), What::kHandshake},
      {abi_test::DtlsKeyExchange("a@b", 1), What::kClientKeyExchange},
      {change, What::kChangeCipherSpec},
      {data, What::kApplicationData},
      {{'n', 'o'}, What::kOther},
  };
  for (const auto& [datagram, what] : all) {
    BOOST_TEST(Exchange(datagram) == datagram, boost::test_tools::per_element());
    const auto passed = relay.Take();
    BOOST_REQUIRE(passed.size() == 2U);
    BOOST_TEST(passed[0].to_server);
    BOOST_TEST(!passed[1].to_server);
    BOOST_TEST((passed[0].what == what));
    BOOST_TEST((passed[1].what == what));
    BOOST_TEST((passed[0].at <= passed[1].at));
  }
}

BOOST_AUTO_TEST_CASE(the_first_of_a_kind_is_found) {
  Exchange(abi_test::DtlsClientHello(0));
  Exchange(abi_test::DtlsClientHello(1));
  const auto passed = relay.Take();
  BOOST_REQUIRE(passed.size() == 4U);
  BOOST_TEST((FirstOf(passed, true, What::kHandshake) == passed[0].at));
  BOOST_TEST((FirstOf(passed, true, What::kHandshake, passed[1].at) == passed[2].at));
  BOOST_TEST((FirstOf(passed, false, What::kHandshake) == passed[1].at));
  BOOST_TEST(!FirstOf(passed, true, What::kApplicationData).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
