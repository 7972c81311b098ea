// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MAF that isn't ours and doesn't know that it is one: Debian's coap-server on OpenSSL, which
// holds the answer as a plain resource, put there by Debian's coap-client.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>

#include "bindings/coap/stock_server.h"
#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

// What coap-server takes on its command line must be printable; kTestKm in octets.
const std::string kKm(32, 'U');

// Puts a file there over CoAP in the clear; false while the server isn't there yet.
bool Put(const coap::test::StockServer& server, const std::string& path, const std::string& file) {
  const std::string uri = "coap://127.0.0.1:" + std::to_string(server.port(false)) + path;
  return std::system(("coap-client-openssl -B 2 -t json -m put -f '" + file + "' '" + uri +
                      "' 2>&1 | grep -q . && exit 1; coap-client-openssl -B 2 -m get '" + uri +
                      "' | grep -q keyValue")
                         .c_str()) == 0;
}

BOOST_AUTO_TEST_SUITE(stock_maf)

BOOST_AUTO_TEST_CASE(a_plain_resource_will_do) {
  const coap::test::StockServer server(kKm);
  const onem2m::TestFolder folder;
  const std::string answer = folder.Write("answer.json", MakeAnswer(kAe1, "AE", "", 600), 0600);
  BOOST_REQUIRE(Eventually([&] { return Put(server, "/kr/K1", answer); }));

  std::string km;
  for (const char c : kKm) {
    static constexpr char kDigits[] = "0123456789abcdef";
    km += kDigits[static_cast<unsigned char>(c) >> 4];
    km += kDigits[static_cast<unsigned char>(c) & 0xf];
  }
  const PluginUnderTest plugin(server.port(true), {.fetch = R"(, "sessions": 1)", .km = km});
  std::string key;
  BOOST_TEST(plugin.LookupWait("K1@maf.example.com", 10000, &key) == SAEF_KEY);
  BOOST_TEST(key == kTestKey);
  BOOST_TEST(plugin.LookupWait("K2@maf.example.com") == SAEF_UNKNOWN);
  const saef_association association = plugin.Associate("K1@maf.example.com");
  BOOST_TEST(plugin.Check(association, "Cae1") == 2000);
  BOOST_TEST(plugin.Check(association, "Cae2") == 4106);
  BOOST_TEST(plugin.Statistics().maf_sessions == 1u);
  BOOST_TEST_INFO(plugin.log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
