// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/uri.h"

#include <boost/test/unit_test.hpp>

namespace saef::bindings {

BOOST_AUTO_TEST_SUITE(uri)

BOOST_AUTO_TEST_CASE(the_parts_and_the_default_ports) {
  const struct {
    const char* text;
    Scheme scheme;
    const char* host;
    int port;
    const char* path;
    const char* again;
  } cases[] = {
      {"coap://maf.example.com", Scheme::kCoap, "maf.example.com", 5683, "",
       "coap://maf.example.com"},
      {"coaps://maf.example.com/kr", Scheme::kCoaps, "maf.example.com", 5684, "/kr",
       "coaps://maf.example.com/kr"},
      {"HTTP://MAF.example.com:8080/", Scheme::kHttp, "maf.example.com", 8080, "/",
       "http://maf.example.com:8080/"},
      {"https://[::1]/~/cse/x", Scheme::kHttps, "::1", 443, "/~/cse/x", "https://[::1]/~/cse/x"},
      {"coaps://127.0.0.1:1", Scheme::kCoaps, "127.0.0.1", 1, "", "coaps://127.0.0.1:1"},
      {"coaps://a:/a%20b", Scheme::kCoaps, "a", 5684, "/a b", "coaps://a/a b"},
      {"coaps://a:5684", Scheme::kCoaps, "a", 5684, "", "coaps://a"},
      {"coaps://127.0.0.1:0", Scheme::kCoaps, "127.0.0.1", 0, "", "coaps://127.0.0.1:0"},
  };
  for (const auto& c : cases) {
    BOOST_TEST_CONTEXT(c.text) {
      const Result<Uri> uri = Uri::Parse(c.text);
      BOOST_REQUIRE(uri.has_value());
      BOOST_TEST((uri->scheme == c.scheme));
      BOOST_TEST(uri->host == c.host);
      BOOST_TEST(uri->port == c.port);
      BOOST_TEST(uri->path == c.path);
      BOOST_TEST(uri->text() == c.again);
    }
  }
}

BOOST_AUTO_TEST_CASE(secure_and_coap) {
  BOOST_TEST(Uri::Parse("coaps://a")->secure());
  BOOST_TEST(Uri::Parse("coaps://a")->coap());
  BOOST_TEST(!Uri::Parse("coap://a")->secure());
  BOOST_TEST(Uri::Parse("https://a")->secure());
  BOOST_TEST(!Uri::Parse("https://a")->coap());
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  const std::string cases[] = {"",
                               "maf.example.com",
                               "/kr",
                               "coaps:",
                               "coaps://",
                               "coap:<",
                               "http:<",
                               "coaps:///kr",
                               "coap+tcp://a",
                               "ftp://a/",
                               "coaps://user@a/",
                               "coaps://user:pw@a/",
                               "coaps://a/?x=1",
                               "coaps://a/#f",
                               "coaps://a:00/",
                               "coaps://a:65536/",
                               "coaps://a:99999999999/",
                               "coaps://a:-1/",
                               "coaps://a b/",
                               "coaps://a/%",
                               "coaps://a/%00",
                               "coaps://%00/",
                               "coaps://a%0ab/",
                               "coaps://[::1/",
                               std::string("coaps://a/\0x", 12),
                               "coaps://a/\n",
                               "coaps://" + std::string(254, 'a') + "/",
                               "coaps://a/" + std::string(3000, 'a')};
  for (const std::string& text : cases) {
    BOOST_TEST_CONTEXT(text) {
      const Result<Uri> uri = Uri::Parse(text);
      BOOST_REQUIRE(uri.has_error());
      BOOST_TEST((uri.error() == Error::kBadUri));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
