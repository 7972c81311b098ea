// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_exchanges.h"

#include <boost/test/unit_test.hpp>

namespace saef::coap {
namespace {

using bindings::Error;
using std::chrono::seconds;

constexpr Clock::time_point kBegin{std::chrono::hours(1000)};
constexpr Clock::time_point kNever{std::chrono::hours(9000)};

struct Table {
  ClientExchangePtr Make(seconds until) {
    auto exchange = std::make_unique<ClientExchange>();
    exchange->deadline = kBegin + until;
    exchange->done = [this](const bindings::Result<onem2m::ResponsePrimitive>& result) {
      ++ended;
      last = result.error();
    };
    return exchange;
  }
  ClientExchanges exchanges{3};
  int ended = 0;
  boost::system::error_code last;
};

BOOST_FIXTURE_TEST_SUITE(client_exchanges, Table)

BOOST_AUTO_TEST_CASE(each_ends_at_its_own_deadline) {
  exchanges.Add(Make(seconds(5)));
  exchanges.Add(Make(seconds(3)));
  exchanges.Add(Make(seconds(4)));
  exchanges.Sent("token", exchanges.Next());
  BOOST_TEST((exchanges.NextDue(kNever) == kBegin + seconds(3)));
  exchanges.Expire(kBegin + seconds(2), Error::kTimeout);
  BOOST_TEST(ended == 0);
  exchanges.Expire(kBegin + seconds(3), Error::kTimeout);
  BOOST_TEST(ended == 1);
  BOOST_TEST((last == Error::kTimeout));
  BOOST_TEST((exchanges.NextDue(kNever) == kBegin + seconds(4)));
  exchanges.Expire(kBegin + seconds(6), Error::kTimeout);
  BOOST_TEST(ended == 3);
  BOOST_TEST(!exchanges.any_wait());
  BOOST_TEST(exchanges.Find("token") == nullptr);
  BOOST_TEST((exchanges.NextDue(kNever) == kNever));
}

BOOST_AUTO_TEST_CASE(one_that_is_put_back_still_ends) {
  exchanges.Add(Make(seconds(3)));
  ClientExchangePtr exchange = exchanges.Next();
  exchanges.Expire(kBegin + seconds(9), Error::kTimeout);
  exchanges.AddFirst(std::move(exchange));
  BOOST_TEST((exchanges.NextDue(kNever) == kBegin + seconds(3)));
  exchanges.Expire(kBegin + seconds(9), Error::kTimeout);
  BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_CASE(those_beyond_the_bound_are_refused_and_the_window_holds) {
  for (int i = 0; i < 4; ++i) exchanges.Add(Make(seconds(3)));
  BOOST_TEST(ended == 1);
  BOOST_TEST((last == Error::kLimit));
  exchanges.Sent("1", exchanges.Next());
  BOOST_TEST(!exchanges.may_send(1));
  BOOST_TEST(exchanges.may_send(2));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap
