// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client on OpenSSL registers an exported key: both sides hold the same 48 octets.
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "onem2m/key_derivation.h"
#include "roles/enrolment_testing.h"
#include "roles/testing.h"

namespace saef::roles {
namespace {

using testing::House;

const std::string kContent = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"]})";

struct Exchange {
  std::string exported;  // hex
  std::string answer;    // as it came: CoAP or HTTP
};

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// `content` by POST to the path `to`, of two letters.
std::string MakeRequest(bool dtls, const std::string& to, const std::string& content) {
  // RFC 7252 3: confirmable POST, token, Uri-Path (11), Content-Format (12) 50, oneM2M-RQI (283).
  if (dtls) {
    return std::string("\x44\x02\x12\x34TOKN\xB2", 9) + to + std::string("\x11\x32\xE2", 3) +
           std::string("\x00\x02r1\xFF", 5) + content;
  }
  return "POST /" + to +
         " HTTP/1.1\r\nHost: maf.example.com\r\nX-M2M-RI: r1\r\nX-M2M-RVI: 3\r\n"
         "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(content.size()) + "\r\n\r\n" + content;
}

Exchange RunClientAt(const House& house, const std::string& at, bool dtls,
                     const std::string& credential, const std::string& request_text) {
  const auto uri = *bindings::Uri::Parse(at);
  const std::string request = house.Write("request", request_text);
  const std::string command = "'" SAEF_OPENSSL_CLIENT "' " + std::string(dtls ? "dtls " : "tls ") +
                              std::to_string(uri.port) + " " + credential + " < '" + request + "'";
  FILE* pipe = popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string output;
  char buffer[4096];
  while (const std::size_t got = fread(buffer, 1, sizeof(buffer), pipe)) {
    output.append(buffer, got);
  }
  BOOST_REQUIRE(WEXITSTATUS(pclose(pipe)) == 0);
  const auto end = output.find('\n');
  return {output.substr(0, end), FromHex(output.substr(end + 1, output.size() - end - 2))};
}

Exchange RunClient(const House& house, bool dtls, const char* more = "") {
  return RunClientAt(house, house.maf->uris().at(dtls ? 0 : 1), dtls,
                     "ae1@maf.example.com " + testing::KmOf("ae1") + " " + more,
                     MakeRequest(dtls, "kr", kContent));
}

std::string JsonOf(const std::string& answer) {
  // Of the message before it, two octets are the server's to choose.
  const auto begin = answer.find("{\"");
  BOOST_REQUIRE(begin != std::string::npos);
  return answer.substr(begin, answer.find('}') - begin + 1);
}

BOOST_AUTO_TEST_SUITE(openssl)

BOOST_FIXTURE_TEST_CASE(the_same_48_octets, House) {
  StartMaf();
  for (const bool dtls : {true, false}) {
    BOOST_TEST_CONTEXT((dtls ? "DTLS" : "TLS")) {
      const Exchange exchange = RunClient(*this, dtls);
      BOOST_REQUIRE(exchange.exported.size() == 96u);
      const auto answer = onem2m::maf::ParseKeyRegistrationResponse(JsonOf(exchange.answer));
      BOOST_REQUIRE_MESSAGE(answer.has_value(), exchange.answer);
      BOOST_TEST(answer->relative_key_id == exchange.exported.substr(0, 32));
      const auto retrieved = onem2m::maf::ParseKeyRetrievalResponse(
          Ask(*MafClient("cse1"), Retrieval(answer->relative_key_id + "@maf.example.com")).content);
      BOOST_REQUIRE(retrieved.has_value());
      const auto ours = onem2m::Secret::FromHex(exchange.exported.substr(32));
      BOOST_TEST(retrieved->key.Equals(ours->bytes()));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(no_export_without_extended_master_secret, House) {
  StartMaf();
  for (const bool dtls : {true, false}) {
    const Exchange exchange = RunClient(*this, dtls, "no-ems");
    BOOST_TEST_CONTEXT(exchange.answer) {
      BOOST_TEST(exchange.answer.find("RFC 7627") != std::string::npos);
      BOOST_TEST(exchange.answer.find("relativeKeyID") == std::string::npos);
    }
  }
}

// TS-0003 10.3.1 with the Bootstrap label: what the MEF derives from its Ke is what is derived from
// OpenSSL's.
BOOST_FIXTURE_TEST_CASE(the_same_ke_at_the_mef, testing::EnrolmentHouse) {
  StartMef({});
  for (const bool dtls : {true, false}) {
    BOOST_TEST_CONTEXT((dtls ? "DTLS" : "TLS")) {
      const Exchange exchange = RunClientAt(*this, mef_uris.at(dtls ? 0 : 1), dtls,
                                            "ae1@mef.example.com " + testing::kKpm + " bootstrap",
                                            MakeRequest(dtls, "en", R"({"mafEnrolment":false})"));
      BOOST_REQUIRE(exchange.exported.size() == 96u);
      BOOST_TEST(exchange.answer.find("\"relativeKeyID\":\"" + exchange.exported.substr(0, 32)) !=
                     std::string::npos,
                 exchange.answer);
      const auto ke = onem2m::Secret::FromHex(exchange.exported.substr(32));
      const auto km =
          onem2m::DeriveUsageConstrainedKey(*ke, onem2m::Suid::kRspfMaf, "maf.example.com");
      const auto maf_at_mef = Client(mef_uris.at(0), "maf@mef.example.com",
                                     *onem2m::Secret::FromHex(std::string(64, 'f')));
      onem2m::RequestPrimitive request;
      request.to = "fetchCredentials/" + exchange.exported.substr(0, 32) + "@mef.example.com/21";
      request.request_identifier = "fetch";
      const auto fetched =
          onem2m::mef::ParseFetchedCredential(Ask(*maf_at_mef, std::move(request)).content);
      BOOST_REQUIRE(fetched.has_value());
      BOOST_TEST(fetched->credential.Equals(km->bytes()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
