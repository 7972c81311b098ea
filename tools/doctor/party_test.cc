// SPDX-License-Identifier: GPL-3.0-or-later
//
// The doctor on the certificates of maf.json, mef.json, cse.json and entity.json: what is wrong in
// any of them is told with the file, whatever else is right. The certificates are the openssl
// command's.
#include "tools/doctor/party.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "onem2m/json.h"
#include "onem2m/test_certificates.h"

namespace saef::tools {
namespace {

using onem2m::CertificateMaker;

// A configuration of each party, with a certificate "own" that names it.
struct Party {
  const char* file;
  const char* names;  // what its certificate must carry
  std::string json;
};

std::string Certificate(const std::string& anchors) {
  return R"("certificate":{"chainFile":"own.pem","keyFile":"own.key.pem","trustAnchorFiles":[)" +
         anchors + "]}";
}

std::vector<Party> Parties(const std::string& anchors = R"("ca.pem")") {
  const std::string block = Certificate(anchors);
  return {
      {"maf.json", "DNS:maf.example.com",
       R"({"fqdn":"maf.example.com","clients":[],)" + block + "}"},
      {"mef.json", "DNS:mef.example.com",
       R"({"fqdn":"mef.example.com","enrolees":[],)" + block + "}"},
      {"cse.json", "DNS:cse1.sp.example.com",
       R"({"id":"/cse1","serviceProvider":"sp.example.com","resourceName":"base",)" + block + "}"},
      {"entity.json", "URI:m2m://sp.example.com/Sae1",
       R"({"entityId":"//sp.example.com/Sae1","cse":{"uris":[]},"credential":{)" + block + "}}"},
      {"saef.json", "DNS:cse1.sp.example.com",
       R"({"cse":{"id":"/cse1","serviceProvider":"sp.example.com"},
 "mafs":[{"fqdn":"maf.example.com",)" +
           block + "}]}"},
  };
}

struct PartyFiles : CertificateMaker {
  PartyFiles() {
    Make("ca", {.extensions = ForCa()});
    Make("otherca", {.extensions = ForCa()});
    Make("narrow", {.extensions = ForCaOf("permitted;DNS:elsewhere.example "
                                          "permitted;URI:elsewhere.example")});
  }

  // What is bad in `party`, its certificate made so.
  Findings Bad(const Party& party, const Spec& spec) {
    Make("own", spec);
    return Bad(party);
  }
  Findings Bad(const Party& party) const {
    Write(party.file, party.json);
    DoctorQuestions questions;
    questions.config = Path(party.file);
    const auto document = onem2m::ParseJson(party.json);
    BOOST_REQUIRE(document.has_value());
    Findings bad = ExamineFiles(questions.config, *document, questions, onem2m::Now());
    std::erase_if(bad, [](const Finding& f) { return f.kind == Finding::Kind::kGood; });
    return bad;
  }
};

void CheckOnly(const Findings& bad, const std::string& file, const std::string& what) {
  BOOST_REQUIRE_EQUAL(bad.size(), 1u);
  BOOST_TEST((bad[0].code == ExitCode::kUsage));
  BOOST_TEST(bad[0].what.find(file) != std::string::npos, bad[0].what);
  BOOST_TEST(bad[0].what.find(what) != std::string::npos, bad[0].what);
  BOOST_TEST(!bad[0].todo.empty());
}

BOOST_FIXTURE_TEST_SUITE(doctor_party, PartyFiles)

BOOST_AUTO_TEST_CASE(certificates_of_every_party) {
  for (const Party& party : Parties()) {
    BOOST_TEST_CONTEXT(party.file) {
      const auto names = For(party.names);
      BOOST_TEST(Bad(party, {.issuer = "ca", .extensions = names}).empty());
      CheckOnly(Bad(party, {.issuer = "ca", .extensions = names, .end = "20210101000000Z"}),
                "own.pem", "has expired");
      CheckOnly(Bad(party, {.issuer = "ca", .extensions = names, .begin = "20980101000000Z"}),
                "own.pem", "isn't valid before");
      CheckOnly(Bad(party, {.issuer = "ca",
                            .extensions = {"keyUsage=critical,keyAgreement", names.at(1)}}),
                "own.pem", "isn't for digital signatures");
      BOOST_TEST(std::ranges::any_of(
          Bad(party, {.issuer = "ca", .extensions = names, .key = "P-384"}),
          [](const Finding& f) { return f.what.find("isn't on P-256") != std::string::npos; }));
    }
  }
}

BOOST_AUTO_TEST_CASE(names_that_the_authority_may_not_certify) {
  for (const Party& party : Parties(R"("narrow.pem")")) {
    BOOST_TEST_CONTEXT(party.file) {
      CheckOnly(Bad(party, {.issuer = "narrow", .extensions = For(party.names)}), "own.pem",
                "may not certify");
    }
  }
}

BOOST_AUTO_TEST_CASE(whom_the_certificate_names) {
  for (const Party& party : Parties()) {
    const std::string file = party.file;
    BOOST_TEST_CONTEXT(file) {
      const std::string names =
          file == "entity.json" ? "URI:m2m://sp.example.com/Sae2" : "DNS:other.sp.example.com";
      CheckOnly(Bad(party, {.issuer = "ca", .extensions = For(names)}), "own.pem",
                file == "entity.json" ? "names //sp.example.com/Sae2"
                : file == "saef.json" ? "names //sp.example.com/other"
                                      : "doesn't carry the name");
    }
  }
}

BOOST_AUTO_TEST_CASE(trust_anchors_of_every_party) {
  Make("oldca", {.extensions = ForCa(), .end = "20210101000000Z"});
  Make("leaf", {.issuer = "ca", .extensions = For("DNS:leaf.example.com")});
  Write("text.pem", "no PEM");
  const std::pair<const char*, const char*> anchors[] = {
      {"oldca.pem", "has expired"},
      {"leaf.pem", "is no CA's"},
      {"text.pem", "holds no certificate"},
      {"gone.pem", "gone.pem"},
  };
  for (const auto& [file, what] : anchors) {
    // Beside one that is right.
    for (const Party& party : Parties(R"("ca.pem",")" + std::string(file) + "\"")) {
      BOOST_TEST_CONTEXT(party.file << " " << file) {
        CheckOnly(Bad(party, {.issuer = "ca", .extensions = For(party.names)}), file, what);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(private_keys_of_every_party) {
  for (const Party& party : Parties()) {
    BOOST_TEST_CONTEXT(party.file) {
      Make("own", {.issuer = "ca", .extensions = For(party.names)});
      chmod(Path("own.key.pem").c_str(), 0644);
      CheckOnly(Bad(party), "own.key.pem", "chmod 600");
      MakeKey("own");
      CheckOnly(Bad(party), "own.key.pem", "isn't of the private key");
    }
  }
}

// Where the authority that judges the others isn't the own one, --anchor names that.
BOOST_AUTO_TEST_CASE(the_own_authority_is_checked_where_it_is_told) {
  const Party maf = Parties(R"("otherca.pem")").front();
  BOOST_TEST(Bad(maf, {.issuer = "ca", .extensions = For(maf.names)}).empty());
  DoctorQuestions questions;
  questions.config = Path(maf.file);
  questions.anchor = Path("otherca.pem");
  BOOST_TEST((Verdict(ExamineParty(questions)) == ExitCode::kUsage));
  questions.anchor = Path("ca.pem");
  BOOST_TEST((Verdict(ExamineParty(questions)) == ExitCode::kDone));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
