// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/certificates.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>

#include "tools/certificate_authority.h"
#include "tools/doctor/files.h"
#include "tools/temporary_folder.h"

namespace saef::tools {
namespace {

using std::chrono::days;
using std::chrono::hours;

Validity Alive() { return {onem2m::Now() - hours(1), onem2m::Now() + days(365)}; }

template <typename T>
T Take(std::variant<T, std::string> made) {
  if (const auto* error = std::get_if<std::string>(&made)) BOOST_FAIL(*error);
  return std::get<T>(std::move(made));
}

// An authority, and a MAF's certificate by it.
struct CertificateBench {
  TemporaryFolder folder;
  CertificateAuthority authority;
  CertificateQuestion question;

  CertificateBench()
      : authority(Take(CertificateAuthority::Make("Test CA", {{"example.com"}, {"sp.example.com"}},
                                                  Alive()))) {
    Write("ca.pem", ToPem("CERTIFICATE", authority.certificate()), 0644);
    question.chain_file = folder.path() / "maf.pem";
    question.key_file = folder.path() / "maf.key.pem";
    question.anchor_files = {folder.path() / "ca.pem"};
    question.fqdn = "maf.example.com";
    SubjectAltName names;
    BOOST_REQUIRE(names.AddDns("maf.example.com"));
    Issue("maf", names);
  }
  void Write(const std::string& name, const std::string& text, mode_t mode) const {
    const auto path = folder.path() / name;
    std::ofstream(path) << text;
    BOOST_REQUIRE_EQUAL(::chmod(path.c_str(), mode), 0);
  }
  void Issue(const std::string& name, const SubjectAltName& names,
             const Validity& validity = Alive()) const {
    const IssuedCertificate issued = Take(authority.Issue(name, names, validity));
    Write(name + ".pem", ToPem("CERTIFICATE", issued.certificate), 0644);
    Write(name + ".key.pem", ToPem("EC PRIVATE KEY", issued.private_key), 0600);
  }
};

bool Mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The only bad finding says this, and has something to do.
void OnlyBad(const Findings& findings, std::string_view what) {
  Findings bad;
  std::ranges::copy_if(findings, std::back_inserter(bad),
                       [](const Finding& f) { return f.kind == Finding::Kind::kBad; });
  BOOST_REQUIRE_EQUAL(bad.size(), 1u);
  BOOST_TEST(Mentions(bad.front().what, what), bad.front().what);
  BOOST_TEST(!bad.front().todo.empty());
}

BOOST_AUTO_TEST_SUITE(doctor_certificates)

BOOST_AUTO_TEST_CASE(a_right_one_has_nothing_bad) {
  const CertificateBench bench;
  const Findings findings = ExamineCertificate(bench.question, onem2m::Now());
  for (const Finding& finding : findings)
    BOOST_TEST((finding.kind == Finding::Kind::kGood), finding.what);
  BOOST_TEST(std::ranges::any_of(
      findings, [](const Finding& f) { return Mentions(f.what, "leads to a trust anchor"); }));
}

BOOST_AUTO_TEST_CASE(its_dates) {
  const CertificateBench bench;
  OnlyBad(ExamineTrustAnchors(bench.folder.path() / "ca.pem", onem2m::Now() + days(366)),
          "has expired");
  SubjectAltName names;
  BOOST_REQUIRE(names.AddDns("maf.example.com"));
  bench.Issue("maf", names, {onem2m::Now() - days(2), onem2m::Now() - days(1)});
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "has expired");
  bench.Issue("maf", names, {onem2m::Now() + days(1), onem2m::Now() + days(2)});
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "isn't valid before");
  bench.Issue("maf", names, {onem2m::Now() - days(2), onem2m::Now() + days(2)});
  const Findings soon = ExamineCertificate(bench.question, onem2m::Now());
  BOOST_TEST((Verdict(soon) == ExitCode::kDone));
  BOOST_TEST(std::ranges::any_of(soon, [](const Finding& f) { return Mentions(f.todo, "soon"); }));
}

BOOST_AUTO_TEST_CASE(another_name) {
  CertificateBench bench;
  bench.question.fqdn = "other.example.com";
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "doesn't carry the name");
}

BOOST_AUTO_TEST_CASE(another_entity) {
  CertificateBench bench;
  bench.question.fqdn.reset();
  bench.question.entity_id = "//sp.example.com/Sae2";
  SubjectAltName names;
  BOOST_REQUIRE(names.AddUri("m2m://sp.example.com/Sae1"));
  bench.Issue("maf", names);
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "names //sp.example.com/Sae1");
  bench.question.entity_id = "//sp.example.com/Sae1";
  BOOST_TEST((Verdict(ExamineCertificate(bench.question, onem2m::Now())) == ExitCode::kDone));
}

BOOST_AUTO_TEST_CASE(another_private_key) {
  const CertificateBench bench;
  const RawKeyPair pair = Take(MakeRawKeyPair());
  bench.Write("maf.key.pem", ToPem("EC PRIVATE KEY", pair.private_key), 0600);
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "isn't of the private key");
}

BOOST_AUTO_TEST_CASE(a_private_key_that_others_can_read) {
  const CertificateBench bench;
  BOOST_REQUIRE_EQUAL(::chmod((bench.folder.path() / "maf.key.pem").c_str(), 0640), 0);
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "maf.key.pem");
}

BOOST_AUTO_TEST_CASE(files_that_are_missing_or_something_else) {
  const CertificateBench bench;
  CertificateQuestion question = bench.question;
  question.chain_file += ".gone";
  OnlyBad(ExamineCertificate(question, onem2m::Now()), "maf.pem.gone");
  question.chain_file = bench.question.key_file;
  OnlyBad(ExamineCertificate(question, onem2m::Now()), "maf.key.pem");
  OnlyBad(ExamineTrustAnchors(bench.folder.path() / "gone.pem", onem2m::Now()), "gone.pem");
  OnlyBad(ExamineTrustAnchors(bench.question.chain_file, onem2m::Now()), "is no CA's");
}

BOOST_AUTO_TEST_CASE(a_name_that_its_authority_may_not_certify) {
  CertificateBench bench;
  bench.question.fqdn = "maf.example.org";
  SubjectAltName names;
  BOOST_REQUIRE(names.AddDns("maf.example.org"));
  bench.Issue("maf", names);
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "maf.pem");
}

BOOST_AUTO_TEST_CASE(another_authority) {
  CertificateBench bench;
  const auto other = Take(CertificateAuthority::Make("Other CA", {{"example.com"}, {}}, Alive()));
  bench.Write("other.pem", ToPem("CERTIFICATE", other.certificate()), 0644);
  // What judges the other side needn't have issued this one …
  bench.question.anchor_files = {bench.folder.path() / "other.pem"};
  const Findings untold = ExamineCertificate(bench.question, onem2m::Now());
  BOOST_TEST((Verdict(untold) == ExitCode::kDone));
  BOOST_TEST(
      std::ranges::any_of(untold, [](const Finding& f) { return Mentions(f.todo, "--anchor"); }));
  // … but what is said to have issued it must.
  bench.question.own_anchor_files = bench.question.anchor_files;
  OnlyBad(ExamineCertificate(bench.question, onem2m::Now()), "maf.pem");
  bench.question.own_anchor_files = {bench.folder.path() / "ca.pem"};
  BOOST_TEST((Verdict(ExamineCertificate(bench.question, onem2m::Now())) == ExitCode::kDone));
}

BOOST_AUTO_TEST_CASE(raw_key_pairs) {
  const CertificateBench bench;
  const RawKeyPair one = Take(MakeRawKeyPair());
  const RawKeyPair two = Take(MakeRawKeyPair());
  bench.Write("raw.pem", ToPem("PUBLIC KEY", one.public_key), 0644);
  bench.Write("raw.key.pem", ToPem("EC PRIVATE KEY", one.private_key), 0600);
  const auto path = [&bench](const char* name) { return bench.folder.path() / name; };
  const Findings good = ExamineRawKeyPair(path("raw.pem"), path("raw.key.pem"));
  BOOST_TEST((Verdict(good) == ExitCode::kDone));
  BOOST_TEST(Mentions(good.front().what, "30-"));
  bench.Write("raw.key.pem", ToPem("EC PRIVATE KEY", two.private_key), 0600);
  OnlyBad(ExamineRawKeyPair(path("raw.pem"), path("raw.key.pem")), "isn't of the private key");
  OnlyBad(ExamineRawKeyPair(path("maf.pem"), path("raw.key.pem")), "maf.pem");
}

BOOST_AUTO_TEST_CASE(state_files) {
  const CertificateBench bench;
  BOOST_TEST((Verdict({ExamineStateFile(bench.folder.path() / "x.state")}) == ExitCode::kDone));
  bench.Write("x.state", "{}", 0644);
  OnlyBad({ExamineStateFile(bench.folder.path() / "x.state")}, "by others");
  bench.Write("x.state", "{}", 0600);
  BOOST_TEST((Verdict({ExamineStateFile(bench.folder.path() / "x.state")}) == ExitCode::kDone));
  OnlyBad({ExamineStateFile(bench.folder.path() / "no-folder" / "x.state")}, "can't be made");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
