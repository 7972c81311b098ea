// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/suid.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <set>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

BOOST_AUTO_TEST_SUITE(suid)

BOOST_AUTO_TEST_CASE(exactly_the_standard_s_numbers) {
  const std::set<long long> known = {10, 11, 12, 13, 14, 15, 21, 22, 23, 24, 25,
                                     32, 33, 34, 35, 40, 41, 42, 43, 44, 45};
  for (long long number = -300; number <= 300; ++number) {
    BOOST_TEST_INFO(number);
    const auto suid = ToSuid(number);
    BOOST_TEST(suid.has_value() == known.contains(number));
    if (suid) BOOST_TEST(static_cast<int>(*suid) == number);
    if (suid) BOOST_TEST(!Describe(*suid).empty());
  }
  // 2^32 + 32 and the like must not wrap into range.
  for (const long long number :
       {(1LL << 32) + 32, (1LL << 32) * 7 + 32, -(1LL << 32) + 32,
        std::numeric_limits<long long>::max(), std::numeric_limits<long long>::min()}) {
    BOOST_TEST(ErrorOf(ToSuid(number)) == Text(Error::kOutOfRange));
  }
}

BOOST_AUTO_TEST_CASE(what_a_maf_distributes_and_to_how_many) {
  for (int number = 10; number < 50; ++number) {
    const auto suid = ToSuid(number);
    if (!suid) continue;
    BOOST_TEST_INFO(number);
    BOOST_TEST(IsDistributedByMaf(*suid) == (number >= 32 && number <= 35));
    BOOST_TEST(AllowsSeveralTargets(*suid) == (number == 34 || number == 35));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
