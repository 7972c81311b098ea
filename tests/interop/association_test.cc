// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole way with clients of ours: MAF, saef.so, CSE; over CoAP and over HTTP.
#include <boost/test/unit_test.hpp>
#include <thread>

#include "roles/cse/test_requests.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::Delete;
using cse::test::kAe;
using cse::test::Retrieve;
using cse::test::TextMember;
using cse::test::Update;

std::string Outcome(const bindings::Result<void>& connected) {
  return connected ? "connected" : connected.error().message();
}

BOOST_AUTO_TEST_SUITE(association)

BOOST_AUTO_TEST_CASE(an_ae_registers_stores_and_reads_back) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      Parties parties;
      const Key key = parties.Register();
      const auto client = parties.Open(scheme, &key);
      onem2m::ResponsePrimitive response;
      BOOST_TEST(Ask(*client, Create("base", "Cae1", 2, kAe), &response) == 2001);
      BOOST_TEST(TextMember(response.content, "m2m:ae/aei") == "Cae1");
      BOOST_TEST(response.location.value_or("") == "base/Cae1");
      BOOST_TEST(Ask(*client, Create("base/Cae1", "Cae1", 3, R"({"m2m:cnt":{"rn":"data"}})")) ==
                 2001);
      BOOST_TEST(Ask(*client, Create("base/Cae1/data", "Cae1", 4,
                                     R"({"m2m:cin":{"con":"21.5 degrees"}})")) == 2001);
      BOOST_TEST(Ask(*client, Retrieve("base/Cae1/data/la", "Cae1"), &response) == 2000);
      BOOST_TEST(TextMember(response.content, "m2m:cin/con") == "21.5 degrees");
      BOOST_TEST(Ask(*client, Retrieve("/cse1/Cae1", "Cae1")) == 2000);
      BOOST_TEST(Ask(*client, Retrieve("//sp.example.com/cse1/Cae1", "Cae1")) == 2000);
      BOOST_TEST(Ask(*client, Retrieve("base", "Cae1", {{"fu", "1"}, {"ty", "3"}}), &response) ==
                 2000);
      BOOST_TEST(response.content == R"({"m2m:uril":["base/Cae1/data"]})");
      BOOST_TEST(Ask(*client, Update("base/Cae1", "Cae1", R"({"m2m:ae":{"rr":true}})")) == 2004);
      BOOST_TEST(Ask(*client, Create("base", "Cae1", 2, kAe)) == 4117);
      BOOST_TEST(Ask(*client, Delete("base/Cae1", "Cae1")) == 2002);
      BOOST_TEST(Ask(*client, Create("base", "C", 2, kAe)) == 2001);
    }
  }
}

BOOST_AUTO_TEST_CASE(from_is_the_entity_behind_the_association_or_refused) {
  Parties parties;
  const Key key = parties.Register();
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto client = parties.Open(scheme, &key);
      onem2m::ResponsePrimitive response;
      BOOST_TEST(Ask(*client, Retrieve("base", "Cother"), &response) == 4106);
      BOOST_TEST(response.content.find("m2m:dbg") != std::string::npos);
      BOOST_TEST(Ask(*client, Create("base", "Cother", 2, kAe)) == 4106);
      BOOST_TEST(Ask(*client, Retrieve("base", "CAdmin")) == 4106);
      BOOST_TEST(Ask(*client, Retrieve("base", "/cse1/Cae1")) == 4000);
      BOOST_TEST(Ask(*client, Retrieve("base", "/cse1")) == 4000);
      BOOST_TEST(Ask(*client, Retrieve("base", "Cae1")) == 2000);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_ae_known_by_its_credential_is_tied_to_the_id_it_gets) {
  Parties parties;
  const Key key = parties.Register({.client = "ae2"});
  const auto client = parties.Open("coaps", &key);
  BOOST_TEST(Ask(*client, Retrieve("base", "Cmine")) == 4106);
  onem2m::ResponsePrimitive response;
  BOOST_TEST(Ask(*client, Create("base", "C", 2, kAe), &response) == 2001);
  const std::string mine = TextMember(response.content, "m2m:ae/aei");
  BOOST_TEST(Ask(*client, Retrieve(mine, mine)) == 2000);
  BOOST_TEST(Ask(*client, Retrieve("base", "Cmine")) == 4106);
  // The same credential with another key over another binding.
  const Key again = parties.Register({.client = "ae2"});
  const auto second = parties.Open("https", &again);
  BOOST_TEST(Ask(*second, Retrieve(mine, mine)) == 2000);
  BOOST_TEST(Ask(*second, Create("base", "Cmore", 2, kAe)) == 4106);
  // Others don't pass for it: neither another credential, nor in the clear.
  const Key other = parties.Register({.client = "ae1"});
  const auto stranger = parties.Open("coaps", &other);
  BOOST_TEST(Ask(*stranger, Retrieve(mine, mine)) == 4106);
  for (const char* scheme : {"coap", "http"}) {
    BOOST_TEST(Ask(*parties.Open(scheme, nullptr), Retrieve(mine, mine)) == 4107);
  }
  BOOST_TEST(Ask(*client, Delete(mine, mine)) == 2002);
  BOOST_TEST(Ask(*client, Retrieve("base", mine)) == 4106);
}

BOOST_AUTO_TEST_CASE(requests_in_the_clear_are_no_side_door) {
  Parties parties;
  for (const char* scheme : {"coap", "http"}) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto client = parties.Open(scheme, nullptr);
      const std::string stem = std::string("C") + scheme;
      BOOST_TEST(Ask(*client, Retrieve("base", stem)) == 4106);
      BOOST_TEST(Ask(*client, Retrieve("base", "/cse2")) == 4107);
      BOOST_TEST(Ask(*client, Retrieve("base", "/cse1")) == 4107);
      BOOST_TEST(Ask(*client, Create("base", stem, 2, kAe)) == 2001);
      BOOST_TEST(Ask(*client, Retrieve(stem, stem)) == 2000);
    }
  }
}

// saef.json, "require".
BOOST_AUTO_TEST_CASE(where_an_association_is_demanded_the_clear_is_shut) {
  Parties parties({.plugin_more = R"(,"require":"always")"});
  for (const char* scheme : {"coap", "http"}) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto client = parties.Open(scheme, nullptr);
      BOOST_TEST(Ask(*client, Create("base", std::nullopt, 2, kAe)) == 4107);
      BOOST_TEST(Ask(*client, Create("base", "Cclear", 2, kAe)) == 4107);
      BOOST_TEST(Ask(*client, Retrieve("base", "Cclear")) == 4107);
      BOOST_TEST(Ask(*client, Retrieve("base", "/cse2")) == 4107);
    }
  }
  BOOST_TEST(parties.cse().resources() == 1U);
  const Key key = parties.Register();
  for (const char* scheme : kSecureSchemes) {
    const auto client = parties.Open(scheme, &key);
    BOOST_TEST(Ask(*client, Create("base", "Cae1", 2, kAe)) == 2001);
    BOOST_TEST(Ask(*client, Delete("Cae1", "Cae1")) == 2002);
  }
}

BOOST_AUTO_TEST_CASE(another_cse_registers_through_its_association) {
  Parties parties;
  const Key key = parties.Register({.client = "cse2"});
  const auto client = parties.Open("coaps", &key);
  const std::string csr = R"({"m2m:csr":{"csi":"/cse2","cb":"/cse2/base","rr":true}})";
  const auto clear = parties.Open("coap", nullptr);
  BOOST_TEST(Ask(*clear, Create("base", "/cse2", 16, csr)) == 4107);
  onem2m::ResponsePrimitive response;
  BOOST_TEST(Ask(*client, Create("base", "/cse2", 16, csr), &response) == 2001);
  const std::string id = TextMember(response.content, "m2m:csr/ri");
  BOOST_TEST(Ask(*client, Retrieve(id, "/cse2")) == 2000);
  BOOST_TEST(Ask(*client, Retrieve("base", "Cae1")) == 4106);
  BOOST_TEST(Ask(*client, Delete(id, "/cse2")) == 2002);
}

BOOST_AUTO_TEST_CASE(keys_that_are_not_for_this_cse_or_no_more_are_refused) {
  Parties parties;
  const Key good = parties.Register();
  const Key elsewhere = parties.Register({.target = kCse3});
  const Key short_lived = parties.Register({.lifetime = std::chrono::seconds(2)});
  while (onem2m::Now() <= short_lived.expires) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  const std::pair<std::string, std::string> cases[] = {
      {"unknown", "0123456789ABCDEF0123456789ABCDEF@maf.example.com"},
      {"for another CSE", elsewhere.kc_id},
      {"expired", short_lived.kc_id},
      {"of another MAF", "0123456789ABCDEF0123456789ABCDEF@other.example.com"},
      {"no KcId", "ae1"},
  };
  for (const char* scheme : kSecureSchemes) {
    for (const auto& [what, identity] : cases) {
      const onem2m::Secret& kc = what == "expired"           ? short_lived.kc
                                 : what == "for another CSE" ? elsewhere.kc
                                                             : good.kc;
      const auto connected = parties.OpenAs(scheme, identity, kc)->Connect();
      BOOST_TEST(
          (connected.has_error() && connected.error() == bindings::Error::kCredentialRefused),
          scheme << " " << what << ": " << Outcome(connected));
    }
    const auto connected = parties.Open(scheme, &good)->Connect();
    BOOST_TEST(connected.has_value(), scheme << ": " << Outcome(connected));
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_kc_is_no_association) {
  Parties parties;
  const Key key = parties.Register();
  const onem2m::Secret wrong = *onem2m::Secret::Random(32);
  BOOST_TEST(parties.OpenAs("https", key.kc_id, wrong)->Connect().has_error());
}

BOOST_AUTO_TEST_CASE(a_session_ends_when_its_key_does) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      Parties parties;
      const Key key = parties.Register({.lifetime = std::chrono::seconds(5)});
      const auto client = parties.Open(scheme, &key);
      BOOST_TEST(Ask(*client, Create("base", "Cae1", 2, kAe)) == 2001);
      BOOST_TEST(parties.cse().sessions() == 1U);
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (parties.cse().sessions() != 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      BOOST_TEST(parties.cse().sessions() == 0U);
      BOOST_TEST((onem2m::Now() >= key.expires));
      BOOST_TEST(Ask(*client, Retrieve("base", "Cae1")) == 0);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
