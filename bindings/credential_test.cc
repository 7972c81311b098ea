// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/credential.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"

namespace saef::bindings {
namespace {

using onem2m::CertificateMaker;

// What is wrong, or "".
template <typename T>
std::string WhyNot(const std::variant<T, std::string>& result) {
  const auto* error = std::get_if<1>(&result);
  return error == nullptr ? "" : *error;
}

bool Says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(credential)

BOOST_FIXTURE_TEST_CASE(certificates_are_read_in_their_order, CertificateMaker) {
  const std::string first = Make("first", {});
  const std::string second = Make("second", {});
  Write("chain.pem",
        "text before\n" + Read("first.pem") + "between\n" + Read("second.pem") + "end");
  const auto read = ReadCertificates(Path("chain.pem"));
  BOOST_TEST(WhyNot(read) == "");
  BOOST_TEST((std::get<0>(read) == std::vector<std::string>{first, second}));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_list_of_certificates_is_refused, CertificateMaker) {
  Make("one", {});
  Write("empty.pem", "");
  Write("cut.pem", Read("one.pem").substr(0, 300));
  Write("broken.pem", Read("one.pem") +
                          "-----BEGIN CERTIFICATE-----\n!!!\n"
                          "-----END CERTIFICATE-----\n");
  std::string many;
  for (std::size_t i = 0; i <= kMaxChainLength; ++i) many += Read("one.pem");
  Write("many.pem", many);
  Write("large.pem", std::string(kMaxPemFileSize + 1, 'x'));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("none.pem"))), "can't be opened"));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("empty.pem"))), "holds no certificate"));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("one.key.pem"))), "holds no certificate"));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("cut.pem"))), "certificate 1 of the file"));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("broken.pem"))), "certificate 2 of the file"));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("many.pem"))), "more than 8"));
  BOOST_TEST(Says(WhyNot(ReadCertificates(Path("large.pem"))), "larger"));
}

BOOST_FIXTURE_TEST_CASE(private_keys_are_read_in_both_forms, CertificateMaker) {
  MakeKey("pkcs8");
  Run("openssl ec -in pkcs8.key.pem -out sec1.key.pem");
  Run("openssl ecparam -name prime256v1 -genkey -out parameters.key.pem");
  chmod(Path("sec1.key.pem").c_str(), 0600);
  chmod(Path("parameters.key.pem").c_str(), 0400);
  const std::string der = KeyDer("pkcs8");
  for (const char* const file : {"pkcs8.key.pem", "sec1.key.pem"}) {
    const auto read = ReadPrivateKey(Path(file));
    BOOST_TEST(WhyNot(read) == "");
    const auto bytes = std::get<0>(read).bytes();
    BOOST_TEST(std::string(bytes.begin(), bytes.end()) == der);
  }
  BOOST_TEST(WhyNot(ReadPrivateKey(Path("parameters.key.pem"))) == "");
}

BOOST_FIXTURE_TEST_CASE(private_keys_that_will_not_do_are_refused, CertificateMaker) {
  MakeKey("open");
  chmod(Path("open.key.pem").c_str(), 0640);
  MakeKey("rsa", "RSA");
  MakeKey("other", "P-384");
  MakeKey("plain");
  Run("openssl pkcs8 -topk8 -passout pass:x -in plain.key.pem -out sealed.key.pem");
  chmod(Path("sealed.key.pem").c_str(), 0600);
  Make("certificate", {});
  chmod(Path("certificate.pem").c_str(), 0600);
  BOOST_TEST(Says(WhyNot(ReadPrivateKey(Path("open.key.pem"))), "chmod 600"));
  for (const char* const file : {"rsa.key.pem", "other.key.pem", "sealed.key.pem"}) {
    BOOST_TEST(Says(WhyNot(ReadPrivateKey(Path(file))), "P-256"), file);
  }
  BOOST_TEST(Says(WhyNot(ReadPrivateKey(Path("certificate.pem"))), "no private key"));
}

BOOST_FIXTURE_TEST_CASE(public_keys_are_read, CertificateMaker) {
  MakeKey("good");
  MakeKey("compressed", "compressed");
  MakeKey("other", "P-384");
  const std::string der = PublicKeyDer("good");
  PublicKeyDer("compressed");
  PublicKeyDer("other");
  const auto read = ReadPublicKey(Path("good.public.pem"));
  BOOST_TEST(WhyNot(read) == "");
  BOOST_TEST(std::get<0>(read).spki == der);
  for (const char* const file : {"compressed.public.pem", "other.public.pem"}) {
    BOOST_TEST(Says(WhyNot(ReadPublicKey(Path(file))), "uncompressed point"), file);
  }
  BOOST_TEST(Says(WhyNot(ReadPublicKey(Path("good.key.pem"))), "no public key"));
}

BOOST_FIXTURE_TEST_CASE(clones_are_equal, CertificateMaker) {
  const auto secret = [] { return *onem2m::Secret::FromHex("0123456789"); };
  const auto psk = Clone(Credential(PskCredential{"id", secret()}));
  BOOST_REQUIRE(psk.has_value());
  BOOST_TEST(std::get<PskCredential>(*psk).identity == "id");
  BOOST_TEST(std::get<PskCredential>(*psk).key.ToHex() == "0123456789");
  const auto certificate = Clone(Credential(CertificateCredential{{"a", "b"}, secret()}));
  BOOST_REQUIRE(certificate.has_value());
  BOOST_TEST(
      (std::get<CertificateCredential>(*certificate).chain == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(std::get<CertificateCredential>(*certificate).private_key.ToHex() == "0123456789");
  const auto raw = Clone(Credential(RawPublicKeyCredential{"key", secret()}));
  BOOST_REQUIRE(raw.has_value());
  BOOST_TEST(std::get<RawPublicKeyCredential>(*raw).public_key == "key");
  BOOST_TEST(std::holds_alternative<std::monostate>(*Clone(Credential())));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bindings
