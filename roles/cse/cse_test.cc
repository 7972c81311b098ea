// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/cse.h"

#include <boost/test/unit_test.hpp>

#include "bindings/coap/client.h"
#include "bindings/http/client.h"
#include "onem2m/test_folder.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using onem2m::ResponsePrimitive;
using test::Create;
using test::Delete;
using test::kAe;
using test::Retrieve;
using test::TextMember;
using test::Update;

// A CSE without a plugin, on CoAP and HTTP in the clear.
struct Fixture : onem2m::TestFolder {
  Fixture() {
    auto started = Cse::Start(Write("cse.json", R"({"id":"/cse1","serviceProvider":"sp.example.com",
          "listen":["http://127.0.0.1:0","coap://127.0.0.1:0"],
          "limits":{"maxContentLength":100000}})"),
                              [this](bindings::LogLevel level, std::string_view text) {
                                if (level <= bindings::LogLevel::kWarning) {
                                  warnings += text;
                                }
                              });
    const auto* error = std::get_if<std::string>(&started);
    BOOST_REQUIRE_MESSAGE(error == nullptr, (error == nullptr ? std::string() : *error));
    cse = std::move(std::get<std::unique_ptr<Cse>>(started));
  }

  std::unique_ptr<bindings::Client> Open(std::size_t listener) const {
    bindings::ClientOptions options;
    options.uri = *bindings::Uri::Parse(cse->uris().at(listener));
    options.log = [](bindings::LogLevel, std::string_view) {};
    auto client = options.uri.coap() ? coap::OpenClient(std::move(options))
                                     : http::OpenClient(std::move(options));
    BOOST_REQUIRE(client.has_value());
    return *std::move(client);
  }

  std::string warnings;
  std::unique_ptr<Cse> cse;
};

ResponsePrimitive Ask(bindings::Client& client, onem2m::RequestPrimitive request) {
  auto response = client.SendAndWait(std::move(request), std::chrono::seconds(30));
  BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
  return *std::move(response);
}

int Status(bindings::Client& client, onem2m::RequestPrimitive request) {
  return onem2m::Number(Ask(client, std::move(request)).status);
}

BOOST_FIXTURE_TEST_SUITE(cse, Fixture)

BOOST_AUTO_TEST_CASE(resources_live_and_die_over_both_bindings) {
  for (const std::size_t listener : {0, 1}) {
    BOOST_TEST_CONTEXT(cse->uris()[listener]) {
      const auto client = Open(listener);
      const ResponsePrimitive created = Ask(*client, Create("base", "Cae1", 2, kAe));
      BOOST_TEST(onem2m::Number(created.status) == 2001);
      BOOST_TEST(created.location.value_or("") == "base/Cae1");
      BOOST_TEST(TextMember(created.content, "m2m:ae/aei") == "Cae1");
      BOOST_TEST(Status(*client, Create("base/Cae1", "Cae1", 3, R"({"m2m:cnt":{"rn":"d"}})")) ==
                 2001);
      // Large enough to be sent and fetched in blocks.
      const std::string big(40000, 'x');
      BOOST_TEST(Status(*client, Create("base/Cae1/d", "Cae1", 4,
                                        R"({"m2m:cin":{"con":")" + big + "\"}}")) == 2001);
      BOOST_TEST((TextMember(Ask(*client, Retrieve("base/Cae1/d/la", "Cae1")).content,
                             "m2m:cin/con") == big));
      BOOST_TEST(Status(*client, Update("base/Cae1", "Cae1", R"({"m2m:ae":{"rr":true}})")) == 2004);
      BOOST_TEST(Ask(*client, Retrieve("-", "Cae1", {{"fu", "1"}, {"ty", "3"}})).content ==
                 R"({"m2m:uril":["base/Cae1/d"]})");
      BOOST_TEST(Status(*client, Retrieve("base/Cae1", "Cother")) == 4103);
      BOOST_TEST(Status(*client, Retrieve("base/nothing", "Cae1")) == 4004);
      BOOST_TEST(Status(*client, Retrieve("/cse2/base", "Cae1")) == 4004);
      BOOST_TEST(Status(*client, Create("base", "Cae1", 2, "{")) == 4117);
      BOOST_TEST(Status(*client, Create("base", "Cae2", 2, "{")) == 4000);
      BOOST_TEST(Status(*client, Delete("base/Cae1", "Cae1")) == 2002);
      BOOST_TEST(cse->resources() == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(csebase_tells_where_it_is) {
  const auto client = Open(1);
  const std::string content = Ask(*client, Retrieve("/cse1", "Cae1")).content;
  BOOST_TEST(test::Member(content, "m2m:cb/poa") ==
             "[\"" + cse->uris()[0] + "\",\"" + cse->uris()[1] + "\"]");
  BOOST_TEST(cse->id() == "//sp.example.com/cse1");
}

BOOST_AUTO_TEST_CASE(that_from_is_believed_is_said) {
  BOOST_TEST(warnings.find("no security association plugin") != std::string::npos);
}

// Anybody may say that it is anybody, and does; but what needs an association stays shut.
BOOST_AUTO_TEST_CASE(in_the_clear_a_name_is_a_word) {
  for (const std::size_t listener : {0, 1}) {
    BOOST_TEST_CONTEXT(cse->uris()[listener]) {
      const auto client = Open(listener);
      BOOST_TEST(Status(*client, Create("base", "Cae1", 2, kAe)) == 2001);
      BOOST_TEST(Status(*Open(listener), Retrieve("Cae1", "Cae1")) == 2000);
      BOOST_TEST(Status(*client, Retrieve("Cae1", "Cae2")) == 4103);
      BOOST_TEST(Status(*client, Update("base/Cae1", "Cae2", R"({"m2m:ae":{"rr":true}})")) == 4103);
      BOOST_TEST(Status(*client, Delete("Cae1", "Cae2")) == 4103);
      BOOST_TEST(Status(*client, Create("base", "CAdmin", 11, R"({"m2m:mssp":{"rn":"p"}})")) ==
                 4103);
      BOOST_TEST(Status(*client, Delete("base", "Cae1")) == 4005);
      BOOST_TEST(Status(*client, Delete("Cae1", "Cae1")) == 2002);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
