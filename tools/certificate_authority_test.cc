// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the provisional authority issues, as the openssl command sees it.
#include "tools/certificate_authority.h"

#include <sys/wait.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>
#include <memory>

#include "tools/der.h"
#include "tools/temporary_folder.h"

namespace saef::tools {
namespace {

using std::chrono::days;
using std::chrono::hours;

const NameConstraints kNames = {{"sp.example.com", "maf.example.com"}, {"sp.example.com"}};

Validity Year() { return {onem2m::Now() - hours(1), onem2m::Now() + days(365)}; }

// An authority and a place for PEM files.
struct Bench {
  TemporaryFolder folder;
  CertificateAuthority authority;

  Bench() : authority(Take(CertificateAuthority::Make("SAEF test CA", kNames, Year()))) {
    Write("ca.pem", ToPem("CERTIFICATE", authority.certificate()));
  }
  template <typename T>
  static T Take(std::variant<T, std::string> made) {
    if (const auto* error = std::get_if<std::string>(&made)) BOOST_FAIL(*error);
    return std::get<T>(std::move(made));
  }
  std::string Path(std::string_view name) const { return (folder.path() / name).string(); }
  void Write(std::string_view name, std::string_view text) const {
    std::ofstream(Path(name)) << text;
  }
  // Issues into <name>.pem and <name>.key.pem.
  IssuedCertificate Issue(std::string_view name, const SubjectAltName& names,
                          const Validity& validity = Year()) const {
    IssuedCertificate issued = Take(authority.Issue(name, names, validity));
    Write(std::string(name) + ".pem", ToPem("CERTIFICATE", issued.certificate));
    Write(std::string(name) + ".key.pem", ToPem("EC PRIVATE KEY", issued.private_key));
    return issued;
  }
};

struct Ran {
  int code = -1;
  std::string output;
};

// A shell command's exit code and its output, both streams.
Ran Run(const std::string& command) {
  Ran ran;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ran.output.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Ran Verify(const Bench& bench, const std::string& name) {
  return Run("openssl verify -x509_strict -CAfile " + bench.Path("ca.pem") + " " +
             bench.Path(name));
}

BOOST_AUTO_TEST_SUITE(certificate_authority)

BOOST_AUTO_TEST_CASE(openssl_accepts_the_chain_of_each_kind) {
  const Bench bench;
  SubjectAltName maf, cse, ae, device;
  BOOST_REQUIRE(maf.AddDns("maf.example.com"));
  BOOST_REQUIRE(cse.AddDns("cse1.sp.example.com"));
  BOOST_REQUIRE(ae.AddUri("m2m://sp.example.com/Sae1"));
  BOOST_REQUIRE(device.AddDevice("0.2.481.1.100.3030", "10011"));
  bench.Issue("maf", maf);
  bench.Issue("cse", cse);
  bench.Issue("ae", ae);
  bench.Issue("device", device);
  for (const char* name : {"maf.pem", "cse.pem", "ae.pem", "device.pem"}) {
    const Ran ran = Verify(bench, name);
    BOOST_TEST(ran.code == 0, name << ": " << ran.output);
  }
}

BOOST_AUTO_TEST_CASE(openssl_sees_the_profile) {
  const Bench bench;
  SubjectAltName names;
  BOOST_REQUIRE(names.AddDns("maf.example.com"));
  bench.Issue("maf", names);
  const Ran leaf = Run("openssl x509 -noout -text -in " + bench.Path("maf.pem"));
  BOOST_TEST(leaf.code == 0);
  for (const char* part : {"Version: 3", "ecdsa-with-SHA256", "prime256v1", "DNS:maf.example.com",
                           "Digital Signature", "Issuer: CN = SAEF test CA"}) {
    BOOST_TEST(Has(leaf.output, part), part << " is not in " << leaf.output);
  }
  BOOST_TEST(!Has(leaf.output, "Certificate Sign"));
  const Ran ca = Run("openssl x509 -noout -text -in " + bench.Path("ca.pem"));
  for (const char* part : {"CA:TRUE", "Certificate Sign", "X509v3 Name Constraints: critical",
                           "DNS:sp.example.com", "URI:sp.example.com"}) {
    BOOST_TEST(Has(ca.output, part), part << " is not in " << ca.output);
  }
  // An uncompressed point: 0x04 and 64 octets.
  BOOST_TEST(Has(leaf.output, "pub:\n                    04:"));
}

BOOST_AUTO_TEST_CASE(openssl_sees_a_name_constraint_violated) {
  const Bench bench;
  SubjectAltName dns, uri;
  BOOST_REQUIRE(dns.AddDns("maf.example.org"));
  BOOST_REQUIRE(uri.AddUri("m2m://other.example.com/Sae1"));
  bench.Issue("dns", dns);
  bench.Issue("uri", uri);
  for (const char* name : {"dns.pem", "uri.pem"}) {
    const Ran ran = Verify(bench, name);
    BOOST_TEST(ran.code != 0);
    BOOST_TEST(Has(ran.output, "permitted subtree violation"), ran.output);
  }
}

BOOST_AUTO_TEST_CASE(a_node_id_needs_an_authority_that_constrains_no_uri) {
  const Bench bench;
  SubjectAltName node;
  BOOST_REQUIRE(node.AddUri("urn:saef:node:ae1"));
  bench.Issue("node", node);
  BOOST_TEST(Verify(bench, "node.pem").code != 0);
  const auto other =
      Bench::Take(CertificateAuthority::Make("Node CA", {{"sp.example.com"}, {}}, Year()));
  bench.Write("ca.pem", ToPem("CERTIFICATE", other.certificate()));
  const auto issued = Bench::Take(other.Issue("node", node, Year()));
  bench.Write("node.pem", ToPem("CERTIFICATE", issued.certificate));
  const Ran ran = Verify(bench, "node.pem");
  BOOST_TEST(ran.code == 0, ran.output);
}

BOOST_AUTO_TEST_CASE(openssl_sees_the_dates) {
  const Bench bench;
  SubjectAltName names;
  BOOST_REQUIRE(names.AddDns("maf.example.com"));
  bench.Issue("past", names, {onem2m::Now() - days(2), onem2m::Now() - days(1)});
  bench.Issue("future", names, {onem2m::Now() + days(1), onem2m::Now() + days(2)});
  bench.Issue("late", names, {onem2m::Now() - hours(1), onem2m::Now() + days(365 * 40)});
  BOOST_TEST(Has(Verify(bench, "past.pem").output, "expired"));
  BOOST_TEST(Has(Verify(bench, "future.pem").output, "not yet valid"));
  BOOST_TEST(Verify(bench, "late.pem").code == 0);  // GeneralizedTime beyond 2049
}

BOOST_AUTO_TEST_CASE(the_private_key_is_the_certificates) {
  const Bench bench;
  SubjectAltName names;
  BOOST_REQUIRE(names.AddDns("maf.example.com"));
  bench.Issue("maf", names);
  const Ran of_certificate = Run("openssl x509 -noout -pubkey -in " + bench.Path("maf.pem"));
  const Ran of_key = Run("openssl pkey -pubout -in " + bench.Path("maf.key.pem"));
  BOOST_TEST(of_certificate.code == 0);
  BOOST_TEST(of_certificate.output == of_key.output);
}

BOOST_AUTO_TEST_CASE(a_raw_key_pair_belongs_together) {
  const Bench bench;
  const RawKeyPair pair = Bench::Take(MakeRawKeyPair());
  bench.Write("raw.pem", ToPem("PUBLIC KEY", pair.public_key));
  bench.Write("raw.key.pem", ToPem("EC PRIVATE KEY", pair.private_key));
  const Ran given = Run("openssl pkey -pubin -in " + bench.Path("raw.pem"));
  const Ran of_key = Run("openssl pkey -pubout -in " + bench.Path("raw.key.pem"));
  BOOST_TEST(given.code == 0, given.output);
  BOOST_TEST(given.output == of_key.output);
}

BOOST_AUTO_TEST_CASE(two_certificates_share_neither_key_nor_serial) {
  const Bench bench;
  SubjectAltName names;
  BOOST_REQUIRE(names.AddDns("maf.example.com"));
  const IssuedCertificate one = bench.Issue("one", names);
  const IssuedCertificate two = bench.Issue("two", names);
  BOOST_TEST(!one.private_key.Equals(two.private_key.bytes()));
  const std::string serial = "openssl x509 -noout -serial -in ";
  BOOST_TEST(Run(serial + bench.Path("one.pem")).output !=
             Run(serial + bench.Path("two.pem")).output);
}

BOOST_AUTO_TEST_CASE(names_that_can_not_be_encoded_are_refused) {
  SubjectAltName names;
  BOOST_TEST(!names.AddDns(""));
  BOOST_TEST(
      !names.AddDns("m\xc3\xa4"
                    "f.example.com"));
  BOOST_TEST(!names.AddUri("//sp.example.com/Sae1"));  // no scheme
  BOOST_TEST(!names.AddDevice("3.1", "1"));
  BOOST_TEST(!names.AddDevice("0.2.481.1", ""));
  BOOST_TEST(names.names().empty());
  BOOST_TEST(CertificateAuthority::Make("CA", {}, Year()).index() == 1u);
}

BOOST_AUTO_TEST_CASE(object_identifiers_and_lengths) {
  BOOST_TEST(DerOid("1.2.840.10045.2.1").value() == "\x2a\x86\x48\xce\x3d\x02\x01");
  BOOST_TEST(!DerOid("1"));
  BOOST_TEST(!DerOid("1.40"));
  BOOST_TEST(!DerOid("1.2."));
  const std::string long_one = DerElement(kDerOctetString, std::string(300, 'x'));
  BOOST_TEST(long_one.substr(0, 4) == "\x04\x82\x01\x2c");
  const auto view = ReadDer(long_one);
  BOOST_REQUIRE(view);
  BOOST_TEST(view->content.size() == 300u);
  BOOST_TEST(!ReadDer(long_one.substr(0, 200)));
  BOOST_TEST(!ReadDer(std::string_view("\x04\x80", 2)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
