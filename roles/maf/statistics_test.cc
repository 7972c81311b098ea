// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/statistics.h"

#include <boost/test/unit_test.hpp>

#include "roles/statistics/exposition.h"
#include "roles/statistics/text_format_check.h"

namespace saef::maf {
namespace {

using onem2m::Operation;
using onem2m::ResponseStatusCode;
using std::chrono::milliseconds;

onem2m::RequestPrimitive RequestOf(Operation operation, std::string to) {
  onem2m::RequestPrimitive request;
  request.operation = operation;
  request.to = std::move(to);
  return request;
}

BOOST_AUTO_TEST_SUITE(maf_statistics)

BOOST_AUTO_TEST_CASE(procedures_are_told_apart) {
  const struct {
    Operation operation;
    const char* to;
    Procedure procedure;
  } kCases[] = {
      {Operation::kCreate, "kr", Procedure::kRegistration},
      {Operation::kNotify, "/kr", Procedure::kRegistration},
      {Operation::kRetrieve, "kr", Procedure::kOther},
      {Operation::kRetrieve, "/kr/ABC", Procedure::kRetrieval},
      {Operation::kUpdate, "kr/ABC", Procedure::kTargetUpdate},
      {Operation::kDelete, "kr/ABC", Procedure::kDeregistration},
      {Operation::kCreate, "kr/ABC", Procedure::kOther},
      {Operation::kRetrieve, "krABC", Procedure::kOther},
      {Operation::kRetrieve, "", Procedure::kOther},
      {Operation::kRetrieve, "km", Procedure::kOther},
  };
  for (const auto& test : kCases) {
    BOOST_TEST((ProcedureOf(RequestOf(test.operation, test.to)) == test.procedure), test.to);
  }
}

BOOST_AUTO_TEST_CASE(answers_times_and_keys_are_counted) {
  Statistics counted;
  counted.KeysChanged(3);
  counted.ForgetKeys();
  counted.KeysChanged(10);
  counted.KeysChanged(3);
  counted.KeysChanged(-1);
  for (int i = 0; i < 3; ++i) {
    counted.Count(Procedure::kRegistration, ResponseStatusCode::kCreated, milliseconds(2));
  }
  counted.Count(Procedure::kRegistration, ResponseStatusCode::kOriginatorHasNoPrivilege,
                milliseconds(2));
  counted.Count(Procedure::kDeregistration, ResponseStatusCode::kDeleted, milliseconds(2));
  counted.Count(Procedure::kDeregistration, ResponseStatusCode::kNotFound, milliseconds(2));
  counted.Count(Procedure::kRetrieval, ResponseStatusCode::kUnsupportedMediaType, milliseconds(2));
  counted.Expired(5);
  const std::string text = statistics::ToText(counted.Collect());
  BOOST_TEST(statistics::FaultOfText(text) == "", text);
  BOOST_TEST(text.find("conflict") == std::string::npos);  // there was none
  for (const char* line :
       {"\nsaef_maf_registrations_total{outcome=\"created\"} 3\n",
        "\nsaef_maf_registrations_total{outcome=\"originator_has_no_privilege\"} 1\n",
        "\nsaef_maf_retrievals_total{outcome=\"ok\"} 0\n",
        "\nsaef_maf_retrievals_total{outcome=\"other\"} 1\n",
        "\nsaef_maf_deregistrations_total{outcome=\"deleted\"} 1\n",
        "\nsaef_maf_request_seconds_bucket{le=\"0.001\"} 0\n",
        "\nsaef_maf_deregistrations_total{outcome=\"not_found\"} 1\n",
        "\nsaef_maf_request_seconds_bucket{le=\"0.0025\"} 7\n", "\nsaef_maf_keys 7\n",
        "\nsaef_maf_keys_expired_total 5\n"}) {
    BOOST_TEST(text.find(line) != std::string::npos, line << " isn't in\n" << text);
  }
}

// Of keys that another process on the same store has added.
BOOST_AUTO_TEST_CASE(there_are_never_less_than_no_keys) {
  Statistics counted;
  counted.KeysChanged(1);
  counted.Expired(3);
  const std::string text = statistics::ToText(counted.Collect());
  BOOST_TEST(text.find("\nsaef_maf_keys 0\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
