// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/address.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

std::string Read(std::string_view to) {
  const auto segments = ReadAddress(to, test::Self());
  if (!segments) {
    return std::to_string(onem2m::Number(segments.error().status));
  }
  std::string joined;
  for (const std::string_view segment : *segments) {
    joined += "[" + std::string(segment) + "]";
  }
  return joined;
}

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(reads_every_form_and_refuses_what_is_none) {
  std::string many = "a";
  for (int i = 0; i < 64; ++i) {
    many += "/a";
  }
  const std::pair<std::string, std::string> cases[] = {
      {"base", "[base]"},
      {"base/ae1/la", "[base][ae1][la]"},
      {"Cae1", "[Cae1]"},
      {"cse1", "[cse1]"},
      {"/cse1", ""},
      {"/cse1/base/x", "[base][x]"},
      {"//sp.example.com/cse1", ""},
      {"//sp.example.com/cse1/Cae1/x", "[Cae1][x]"},
      {"//SP.example.com/cse1/base", "[base]"},
      {"/cse2/base", "5103"},
      {"/CSE1/base", "5103"},
      {"/cse10", "5103"},
      {"//sp.example.org/cse1/base", "5103"},
      {"//sp.example.com", "5103"},
      {"//sp.example.com/", "5103"},
      {"//", "5103"},
      {"/", "5103"},
      {"", "4000"},
      {"base/", "4000"},
      {"base//x", "4000"},
      {"/cse1/", "4000"},
      {"/cse1//base", "4000"},
      {"//sp.example.com/cse1/", "4000"},
      {"///cse1", "5103"},
      {many, "4000"},
      {std::string(2049, 'a'), "4000"},
      {std::string(2048, 'a'), "[" + std::string(2048, 'a') + "]"},
  };
  for (const auto& [to, right] : cases) {
    BOOST_TEST(Read(to) == right, to << ": " << Read(to));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
