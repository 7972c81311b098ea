// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/observe_option.h"

#include <boost/test/unit_test.hpp>

#include "bindings/coap/options.h"

namespace saef::coap {
namespace {

using namespace std::chrono_literals;

ObserveWish WishOf(std::uint8_t code, std::vector<std::string> values) {
  Message message{code, {}, {}};
  for (std::string& value : values) message.options.push_back({kObserve, std::move(value)});
  return ReadObserveWish(message);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(observe_option)

BOOST_AUTO_TEST_CASE(a_get_registers_or_deregisters) {
  BOOST_TEST((WishOf(kGet, {""}) == ObserveWish::kRegister));
  BOOST_TEST((WishOf(kGet, {std::string(1, '\0')}) == ObserveWish::kRegister));
  BOOST_TEST((WishOf(kGet, {"\x01"}) == ObserveWish::kDeregister));
  BOOST_TEST((WishOf(kGet, {}) == ObserveWish::kNone));
}

BOOST_AUTO_TEST_CASE(what_it_cannot_be_is_passed_over) {
  BOOST_TEST((WishOf(kGet, {"\x02"}) == ObserveWish::kNone));
  BOOST_TEST((WishOf(kGet, {"\xff\xff\xff"}) == ObserveWish::kNone));
  BOOST_TEST((WishOf(kGet, {std::string(4, '\0')}) == ObserveWish::kNone));
  BOOST_TEST((WishOf(kGet, {std::string(300, 'x')}) == ObserveWish::kNone));
  for (const std::uint8_t code : {kPost, kPut, kDelete}) {
    BOOST_TEST((WishOf(code, {""}) == ObserveWish::kNone));
  }
  // RFC 7252 5.4.5: the second one isn't there.
  BOOST_TEST((WishOf(kGet, {"", "\x01"}) == ObserveWish::kRegister));
  BOOST_TEST((WishOf(kGet, {"\x01", ""}) == ObserveWish::kDeregister));
}

BOOST_AUTO_TEST_CASE(a_number_is_written_and_read) {
  for (const std::uint32_t number : {0u, 1u, 255u, 256u, 0xffffffu}) {
    Message message;
    WriteObserve(message, number);
    BOOST_TEST((ReadObserve(message) == number));
  }
  Message message;
  WriteObserve(message, 0x1000002);
  BOOST_TEST((ReadObserve(message) == 2u));
}

BOOST_AUTO_TEST_CASE(the_order_goes_round) {
  BOOST_TEST(IsFresher(1, 2, 0s));
  BOOST_TEST(!IsFresher(2, 1, 0s));
  BOOST_TEST(!IsFresher(2, 2, 0s));
  BOOST_TEST(IsFresher(0xffffff, 0, 0s));
  BOOST_TEST(!IsFresher(0, 0xffffff, 0s));
  BOOST_TEST(IsFresher(2, 1, 129s));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap
