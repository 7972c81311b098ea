// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/latency_histogram.h"

#include <boost/test/unit_test.hpp>

namespace saef::bindings {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

BOOST_AUTO_TEST_SUITE(latency_histogram)

BOOST_AUTO_TEST_CASE(a_bound_belongs_to_its_bucket) {
  LatencyHistogram histogram;
  histogram.Add(microseconds(250));
  histogram.Add(nanoseconds(250001));  // a moment longer
  histogram.Add(microseconds(-5));
  histogram.Add(microseconds(10000000));
  histogram.Add(microseconds(10000001));
  const auto reading = histogram.Read();
  BOOST_TEST(reading.buckets[0] == 2u);
  BOOST_TEST(reading.buckets[1] == 1u);
  BOOST_TEST(reading.buckets[SAEF_LATENCY_BUCKETS - 2] == 1u);
  BOOST_TEST(reading.buckets[SAEF_LATENCY_BUCKETS - 1] == 1u);
  BOOST_TEST(reading.count == 5u);
  BOOST_TEST(reading.sum_us == 250u + 251u + 10000000u + 10000001u);
}

BOOST_AUTO_TEST_CASE(bounds_rise) {
  BOOST_TEST(
      std::is_sorted(LatencyHistogram::kBoundsUs.begin(), LatencyHistogram::kBoundsUs.end()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bindings
