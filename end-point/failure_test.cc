// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/failure.h"

#include <boost/test/unit_test.hpp>

#include "bindings/error.h"
#include "onem2m/error.h"

namespace saef::end_point {
namespace {

using bindings::Error;

BOOST_AUTO_TEST_SUITE(failure)

BOOST_AUTO_TEST_CASE(each_error_is_of_a_kind) {
  const std::pair<Error, FailureKind> kinds[] = {
      {Error::kUnreachable, FailureKind::kUnreachable},
      {Error::kTimeout, FailureKind::kUnreachable},
      {Error::kClosed, FailureKind::kUnreachable},
      {Error::kCredentialRefused, FailureKind::kRefused},
      {Error::kPeerNotAuthentic, FailureKind::kRefused},
      {Error::kHandshake, FailureKind::kRefused},
      {Error::kBadResponse, FailureKind::kBadAnswer},
      {Error::kNoExtendedMasterSecret, FailureKind::kBadAnswer},
      {Error::kBadRequest, FailureKind::kLocal},
      {Error::kTooLarge, FailureKind::kLocal},
      {Error::kBadUri, FailureKind::kLocal},
      {Error::kListen, FailureKind::kLocal},
      {Error::kNotEstablished, FailureKind::kLocal},
      {Error::kLimit, FailureKind::kLocal},
      {Error::kLibrary, FailureKind::kLocal},
      {Error::kUnsupported, FailureKind::kLocal},
  };
  for (const auto& [error, kind] : kinds) {
    const boost::system::error_code code = error;
    BOOST_TEST((KindOf(code) == kind), code.message());
    const Failure failure = MakeFailure(Party::kMef, code, "enrolling");
    BOOST_TEST((failure.kind == kind));
    BOOST_TEST(failure.text == "the MEF, enrolling: " + code.message());
  }
}

// Numbers alone say nothing.
BOOST_AUTO_TEST_CASE(another_s_error_is_our_own) {
  const boost::system::error_code unreachable = Error::kUnreachable;
  const boost::system::error_code system(unreachable.value(), boost::system::system_category());
  BOOST_TEST((KindOf(system) == FailureKind::kLocal));
  BOOST_TEST((KindOf(make_error_code(onem2m::Error::kMemory)) == FailureKind::kLocal));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::end_point
