// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/certificate_end.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/certificate.h"
#include "onem2m/test_certificates.h"
#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

using EndChain = std::vector<std::string>;

const Time kEndNow = *ParseTimestamp("20250615T120000");

struct EndPki : CertificateMaker {
  std::string Ca(const std::string& name, const std::string& issuer, const std::string& end) {
    return Make(name, {issuer, ForCa(), "20200101000000Z", end});
  }
  std::string Leaf(const std::string& issuer, const std::string& end) {
    return Make("leaf", {issuer, For("DNS:cse2.sp.example.com"), "20200101000000Z", end});
  }
  // As a timestamp, or the reason.
  static std::string End(const EndChain& chain, const EndChain& anchors, Time now = kEndNow) {
    const auto end = EndOfCertificateChain(chain, anchors, now);
    return end ? FormatTimestamp(*end) : end.error().message();
  }
};

BOOST_AUTO_TEST_SUITE(certificate_end)

BOOST_FIXTURE_TEST_CASE(the_first_of_the_path_to_end_counts, EndPki) {
  const std::string root = Ca("root", "", "20400101000000Z");
  const std::string sub = Ca("sub", "root", "20300101000000Z");
  const std::string early = Leaf("sub", "20260101000000Z");
  BOOST_TEST(End({early, sub}, {root}) == "20260101T000001");
  const std::string late = Leaf("sub", "20500101000000Z");
  BOOST_TEST(End({late, sub}, {root}) == "20300101T000001");
  BOOST_TEST(End({late, sub, root}, {root}) == "20300101T000001");
  const std::string direct = Leaf("root", "20500101000000Z");
  BOOST_TEST(End({direct}, {root}) == "20400101T000001");  // the anchor's
  // It is valid until then, and not from then on.
  BOOST_TEST(
      VerifyCertificateChain(EndChain{direct}, EndChain{root}, *ParseTimestamp("20400101T000000"))
          .has_value());
  BOOST_TEST(
      !VerifyCertificateChain(EndChain{direct}, EndChain{root}, *ParseTimestamp("20400101T000001"))
           .has_value());
}

BOOST_FIXTURE_TEST_CASE(the_anchor_that_lasts_longest_counts, EndPki) {
  const std::string root = Ca("root", "", "20270101000000Z");
  const std::string sub = Ca("sub", "root", "20300101000000Z");
  const std::string leaf = Leaf("sub", "20500101000000Z");
  BOOST_TEST(End({leaf, sub}, {root}) == "20270101T000001");
  BOOST_TEST(End({leaf, sub}, {root, sub}) == "20300101T000001");
  BOOST_TEST(End({leaf, sub}, {sub, root}) == "20300101T000001");
  // What stands beyond the anchor isn't asked.
  BOOST_TEST(End({leaf, sub, root}, {sub}) == "20300101T000001");
}

BOOST_FIXTURE_TEST_CASE(a_chain_that_isnt_valid_has_no_end, EndPki) {
  const std::string root = Ca("root", "", "20400101000000Z");
  const std::string other = Ca("other", "", "20400101000000Z");
  const std::string leaf = Leaf("root", "20260101000000Z");
  BOOST_TEST(End({leaf}, {other}) == Text(Error::kUntrusted));
  BOOST_TEST(End({leaf}, {}) == Text(Error::kUntrusted));
  BOOST_TEST(End({}, {root}) == Text(Error::kBadCertificate));
  BOOST_TEST(End({leaf}, {root}, *ParseTimestamp("20260101T000001")) == Text(Error::kExpired));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
