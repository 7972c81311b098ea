// SPDX-License-Identifier: GPL-3.0-or-later
//
// Provisioned keys, certificates, raw public keys and application rules, with the plugin behind its
// table (TS-0003 8.2.1, 8.2.2.1, 8.2.2.2). Certificates are made by the openssl command.
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>
#include <vector>

#include "onem2m/certificate.h"
#include "onem2m/test_certificates.h"
#include "onem2m/timestamp.h"
#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using Options = PluginUnderTest::Options;
using onem2m::CertificateMaker;

constexpr std::uint16_t kNoMaf = 9;  // discard: nobody is asked

std::string Hex(char digit) { return std::string(64, digit); }
std::string InSeconds(int seconds) {
  return onem2m::FormatTimestamp(onem2m::Now() + std::chrono::seconds(seconds));
}

struct Described {
  std::int32_t result = 0;
  std::int32_t kind = 0;
  std::uint32_t suid = 0;
  std::int64_t expires = 0;
  std::string entity_id, credential_id, allowed_ids;
};
Described Describe(const PluginUnderTest& plugin, saef_association association) {
  char entity[256], credential[256], allowed[1024];
  saef_association_description d{};
  d.size = sizeof(d);
  d.entity_id = entity;
  d.entity_id_length = sizeof(entity);
  d.credential_id = credential;
  d.credential_id_length = sizeof(credential);
  d.allowed_ids = allowed;
  d.allowed_ids_length = sizeof(allowed);
  Described described;
  described.result = Api().describe(plugin.get(), association, &d);
  if (described.result != SAEF_DONE && described.result != SAEF_DENIED) return described;
  described.kind = d.kind;
  described.suid = d.suid;
  described.expires = d.expires;
  described.entity_id.assign(entity, d.entity_id_length);
  described.credential_id.assign(credential, d.credential_id_length);
  described.allowed_ids.assign(allowed, d.allowed_ids_length);
  return described;
}
std::int32_t Assign(const PluginUnderTest& plugin, saef_association association,
                    const std::string& id) {
  return Api().assign_ae_id(plugin.get(), association, id.data(), id.size());
}

Options WithKeys(const std::string& keys, const std::string& more = {}) {
  Options options;
  options.files = {{"a.key", Hex('a')}, {"b.key", Hex('b')}};
  options.more = ", \"provisionedKeys\": [" + keys + "]" + more;
  return options;
}

BOOST_AUTO_TEST_SUITE(identity)

// ---- Provisioned Symmetric Key SAEF (TS-0003 8.2.2.1)

BOOST_AUTO_TEST_CASE(a_provisioned_key_is_here_at_once) {
  const PluginUnderTest plugin(
      kNoMaf, WithKeys(R"({"kpsaId": "Meter7@issuer.example.com", "kpsaFile": "a.key",
                           "entityId": "/cse2", "entityType": "CSE"},
                          {"kpsaId": "m@maf.example.com", "kpsaFile": "b.key"})"));
  std::string key;
  BOOST_TEST(plugin.Lookup("Meter7@issuer.example.com", &key) == SAEF_KEY);
  BOOST_TEST(key == std::string(32, '\xaa'));
  // TS-0003 10.5, compared without case; a MAF's domain needs not mean the MAF.
  BOOST_TEST(plugin.Lookup("METER7@Issuer.Example.com") == SAEF_KEY);
  BOOST_TEST(plugin.LookupWait("m@maf.example.com", 1000, &key) == SAEF_KEY);
  BOOST_TEST(key == std::string(32, '\xbb'));
  BOOST_TEST(plugin.Lookup("meter8@issuer.example.com") == SAEF_NOT_MINE);
  BOOST_TEST(plugin.Lookup("meter7@issuer.example") == SAEF_NOT_MINE);
  BOOST_TEST(plugin.Lookup("n@maf.example.com") == SAEF_PENDING);  // a MAF's
  std::uint8_t small[31];
  std::size_t length = sizeof(small);
  BOOST_TEST(Api().lookup(plugin.get(), Octets("m@maf.example.com").data(), 17, small, &length) ==
             SAEF_E_BUFFER_TOO_SMALL);
  BOOST_TEST(length == 32u);

  const saef_association association = plugin.Associate("meter7@issuer.example.com");
  const Described described = Describe(plugin, association);
  BOOST_TEST(described.kind == SAEF_ENTITY_CSE);
  BOOST_TEST(described.entity_id == "//sp.example.com/cse2");
  BOOST_TEST(described.credential_id == "12-Meter7@issuer.example.com");
  BOOST_TEST(described.suid == 12u);
  BOOST_TEST(described.expires == INT64_MAX);
  BOOST_TEST(plugin.Check(association, "/cse2") == 2000);
  BOOST_TEST(plugin.Check(association, "/cse3") == 4106);
  BOOST_TEST(plugin.Statistics().fetches == 0u);
}

// "If Entity A is an AE, then Entity B … may determine IdA during registration."
BOOST_AUTO_TEST_CASE(an_ae_with_a_provisioned_key_is_found_at_registration) {
  PluginUnderTest plugin(kNoMaf, WithKeys(R"({"kpsaId": "m@i.example", "kpsaFile": "a.key"},
                                     {"kpsaId": "n@i.example", "kpsaFile": "b.key"})"));
  const saef_association association = plugin.Associate("m@i.example");
  BOOST_TEST(Describe(plugin, association).kind == SAEF_ENTITY_UNRESOLVED);
  BOOST_TEST(Describe(plugin, association).credential_id == "12-m@i.example");
  BOOST_TEST(plugin.Check(association, "Cm") == 4106);
  BOOST_TEST(plugin.CheckRegistration(association, "", "Rx") == 2000);
  BOOST_TEST(Assign(plugin, association, "Cm") == SAEF_DONE);
  BOOST_TEST(plugin.Check(association, "Cm") == 2000);
  BOOST_TEST(plugin.Check(association, "Cn") == 4106);
  // Nor may another credential have it.
  const saef_association other = plugin.Associate("n@i.example");
  BOOST_TEST(plugin.CheckRegistration(other, "Cm", "Rx") == 4106);
  BOOST_TEST(Assign(plugin, other, "Cm") == SAEF_DENIED);
}

BOOST_AUTO_TEST_CASE(a_provisioned_key_ends) {
  const PluginUnderTest plugin(kNoMaf, WithKeys(R"({"kpsaId": "m@i.example", "kpsaFile": "a.key",
                           "expirationTime": "20200101T000000"},
                          {"kpsaId": "n@i.example", "kpsaFile": "b.key", "expirationTime": ")" +
                                                InSeconds(3) + R"("})"));
  BOOST_TEST(plugin.Lookup("m@i.example") == SAEF_DENIED);
  plugin.Associate("m@i.example", SAEF_DENIED);
  const saef_association association = plugin.Associate("n@i.example");
  BOOST_TEST(plugin.CheckRegistration(association, "Cn", "Rx") == 2000);
  BOOST_TEST(Eventually([&] { return plugin.ended().size() == 1u; }));
  BOOST_TEST(Describe(plugin, association).result == SAEF_DENIED);
  BOOST_TEST(plugin.Check(association, "/cse2") == 4107);
  BOOST_TEST(plugin.Lookup("n@i.example") == SAEF_DENIED);
}

// ---- Configured identities (8.2.1)

BOOST_AUTO_TEST_CASE(a_configured_ae_is_known_before_it_registers) {
  PluginUnderTest plugin(
      kNoMaf, WithKeys(R"({"kpsaId": "m@i.example", "kpsaFile": "a.key"},
                          {"kpsaId": "n@i.example", "kpsaFile": "b.key"})",
                       R"(, "identities": [{"credentialId": "12-M@i.example", "entityId": "Cm",
                                            "entityType": "AE"}])"));
  const saef_association association = plugin.Associate("m@i.example");
  BOOST_TEST(Describe(plugin, association).entity_id == "//sp.example.com/cse1/Cm");
  BOOST_TEST(plugin.Check(association, "Cm") == 2000);
  BOOST_TEST(plugin.Check(association, "Cx") == 4106);
  // Neither another credential nor the clear may take what the configuration gives to this one.
  const saef_association other = plugin.Associate("n@i.example");
  BOOST_TEST(plugin.CheckRegistration(other, "Cm", "Rx") == 4106);
  BOOST_TEST(Assign(plugin, other, "Cm") == SAEF_DENIED);
  plugin.Register("Cm");
  BOOST_TEST(plugin.Check(SAEF_NO_ASSOCIATION, "Cm") == 4107);
  BOOST_TEST(plugin.CheckRegistration(SAEF_NO_ASSOCIATION, "Cm", "Rx") == 4107);
}

BOOST_AUTO_TEST_CASE(a_configured_identity_ends) {
  const PluginUnderTest plugin(
      kNoMaf, WithKeys(R"({"kpsaId": "m@i.example", "kpsaFile": "a.key"})",
                       R"(, "identities": [{"credentialId": "12-m@i.example", "entityId": "Cm",
                    "entityType": "AE", "expirationTime": "20200101T000000"}])"));
  BOOST_TEST(plugin.Lookup("m@i.example") == SAEF_KEY);
  plugin.Associate("m@i.example", SAEF_DENIED);
  BOOST_TEST(plugin.log().find("has expired") != std::string::npos);
}

// ---- Certificates and raw public keys (8.2.2.2)

struct Pki : CertificateMaker {
  Pki() { ca = Make("ca", {"", ForCa(), "20200101000000Z", "20400101000000Z"}); }
  std::string Leaf(const std::string& names, const std::string& end = "20350101000000Z") {
    return Make("leaf", {"ca", For(names), "20200101000000Z", end});
  }
  Options With(const std::string& more = {}) const {
    Options options;
    options.files = {{"ca.pem", Read("ca.pem")}};
    options.more = R"(, "certificates": {"trustAnchorFiles": ["ca.pem"]})" + more;
    return options;
  }
  std::string ca;
};

struct Peer {
  explicit Peer(std::vector<std::string> of) : chain(std::move(of)) {
    for (const std::string& certificate : chain) bytes.push_back(Bytes(certificate));
    peer.size = sizeof(peer);
    peer.certificates = bytes.data();
    peer.certificate_count = bytes.size();
  }
  struct PublicKey {};
  Peer(PublicKey, std::string key) : chain{std::move(key)} {
    peer.size = sizeof(peer);
    peer.public_key = Bytes(chain.front());
  }
  static saef_bytes Bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  std::int32_t Verify(const PluginUnderTest& plugin) const {
    return Api().verify_peer(plugin.get(), &peer);
  }
  // Both questions are answered alike.
  saef_association Associate(const PluginUnderTest& plugin, std::int32_t expected) const {
    saef_association association = 77;
    BOOST_TEST(Verify(plugin) == expected);
    BOOST_TEST(Api().associate(plugin.get(), &peer, &association) == expected);
    BOOST_TEST((association != SAEF_NO_ASSOCIATION) == (expected == SAEF_DONE));
    return association;
  }

  std::vector<std::string> chain;
  std::vector<saef_bytes> bytes;
  saef_peer peer{};
};

BOOST_FIXTURE_TEST_CASE(certificates_that_name_the_entity, Pki) {
  const PluginUnderTest plugin(kNoMaf, With());
  const saef_association cse = Peer({Leaf("DNS:cse2.sp.example.com")}).Associate(plugin, SAEF_DONE);
  const Described described = Describe(plugin, cse);
  BOOST_TEST(described.kind == SAEF_ENTITY_CSE);
  BOOST_TEST(described.entity_id == "//sp.example.com/cse2");
  BOOST_TEST(described.credential_id.starts_with("32-"));
  BOOST_TEST(described.suid == 42u);
  // The first second after notAfter, give or take the two clocks.
  const auto end = onem2m::ParseTimestamp("20350101T000001")->time_since_epoch().count();
  BOOST_TEST(std::abs(described.expires - end) <= 1);
  BOOST_TEST(plugin.Check(cse, "/cse2") == 2000);
  BOOST_TEST(plugin.Check(cse, "/cse3") == 4106);

  const saef_association ae =
      Peer({Leaf("URI:m2m://sp.example.com/cse1/Cae1")}).Associate(plugin, SAEF_DONE);
  BOOST_TEST(Describe(plugin, ae).kind == SAEF_ENTITY_AE);
  BOOST_TEST(Describe(plugin, ae).entity_id == "//sp.example.com/cse1/Cae1");
  BOOST_TEST(plugin.Check(ae, "Cae1") == 2000);
  BOOST_TEST(plugin.Check(ae, "Cae2") == 4106);
}

BOOST_FIXTURE_TEST_CASE(certificates_that_are_refused, Pki) {
  const PluginUnderTest plugin(kNoMaf, With());
  const std::string good = Leaf("DNS:cse2.sp.example.com");
  Make("stranger", {"", ForCa()});
  const std::string strange = Make("leaf", {"stranger", For("DNS:cse2.sp.example.com")});
  Peer({strange}).Associate(plugin, SAEF_DENIED);
  Peer({Leaf("DNS:cse2.sp.example.com", "20210101000000Z")}).Associate(plugin, SAEF_DENIED);
  Peer({Leaf("DNS:*.sp.example.com")}).Associate(plugin, SAEF_DENIED);
  Peer({Leaf("email:x@sp.example.com")}).Associate(plugin, SAEF_DENIED);   // names nobody
  Peer({Leaf("DNS:cse1.sp.example.com")}).Associate(plugin, SAEF_DENIED);  // this CSE itself
  Peer({good.substr(0, 100)}).Associate(plugin, SAEF_DENIED);
  Peer({good, ca}).Associate(plugin, SAEF_DONE);
  BOOST_TEST(plugin.log().find("a peer is refused: the certificate is this CSE's own") !=
             std::string::npos);
  const PluginUnderTest without(kNoMaf);
  Peer({good}).Associate(without, SAEF_NOT_MINE);
}

BOOST_FIXTURE_TEST_CASE(an_association_ends_with_its_certificate, Pki) {
  const PluginUnderTest plugin(kNoMaf, With());
  const std::time_t soon = std::time(nullptr) + 4;
  char end[32];
  std::tm calendar{};
  std::strftime(end, sizeof(end), "%Y%m%d%H%M%SZ", gmtime_r(&soon, &calendar));
  const saef_association association =
      Peer({Leaf("DNS:cse2.sp.example.com", end)}).Associate(plugin, SAEF_DONE);
  BOOST_TEST(plugin.Check(association, "/cse2") == 2000);
  BOOST_TEST(Eventually([&] { return plugin.ended().size() == 1u; }));
  BOOST_TEST(plugin.Check(association, "/cse2") == 4107);
}

BOOST_FIXTURE_TEST_CASE(a_device_certificate_and_its_list, Pki) {
  const std::string node = "URI:urn:dev:ops:0011AA-Meter-77";
  const PluginUnderTest plugin(
      kNoMaf, With(R"(, "identities": [{"credentialId": "34-urn:dev:ops:0011AA-Meter-77",
                         "entityIds": ["Cone", "//sp.example.com/Stwo"]}])"));
  const saef_association association = Peer({Leaf(node)}).Associate(plugin, SAEF_DONE);
  const Described described = Describe(plugin, association);
  BOOST_TEST(described.kind == SAEF_ENTITY_AE_LIST);
  BOOST_TEST(described.entity_id == "");
  BOOST_TEST(described.allowed_ids == "//sp.example.com/cse1/Cone\n//sp.example.com/Stwo");
  for (const char* one : {"Cone", "Stwo"}) {
    BOOST_TEST(plugin.CheckRegistration(association, one, "Rx") == 2000);
    BOOST_TEST(Assign(plugin, association, one) == SAEF_DONE);
    BOOST_TEST(plugin.Check(association, one) == 2000);
  }
  BOOST_TEST(plugin.Check(association, "Cthree") == 4106);
  BOOST_TEST(Assign(plugin, association, "Cthree") == SAEF_DENIED);
  // A host of version 1.0 knows no lists, and has no room for one.
  saef_association_description old{};
  old.size = offsetof(saef_association_description, allowed_ids);
  char credential[256];
  old.credential_id = credential;
  old.credential_id_length = sizeof(credential);
  old.allowed_ids_length = 4711;
  BOOST_TEST(Api().describe(plugin.get(), association, &old) == SAEF_DONE);
  BOOST_TEST(old.kind == SAEF_ENTITY_UNRESOLVED);
  BOOST_TEST(old.allowed_ids_length == 4711u);
  // Too little room tells all lengths and writes nothing.
  old.size = sizeof(old);
  old.allowed_ids_length = 0;
  BOOST_TEST(Api().describe(plugin.get(), association, &old) == SAEF_E_BUFFER_TOO_SMALL);
  BOOST_TEST(old.allowed_ids_length == described.allowed_ids.size());
}

BOOST_FIXTURE_TEST_CASE(a_node_that_nobody_knows_may_only_register, Pki) {
  const PluginUnderTest plugin(kNoMaf, With());
  const saef_association association =
      Peer({Leaf("URI:urn:dev:ops:0011AA-Meter-77")}).Associate(plugin, SAEF_DONE);
  BOOST_TEST(Describe(plugin, association).kind == SAEF_ENTITY_UNRESOLVED);
  BOOST_TEST(plugin.Check(association, "Cone") == 4106);
  BOOST_TEST(plugin.CheckRegistration(association, "Cone", "Rx") == 2000);
}

BOOST_FIXTURE_TEST_CASE(raw_public_keys, Pki) {
  MakeKey("known");
  MakeKey("unknown");
  MakeKey("old");
  MakeKey("large", "P-384");
  const auto id_of = [this](const std::string& name) {
    return onem2m::CredentialIdOfPublicKey(PublicKeyDer(name)).value().text();
  };
  Options options;
  options.more = R"(, "identities": [{"credentialId": ")" + id_of("known") +
                 R"(", "entityId": "Cae1", "entityType": "AE"}, {"credentialId": ")" +
                 id_of("old") + R"(", "expirationTime": "20200101T000000"}])";
  const PluginUnderTest plugin(kNoMaf, options);
  const saef_association association =
      Peer(Peer::PublicKey(), PublicKeyDer("known")).Associate(plugin, SAEF_DONE);
  const Described described = Describe(plugin, association);
  BOOST_TEST(described.kind == SAEF_ENTITY_AE);
  BOOST_TEST(described.credential_id == id_of("known"));
  BOOST_TEST(described.expires == INT64_MAX);
  BOOST_TEST(plugin.Check(association, "Cae1") == 2000);
  Peer(Peer::PublicKey(), PublicKeyDer("unknown")).Associate(plugin, SAEF_DENIED);
  Peer(Peer::PublicKey(), PublicKeyDer("old")).Associate(plugin, SAEF_DENIED);
  Peer(Peer::PublicKey(), PublicKeyDer("large")).Associate(plugin, SAEF_DENIED);
  Peer(Peer::PublicKey(), "nonsense").Associate(plugin, SAEF_DENIED);
  // Neither vouches for the other.
  Peer({Leaf("DNS:cse2.sp.example.com")}).Associate(plugin, SAEF_NOT_MINE);
  const PluginUnderTest certificates(kNoMaf, With());
  Peer(Peer::PublicKey(), PublicKeyDer("known")).Associate(certificates, SAEF_NOT_MINE);
}

// ---- Application rules (8.2.1, TS-0004 7.3.2.7)

BOOST_AUTO_TEST_CASE(rules_bind_registrations) {
  Options options = WithKeys(R"({"kpsaId": "m@i.example", "kpsaFile": "a.key"},
                                {"kpsaId": "n@i.example", "kpsaFile": "b.key"})",
                             R"(, "applicationRules": {"node": "/in/node"})");
  options.resources = {
      {"/in/node", R"({"m2m:svsn": {"csi": "/cse1", "rlk": ["/in/r1"]}})"},
      {"/in/r1", R"({"m2m:asar": {"apci": ["12-m@*"], "aai": ["Rgood"], "aae": ["C1*"]}})"}};
  const PluginUnderTest plugin(kNoMaf, options);
  const saef_association m = plugin.Associate("m@i.example");
  const saef_association n = plugin.Associate("n@i.example");
  BOOST_TEST(Eventually([&] { return plugin.CheckRegistration(m, "C12", "Rgood") == 2000; }));
  BOOST_TEST(plugin.CheckRegistration(m, "C12", "Rbad") == 4126);
  BOOST_TEST(plugin.CheckRegistration(m, "C2", "Rgood") == 4126);
  BOOST_TEST(plugin.CheckRegistration(m, "S", "Rgood") == 4126);
  BOOST_TEST(plugin.CheckRegistration(m, "", "Rgood") == 2000);
  BOOST_TEST(plugin.CheckRegistration(m, "/cse1/C12", "Rgood") == 4000);  // the check comes first
  BOOST_TEST(plugin.CheckRegistration(n, "C12", "Rgood") == 4126);  // no rule for this credential
  BOOST_TEST(plugin.CheckRegistration(SAEF_NO_ASSOCIATION, "C12", "Rgood") == 4126);
  // A host of version 1.0 doesn't tell the App-ID.
  saef_request old{offsetof(saef_request, app_id), SAEF_CREATE, 2, "C12", 3, "Rgood", 5};
  BOOST_TEST(Api().check_originator(plugin.get(), m, &old) == 4126);
  old.size = sizeof(old);
  BOOST_TEST(Api().check_originator(plugin.get(), m, &old) == 2000);
  // What the host chooses must be allowed, too.
  BOOST_TEST(Assign(plugin, m, "C2") == SAEF_DENIED);
  BOOST_TEST(Assign(plugin, m, "C12") == SAEF_DONE);
  BOOST_TEST(plugin.Check(m, "C12") == 2000);
}

BOOST_AUTO_TEST_CASE(without_the_rules_nobody_registers) {
  const PluginUnderTest plugin(kNoMaf, WithKeys(R"({"kpsaId": "m@i.example", "kpsaFile": "a.key"})",
                                                R"(, "applicationRules": {"node": "/in/node"})"));
  const saef_association m = plugin.Associate("m@i.example");
  BOOST_TEST(plugin.CheckRegistration(m, "C12", "Rgood") == 4128);
  BOOST_TEST(Assign(plugin, m, "C12") == SAEF_DENIED);
  BOOST_TEST(plugin.Check(SAEF_NO_ASSOCIATION, "Cx") == 4106);  // not a registration
  BOOST_TEST(Eventually([&] {
    return plugin.log().find("can't be retrieved from \"/in/node\"") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
