// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/query.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using onem2m::Operation;
using test::Parameters;

int Status(Operation operation, const Parameters& parameters) {
  const auto query = ReadQuery(operation, parameters);
  return query ? 0 : onem2m::Number(query.error().status);
}

BOOST_AUTO_TEST_SUITE(query)

BOOST_AUTO_TEST_CASE(takes_what_the_operation_has_and_refuses_the_rest) {
  const Operation c = Operation::kCreate;
  const Operation r = Operation::kRetrieve;
  const Operation u = Operation::kUpdate;
  const Operation d = Operation::kDelete;
  const struct {
    Operation operation;
    Parameters parameters;
    int status;
  } cases[] = {
      {c, {}, 0},
      {c, {{"rcn", "0"}}, 0},
      {c, {{"rcn", "2"}}, 0},
      {c, {{"rcn", "3"}}, 0},
      {c, {{"rcn", "5"}}, 4000},
      {c, {{"fu", "1"}}, 4000},
      {r, {{"rcn", "1"}}, 0},
      {r, {{"rcn", "5"}}, 0},
      {r, {{"rcn", "6"}, {"lvl", "1"}}, 0},
      {r, {{"rcn", "0"}}, 4000},
      {r, {{"rcn", "2"}}, 4000},
      {r, {{"rcn", "4"}}, 5001},
      {r, {{"rcn", "8"}}, 5001},
      {r, {{"rcn", "99"}}, 4000},
      {r, {{"rcn", "-1"}}, 4000},
      {r, {{"rcn", "1x"}}, 4000},
      {r, {{"rcn", ""}}, 4000},
      {r, {{"rcn", "99999999999999999999"}}, 4000},
      {r, {{"rcn", "11"}}, 4000},
      {r, {{"fu", "1"}, {"rcn", "11"}}, 0},
      {r, {{"fu", "1"}, {"rcn", "6"}}, 0},
      {r, {{"fu", "1"}, {"rcn", "5"}}, 4000},
      {r, {{"fu", "1"}, {"ty", "2"}, {"ty", "3 4"}, {"lbl", "a+b"}, {"lim", "5"}}, 0},
      {r, {{"fu", "2"}}, 0},
      {r, {{"fu", "3"}}, 5001},
      {r, {{"fu", "4"}}, 4000},
      {r, {{"ty", "2"}}, 5001},
      {r, {{"fu", "1"}, {"ty", "x"}}, 4000},
      {r, {{"fu", "1"}, {"ty", ""}}, 4000},
      {r, {{"fu", "1"}, {"lim", "0"}}, 4000},
      {r, {{"fu", "1"}, {"drt", "2"}}, 0},
      {r, {{"fu", "1"}, {"drt", "3"}}, 4000},
      {r, {{"fu", "1"}, {"crb", "20200101T000000"}}, 5001},
      {r, {{"rt", "3"}}, 0},
      {r, {{"rt", "1"}}, 5001},
      {r, {{"rt", "9"}}, 4000},
      {r, {{"nonsense", "1"}}, 4000},
      {u, {{"rcn", "0"}}, 0},
      {u, {{"rcn", "2"}}, 4000},
      {d, {{"rcn", "1"}}, 0},
      {d, {{"rcn", "6"}}, 4000},
  };
  for (const auto& [operation, parameters, status] : cases) {
    const std::string shown = parameters.empty()
                                  ? std::string("none")
                                  : parameters.back().first + "=" + parameters.back().second;
    BOOST_TEST(Status(operation, parameters) == status,
               onem2m::Name(operation) << " " << shown << ": " << Status(operation, parameters));
  }
}

BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_operation) {
  BOOST_TEST((ReadQuery(Operation::kCreate, {})->result == ResultContent::kAttributes));
  BOOST_TEST((ReadQuery(Operation::kDelete, {})->result == ResultContent::kNothing));
  BOOST_TEST((ReadQuery(Operation::kRetrieve, {{"fu", "1"}})->result ==
              ResultContent::kDiscoveryReferences));
}

BOOST_AUTO_TEST_CASE(several_values_stand_in_one_parameter_or_in_several) {
  const auto query =
      ReadQuery(Operation::kRetrieve, {{"fu", "1"}, {"ty", "2+3"}, {"ty", "4"}, {"lbl", "a b+c"}});
  BOOST_REQUIRE(query.has_value());
  BOOST_TEST(query->types == std::vector<int>({2, 3, 4}), boost::test_tools::per_element());
  BOOST_TEST(query->labels == std::vector<std::string>({"a b", "c"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(criteria_are_bounded) {
  Parameters many = {{"fu", "1"}};
  for (int i = 0; i < 65; ++i) {
    many.emplace_back("lbl", "x");
  }
  BOOST_TEST(Status(Operation::kRetrieve, many) == 4000);
  BOOST_TEST(Status(Operation::kRetrieve, {{"fu", "1"}, {"lbl", std::string(1000, '+')}}) == 4000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
