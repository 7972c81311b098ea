// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/certificate.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"
#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

using Spec = CertificateMaker::Spec;
using Chain = std::vector<std::string>;

const Time kNow = *ParseTimestamp("20250615T120000");

// A root, "ca", an intermediate CA, "sub", and another root, "stranger".
struct Pki : CertificateMaker {
  Pki() {
    ca = Make("ca", {"", ForCa()});
    sub = Make("sub", {"ca", ForCa()});
    stranger = Make("stranger", {"", ForCa()});
  }
  std::string Leaf(const std::string& issuer, const std::string& names) {
    return Make("leaf", {issuer, For(names)});
  }
  // The reason, or "".
  std::string Why(const Chain& chain, Time now = kNow) const {
    return ErrorOf(VerifyCertificateChain(chain, Chain{ca}, now));
  }
  std::string ca, sub, stranger;
};

BOOST_AUTO_TEST_SUITE(certificate)

BOOST_FIXTURE_TEST_CASE(good_chains_are_taken, Pki) {
  const std::string direct = Leaf("ca", "DNS:maf.example.com");
  BOOST_TEST(Why({direct}) == "");
  BOOST_TEST(Why({direct, ca}) == "");  // the anchor itself was sent, too
  const std::string below = Leaf("sub", "DNS:maf.example.com");
  BOOST_TEST(Why({below, sub}) == "");
  BOOST_TEST(Why({below, sub, ca}) == "");
  BOOST_TEST(Why({below, sub, ca, stranger}) == "");  // nobody asks for what is above the anchor
  // An anchor may be any CA, and one of several.
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{below}, Chain{stranger, sub}, kNow)) == "");
}

BOOST_FIXTURE_TEST_CASE(chains_that_lead_nowhere_are_refused, Pki) {
  const std::string below = Leaf("sub", "DNS:maf.example.com");
  BOOST_TEST(Why({}) == Text(Error::kBadCertificate));
  BOOST_TEST(Why({below}) == Text(Error::kUntrusted));
  BOOST_TEST(Why({below, ca}) == Text(Error::kUntrusted));
  BOOST_TEST(Why({below, stranger}) == Text(Error::kUntrusted));
  BOOST_TEST(Why({sub, below}) == Text(Error::kUntrusted));
  BOOST_TEST(Why({stranger}) == Text(Error::kUntrusted));
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{below, sub}, {}, kNow)) ==
             Text(Error::kUntrusted));
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{below, sub}, Chain{"x"}, kNow)) ==
             Text(Error::kUntrusted));
  BOOST_TEST(Why(Chain(kMaxPathLength + 1, below)) == Text(Error::kBadCertificate));
}

// Another CA of the same name: the name alone is no path.
BOOST_FIXTURE_TEST_CASE(a_ca_of_the_same_name_is_another, Pki) {
  const std::string below = Leaf("sub", "DNS:maf.example.com");
  const std::string twin = Make("ca", {"", ForCa()});
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{below, sub}, Chain{twin}, kNow)) ==
             Text(Error::kUntrusted));
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{below, sub}, Chain{twin, ca}, kNow)) == "");
}

// Another name with the CA's key: the key alone is none either.
BOOST_FIXTURE_TEST_CASE(an_issuer_is_who_it_says, Pki) {
  const std::string leaf = Leaf("ca", "DNS:maf.example.com");
  const std::string alias =
      Make("alias", {"", ForCa(), "20200101000000Z", "20991231235959Z", "sha256", "=ca"});
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{leaf, alias}, Chain{alias}, kNow)) ==
             Text(Error::kUntrusted));
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{leaf}, Chain{alias}, kNow)) ==
             Text(Error::kUntrusted));
  BOOST_TEST(Why({leaf}) == "");
}

BOOST_FIXTURE_TEST_CASE(each_octet_of_the_signed_part_counts, Pki) {
  const std::string good = Leaf("ca", "DNS:maf.example.com");
  for (std::size_t i = 0; i < good.size(); i += 7) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    BOOST_TEST(Why({bad}) != "", i);
  }
  BOOST_TEST(Why({good + "x"}) == Text(Error::kBadCertificate));
  BOOST_TEST(Why({good.substr(0, good.size() - 1)}) == Text(Error::kBadCertificate));
  BOOST_TEST(Why({std::string(kMaxCertificateSize + 1, '\x30')}) == Text(Error::kBadCertificate));
}

BOOST_FIXTURE_TEST_CASE(time_counts_to_the_second_and_for_each, Pki) {
  const auto spec = [](const std::string& issuer, const std::string& begin,
                       const std::string& end) {
    return Spec{issuer, For("DNS:x.example"), begin, end};
  };
  const std::string leaf = Make("leaf", spec("ca", "20250615120000Z", "20250615120001Z"));
  BOOST_TEST(Why({leaf}, kNow) == "");
  BOOST_TEST(Why({leaf}, kNow + std::chrono::seconds(1)) == "");
  BOOST_TEST(Why({leaf}, kNow - std::chrono::seconds(1)) == Text(Error::kNotYetValid));
  BOOST_TEST(Why({leaf}, kNow + std::chrono::seconds(2)) == Text(Error::kExpired));
  // GeneralizedTime, after 2049.
  BOOST_TEST(Why({Make("late", spec("ca", "20240101000000Z", "20550101000000Z"))},
                 *ParseTimestamp("20541231T235959")) == "");
  const std::string old_ca = Make("old", {"ca", ForCa(), "20200101000000Z", "20240101000000Z"});
  BOOST_TEST(Why({Leaf("old", "DNS:x.example"), old_ca}) == Text(Error::kExpired));
  const std::string old_root = Make("root", {"", ForCa(), "20200101000000Z", "20240101000000Z"});
  BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{Leaf("root", "DNS:x.example")}, Chain{old_root},
                                            kNow)) == Text(Error::kExpired));
}

BOOST_FIXTURE_TEST_CASE(other_algorithms_are_refused, Pki) {
  const auto leaf = [this](const std::string& issuer, const std::string& digest,
                           const std::string& key) {
    return Make("leaf",
                {issuer, For("DNS:x.example"), "20200101000000Z", "20991231235959Z", digest, key});
  };
  BOOST_TEST(Why({leaf("ca", "sha1", "P-256")}) == Text(Error::kWeakAlgorithm));
  BOOST_TEST(Why({leaf("ca", "sha384", "P-256")}) == Text(Error::kWeakAlgorithm));
  for (const char* const key : {"RSA", "P-384", "compressed"}) {
    BOOST_TEST(Why({leaf("ca", "sha256", key)}) == Text(Error::kWeakAlgorithm), key);
    const std::string weak =
        Make("weak", {"ca", ForCa(), "20200101000000Z", "20991231235959Z", "sha256", key});
    BOOST_TEST(Why({leaf("weak", "sha256", "P-256"), weak}) == Text(Error::kWeakAlgorithm), key);
  }
}

BOOST_FIXTURE_TEST_CASE(keys_are_used_for_what_they_may, Pki) {
  const auto why = [this](const std::vector<std::string>& extensions) {
    return Why({Make("leaf", {"ca", extensions})});
  };
  BOOST_TEST(why({"subjectAltName=DNS:x.example"}) == Text(Error::kKeyUsage));
  BOOST_TEST(why({"keyUsage=keyAgreement"}) == Text(Error::kKeyUsage));
  BOOST_TEST(why({"keyUsage=digitalSignature,keyAgreement"}) == "");
  BOOST_TEST(why({"keyUsage=digitalSignature", "extendedKeyUsage=codeSigning"}) ==
             Text(Error::kKeyUsage));
  BOOST_TEST(why({"keyUsage=digitalSignature", "extendedKeyUsage=clientAuth"}) == "");
  BOOST_TEST(why({"keyUsage=digitalSignature", "extendedKeyUsage=serverAuth"}) == "");
}

BOOST_FIXTURE_TEST_CASE(only_a_ca_issues, Pki) {
  const auto why = [this](const std::vector<std::string>& extensions) {
    const std::string issuer = Make("issuer", {"ca", extensions});
    return Why({Leaf("issuer", "DNS:x.example"), issuer});
  };
  BOOST_TEST(why(ForCa()) == "");
  BOOST_TEST(why({"basicConstraints=critical,CA:FALSE", "keyUsage=digitalSignature,keyCertSign"}) ==
             Text(Error::kBadCertificate));
  BOOST_TEST(why({"keyUsage=digitalSignature,keyCertSign"}) == Text(Error::kBadCertificate));
  BOOST_TEST(why({"basicConstraints=critical,CA:TRUE", "keyUsage=digitalSignature,cRLSign"}) ==
             Text(Error::kKeyUsage));
  BOOST_TEST(why({"basicConstraints=critical,CA:TRUE"}) == Text(Error::kKeyUsage));
}

BOOST_FIXTURE_TEST_CASE(paths_are_no_longer_than_a_ca_allows, Pki) {
  const std::vector<std::string> none = {"basicConstraints=critical,CA:TRUE,pathlen:0",
                                         "keyUsage=keyCertSign,digitalSignature"};
  const std::string narrow = Make("narrow", {"ca", none});
  BOOST_TEST(Why({Leaf("narrow", "DNS:x.example"), narrow}) == "");
  BOOST_TEST(Why({narrow}) == "");  // its own holder, as the peer
  const std::string below = Make("below", {"narrow", ForCa()});
  BOOST_TEST(Why({Leaf("below", "DNS:x.example"), below, narrow}) == Text(Error::kUntrusted));
}

BOOST_FIXTURE_TEST_CASE(unknown_critical_extensions_are_refused, Pki) {
  BOOST_TEST(
      Why({Make("leaf", {"ca", {"keyUsage=digitalSignature", "1.2.3.4=critical,DER:0500"}})}) ==
      Text(Error::kBadCertificate));
  BOOST_TEST(Why({Make("leaf", {"ca", {"keyUsage=digitalSignature", "1.2.3.4=DER:0500"}})}) == "");
  BOOST_TEST(Why({Make("leaf", {"ca",
                                {"keyUsage=digitalSignature",
                                 "policyConstraints=critical,requireExplicitPolicy:0"}})}) ==
             Text(Error::kBadCertificate));
}

BOOST_FIXTURE_TEST_CASE(wildcards_are_refused, Pki) {
  for (const char* const names : {"DNS:*.example.com", "DNS:good.example.com DNS:m*f.example.com",
                                  "URI:m2m://*.example.com/S1"}) {
    const std::string leaf = Leaf("ca", names);
    BOOST_TEST(Why({leaf}) == Text(Error::kWildcard), names);
    BOOST_TEST(ErrorOf(IdentityOfCertificate(leaf)) == Text(Error::kWildcard), names);
    BOOST_TEST(!CertificateNames(leaf, *Fqdn::Parse("maf.example.com")), names);
  }
}

struct ConstraintRow {
  std::string constraint;
  std::string names;
  bool good;
};

// TS-0003 8.1.2.2, 10.1.1.4.2, 10.1.1.5; RFC 5280 4.2.1.10.
BOOST_FIXTURE_TEST_CASE(names_lie_within_what_the_ca_may_certify, Pki) {
  // Device IDs (TS-0001 H): arcs as RELATIVE-OID, {100 3030} and {100 3030 10011}, {200 1}.
  const std::string device = "otherName:0.2.481.1;IMP:13U,FORMAT:HEX,OCT:";
  const ConstraintRow rows[] = {
      {"permitted;DNS:example.com", "DNS:maf.example.com", true},
      {"permitted;DNS:example.com", "DNS:MAF.EXAMPLE.com", true},
      {"permitted;DNS:example.com", "DNS:example.com", true},
      {"permitted;DNS:example.com", "DNS:badexample.com", false},
      {"permitted;DNS:example.com", "DNS:maf.example.org", false},
      {"permitted;DNS:example.com", "DNS:maf.example.com DNS:maf.example.org", false},
      {"permitted;DNS:example.com", "URI:m2m://example.org/S1", true},  // another kind of name
      {"permitted;DNS:.example.com", "DNS:example.com", false},
      {"permitted;DNS:example.com permitted;DNS:example.org", "DNS:maf.example.org", true},
      {"excluded;DNS:example.com", "DNS:maf.example.com", false},
      {"excluded;DNS:example.com", "DNS:maf.example.org", true},
      {"permitted;DNS:example.com excluded;DNS:bad.example.com", "DNS:maf.bad.example.com", false},
      {"permitted;URI:sp.example.com", "URI:m2m://sp.example.com/S1", true},
      {"permitted;URI:sp.example.com", "URI:m2m://SP.example.com/cse/C1", true},
      {"permitted;URI:sp.example.com", "URI:m2m://x.sp.example.com/S1", false},
      {"permitted;URI:.example.com", "URI:m2m://sp.example.com/S1", true},
      {"permitted;URI:.example.com", "URI:m2m://sp.example.org/S1", false},
      {"permitted;URI:sp.example.com", "URI:m2m://sp.example.com@evil.example/S1", false},
      {"permitted;URI:sp.example.com", "URI:m2m://evil.example/x://sp.example.com/S1", false},
      {"permitted;URI:sp.example.com", "URI:urn:x:y", false},  // no host to look at
      {"excluded;URI:sp.example.com", "URI:m2m://sp.example.com/S1", false},
      {"permitted;email:example.com", "email:a@example.com", true},
      {"permitted;email:example.com", "email:a@example.org", false},
      {"permitted;IP:192.0.2.0/255.255.255.0", "IP:192.0.2.9", true},
      {"permitted;IP:192.0.2.0/255.255.255.0", "IP:192.0.3.9", false},
      {"permitted;" + device + "649756", device + "649756CE1B", true},
      {"permitted;" + device + "649756", device + "649756", true},
      {"permitted;" + device + "649756", device + "814801", false},
      {"excluded;" + device + "649756", device + "649756CE1B", false},
      // The base's last arc is the beginning of another arc, not an arc.
      {"permitted;" + device + "6497", device + "649756", false},
      {"permitted;otherName:1.2.3;UTF8:a", "otherName:1.2.3;UTF8:a", true},
      {"permitted;otherName:1.2.3;UTF8:a", "otherName:1.2.3;UTF8:ab", false},
      {"permitted;otherName:1.2.3;UTF8:a", "otherName:1.2.4;UTF8:a", false},
  };
  for (const ConstraintRow& row : rows) {
    const std::string good = row.good ? "" : Text(Error::kNameConstraint);
    const std::string issuer = Make("narrow", {"ca", ForCaOf(row.constraint)});
    BOOST_TEST_CONTEXT(row.constraint << " and " << row.names) {
      BOOST_TEST(Why({Leaf("narrow", row.names), issuer}) == good);
      // Those of the CA above the issuer hold as well, and the anchor's.
      const std::string below = Make("below", {"narrow", ForCa()});
      const std::string leaf = Leaf("below", row.names);
      BOOST_TEST(Why({leaf, below, issuer}) == good);
      BOOST_TEST(ErrorOf(VerifyCertificateChain(Chain{leaf, below}, Chain{issuer}, kNow)) == good);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(directory_names_are_constrained_too, Pki) {
  const auto why = [this](const std::string& kind) {
    const std::string issuer =
        Make("narrow", {"ca", ForCa({"nameConstraints=critical," + kind +
                                     ";dirName:named\n[named]\nCN=leaf\n[extensions]"})});
    return Why({Leaf("narrow", "DNS:x.example"), issuer});
  };
  BOOST_TEST(why("permitted") == "");
  BOOST_TEST(why("excluded") == Text(Error::kNameConstraint));
}

BOOST_FIXTURE_TEST_CASE(names_are_compared_exactly, Pki) {
  const std::string leaf = Leaf("ca", "DNS:maf.example.com DNS:Other.Example.COM");
  BOOST_TEST(CertificateNames(leaf, *Fqdn::Parse("maf.example.com")));
  BOOST_TEST(CertificateNames(leaf, *Fqdn::Parse("MAF.example.com")));
  BOOST_TEST(CertificateNames(leaf, *Fqdn::Parse("other.example.com")));
  for (const char* const name : {"example.com", "a.maf.example.com", "maf.example.co", "leaf"}) {
    BOOST_TEST(!CertificateNames(leaf, *Fqdn::Parse(name)), name);
  }
  BOOST_TEST(!CertificateNames("", *Fqdn::Parse("maf.example.com")));
  // Neither the subject's common name nor a URI.
  const std::string uri = Make("leaf.example", {"ca", For("URI:https://maf.example.com/")});
  BOOST_TEST(!CertificateNames(uri, *Fqdn::Parse("leaf.example")));
  BOOST_TEST(!CertificateNames(uri, *Fqdn::Parse("maf.example.com")));
}

struct IdentityRow {
  std::string names;
  std::string credential_id;
  std::string entity;
};

BOOST_FIXTURE_TEST_CASE(each_kind_of_certificate_names_its_entity, Pki) {
  const IdentityRow rows[] = {
      {"URI:m2m://sp.example.com/S1", "33-//sp.example.com/S1", "AE //sp.example.com/S1"},
      {"URI:M2M://SP.example.com/Cse1/Cae1", "33-//sp.example.com/Cse1/Cae1",
       "AE //sp.example.com/Cse1/Cae1"},
      {"DNS:cse1.sp.example.com", "32-//sp.example.com/cse1", "CSE //sp.example.com/cse1"},
      {"DNS:Cse1.SP.example.com", "32-//sp.example.com/Cse1", "CSE //sp.example.com/Cse1"},
      {"otherName:0.2.481.1;IMP:13U,FORMAT:HEX,OCT:649756CE1B", "31-0.2.481.1.100.3030.10011", ""},
      {"otherName:0.2.481.1;OID:0.2.481.1.100.3030", "31-0.2.481.1.100.3030", ""},
      {"otherName:1.3.6.1.5.5.7.8.4;SEQUENCE:module", "31-1.2.3.4:0A0B", ""},
      {"URI:urn:gsma:imei:90420156-025763-0", "34-urn:gsma:imei:90420156-025763-0", ""},
      // The order of the header.
      {"DNS:x.example.com URI:urn:a:b URI:m2m://sp.example.com/S1", "33-//sp.example.com/S1",
       "AE //sp.example.com/S1"},
      {"DNS:x.example.com URI:urn:a:b otherName:1.2.3;OID:1.2.3.9", "31-1.2.3.9", ""},
      {"DNS:x.example.com URI:urn:a:b", "34-urn:a:b", ""},
      {"otherName:1.2.3;UTF8:x DNS:cse1.sp.example.com", "32-//sp.example.com/cse1",
       "CSE //sp.example.com/cse1"},
  };
  const auto with_module = [](const std::string& names) {
    auto extensions = CertificateMaker::For(names);
    extensions.emplace_back("[module]\ntype=OID:1.2.3.4\nserial=FORMAT:HEX,OCT:0A0B");
    return extensions;
  };
  for (const IdentityRow& row : rows) {
    BOOST_TEST_CONTEXT(row.names) {
      const auto identity = IdentityOfCertificate(Make("leaf", {"ca", with_module(row.names)}));
      BOOST_TEST(ErrorOf(identity) == "");
      BOOST_TEST(identity->credential_id.text() == row.credential_id);
      BOOST_TEST((identity->type == identity->credential_id.type()));
      const std::string entity = identity->ae    ? "AE " + identity->ae->Absolute()
                                 : identity->cse ? "CSE " + identity->cse->Absolute()
                                                 : "";
      BOOST_TEST(entity == row.entity);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(what_names_nobody_is_told, Pki) {
  const std::pair<std::string, Error> rows[] = {
      {"email:a@example.com", Error::kNoIdentity},
      {"URI:https://sp.example.com/S1", Error::kNoIdentity},
      {"otherName:1.2.3;UTF8:x", Error::kNoIdentity},
      {"URI:m2m://sp.example.com/", Error::kBadForm},
      {"URI:m2m://sp.example.com/x/y/z", Error::kBadForm},
      {"URI:m2m:sp.example.com", Error::kBadForm},
      {"URI:m2m://sp.example.com/S1 URI:m2m://sp.example.com/S2", Error::kBadForm},
      {"URI:urn:a:b URI:urn:a:c", Error::kBadForm},
      {"DNS:cse1.sp.example.com DNS:cse2.sp.example.com", Error::kBadForm},
      {"DNS:localhost", Error::kBadForm},
      {"otherName:0.2.481.1;OID:1.2.3", Error::kBadForm},
      {"otherName:1.3.6.1.5.5.7.8.4;UTF8:x", Error::kBadForm},
      {"otherName:0.2.481.1;IMP:13U,FORMAT:HEX,OCT:6497", Error::kBadForm},  // half an arc
  };
  for (const auto& [names, error] : rows) {
    BOOST_TEST(ErrorOf(IdentityOfCertificate(Leaf("ca", names))) == Text(error), names);
  }
  BOOST_TEST(ErrorOf(IdentityOfCertificate(Make("bare", {"ca"}))) == Text(Error::kNoIdentity));
  BOOST_TEST(ErrorOf(IdentityOfCertificate("")) == Text(Error::kBadCertificate));
}

BOOST_FIXTURE_TEST_CASE(public_keys_are_checked, Pki) {
  MakeKey("good");
  MakeKey("compressed", "compressed");
  MakeKey("other", "P-384");
  MakeKey("rsa", "RSA");
  const std::string good = PublicKeyDer("good");
  BOOST_TEST(ErrorOf(CheckPublicKey(good)) == "");
  for (const char* const name : {"compressed", "other", "rsa"}) {
    BOOST_TEST(ErrorOf(CheckPublicKey(PublicKeyDer(name))) == Text(Error::kWeakAlgorithm), name);
  }
  std::string off_the_curve = good;
  off_the_curve.back() = static_cast<char>(off_the_curve.back() ^ 1);
  for (const std::string& bad : {off_the_curve, good + "x", good.substr(1), std::string()}) {
    BOOST_TEST(ErrorOf(CheckPublicKey(bad)) == Text(Error::kWeakAlgorithm));
  }
  const std::string leaf = Leaf("ca", "DNS:x.example");
  BOOST_TEST(*PublicKeyOfCertificate(leaf) == PublicKeyDer("leaf"));
  BOOST_TEST(ErrorOf(PublicKeyOfCertificate("x")) == Text(Error::kBadCertificate));
}

// RFC 6920's own example key would not do: RSA. So compared with the openssl command's.
BOOST_FIXTURE_TEST_CASE(a_public_key_has_an_identifier, Pki) {
  MakeKey("key");
  const std::string key = PublicKeyDer("key");
  const auto digest = [this](int octets) {
    Run("(openssl dgst -sha256 -binary key.public.der | head -c " + std::to_string(octets) +
        " | base64 | tr '+/' '-_' | tr -d '=\\n' > digest)");
    return Read("digest");
  };
  const std::string whole = "30-ni:///sha-256;" + digest(32);
  const std::string cut_128 = "30-ni:///sha-256-128;" + digest(16);
  const std::string cut_120 = "30-ni:///sha-256-120;" + digest(15);
  BOOST_TEST(CredentialIdOfPublicKey(key)->text() == whole);
  for (const std::string& text : {whole, cut_128, cut_120}) {
    BOOST_TEST(CredentialIdNamesPublicKey(*CredentialId::Parse(text), key), text);
  }
  const std::string wrong[] = {"30-ni:///sha-256-128;" + digest(15),
                               "30-ni:///sha-256-64;" + digest(8), "30-ni:///sha-256;" + digest(31),
                               "31-ni:///sha-256;" + digest(32), "30-ni://a/sha-256;" + digest(32)};
  for (const std::string& text : wrong) {
    BOOST_TEST(!CredentialIdNamesPublicKey(*CredentialId::Parse(text), key), text);
  }
  MakeKey("other");
  BOOST_TEST(!CredentialIdNamesPublicKey(*CredentialId::Parse(whole), PublicKeyDer("other")));
  BOOST_TEST(ErrorOf(CredentialIdOfPublicKey("x")) == Text(Error::kWeakAlgorithm));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
