// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entity A, the MAF and a Target End-Point on real sockets.
#include <boost/test/unit_test.hpp>
#include <future>

#include "roles/testing.h"

namespace saef::roles {
namespace {

using entity_a::FailureKind;
using entity_a::Party;
using testing::House;

BOOST_AUTO_TEST_SUITE(key_distribution)

BOOST_FIXTURE_TEST_CASE(both_sides_hold_the_same_key, House) {
  StartMaf();
  for (const std::size_t listener : {0, 1}) {
    for (const char* kc : {"exported", "self-generated"}) {
      BOOST_TEST_CONTEXT(maf->uris()[listener] << " " << kc) {
        const auto entity = OpenEntity(kc, listener);
        const auto registered = entity->Register();
        BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
        const auto key = entity->key();
        for (const std::size_t target_listener : {0, 1}) {
          const auto cse1 = MafClient("cse1", target_listener);
          const auto response = Ask(*cse1, Retrieval(key->kc_id.text()));
          BOOST_TEST(onem2m::Number(response.status) == 2000);
          BOOST_TEST(response.originating_timestamp.has_value());
          const auto answer = onem2m::maf::ParseKeyRetrievalResponse(response.content);
          BOOST_REQUIRE(answer.has_value());
          BOOST_TEST(answer->key.Equals(key->kc.bytes()));
          BOOST_TEST(answer->key.size() == 32u);
          BOOST_TEST(*answer->source_id == "//sp.example.com/cse1/Cae1");
          BOOST_TEST((*answer->expiration_time == key->expires));
        }
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(others_get_nothing, House) {
  StartMaf();
  const auto entity = OpenEntity("exported");
  BOOST_REQUIRE(entity->Register().has_value());
  const std::string kc_id = entity->key()->kc_id.text();
  const auto cse1 = MafClient("cse1");
  const auto cse2 = MafClient("cse2");
  const auto denied = Ask(*cse2, Retrieval(kc_id));
  BOOST_TEST(onem2m::Number(denied.status) == 4103);
  BOOST_TEST(denied.content.empty());
  BOOST_TEST(Status(*cse1, kc_id, "33") == 4103);
  BOOST_TEST(Status(*cse1, kc_id, "x") == 4000);
  BOOST_TEST(Status(*cse1, std::string(32, 'A') + "@maf.example.com") == 4004);
  BOOST_TEST(Status(*cse1, kc_id) == 2000);
  // Its source takes it back.
  const auto ae1 = MafClient("ae1");
  onem2m::RequestPrimitive removal = Retrieval(kc_id);
  removal.operation = onem2m::Operation::kDelete;
  removal.query.clear();
  BOOST_TEST(onem2m::Number(Ask(*cse2, removal).status) == 4103);
  BOOST_TEST(onem2m::Number(Ask(*ae1, removal).status) == 2002);
  BOOST_TEST(Status(*cse1, kc_id) == 4004);
}

BOOST_FIXTURE_TEST_CASE(who_is_no_client_is_refused_in_the_handshake, House) {
  StartMaf();
  Write("ae1.km", std::string(64, 'e'));
  for (const std::size_t listener : {0, 1}) {
    const auto entity =
        OpenEntity("exported", listener, R"("coaps://127.0.0.1:1")", R"("timeoutMs": 3000,)");
    const auto registered = entity->Register();
    BOOST_REQUIRE(registered.has_error());
    BOOST_TEST((registered.error().party == Party::kMaf));
    BOOST_TEST((registered.error().kind == FailureKind::kRefused), registered.error().text);
  }
  const auto stranger = MafClient("ae9");
  const auto connected = stranger->Connect();
  BOOST_REQUIRE(connected.has_error());
  BOOST_TEST((connected.error() == bindings::Error::kCredentialRefused));
}

BOOST_FIXTURE_TEST_CASE(a_maf_that_is_not_there_is_unreachable, House) {
  StartMaf();
  const auto entity =
      OpenEntity("exported", 0, R"("coaps://127.0.0.1:1")", R"("timeoutMs": 2000,)");
  maf.reset();
  const auto registered = entity->Register();
  BOOST_REQUIRE(registered.has_error());
  BOOST_TEST((registered.error().party == Party::kMaf));
  BOOST_TEST(registered.error().exit_code() == 3);
}

BOOST_FIXTURE_TEST_CASE(keys_survive_a_restart, House) {
  StartMaf();
  const auto entity = OpenEntity("self-generated");
  BOOST_REQUIRE(entity->Register().has_value());
  StartMaf();
  BOOST_TEST(Status(*MafClient("cse1"), entity->key()->kc_id.text()) == 2000);
}

BOOST_FIXTURE_TEST_CASE(sessions_end_after_each_procedure_if_wanted, House) {
  for (const bool end : {false, true}) {
    StartMaf(end ? R"("endSessionAfterProcedure": true,)" : "");
    for (const std::size_t listener : {0, 1}) {
      const auto entity = OpenEntity("exported", listener);
      const auto registered = entity->Register();
      BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
      const std::string kc_id = entity->key()->kc_id.text();
      const auto cse1 = MafClient("cse1", listener);
      const std::size_t wanted = end ? 3 : 1;
      // One that comes on the heels of an answer may still find the session that ends.
      for (int i = 0; i < 3 || (i < 30 && cse1->sessions_established() < wanted); ++i) {
        BOOST_TEST(Status(*cse1, kc_id) == 2000);
      }
      BOOST_TEST(cse1->sessions_established() >= wanted);
      if (!end) BOOST_TEST(cse1->sessions_established() == wanted);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(retrievals_run_side_by_side_in_one_session, House) {
  StartMaf(R"("answerDelayMs": 500,)");
  const auto entity = OpenEntity("exported");
  BOOST_REQUIRE(entity->Register().has_value());
  const std::string kc_id = entity->key()->kc_id.text();
  const auto cse1 = MafClient("cse1");
  BOOST_REQUIRE(cse1->Connect().has_value());
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::future<int>> answers;
  for (int i = 0; i < 20; ++i) {
    auto promise = std::make_shared<std::promise<int>>();
    answers.push_back(promise->get_future());
    auto request = Retrieval(kc_id);
    request.request_identifier = "retrieval-" + std::to_string(i);
    cse1->Send(std::move(request), testing::kPatience, [promise](auto response) {
      promise->set_value(response ? onem2m::Number(response->status) : 0);
    });
  }
  for (auto& answer : answers) {
    BOOST_TEST(answer.get() == 2000);
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  BOOST_TEST((took >= std::chrono::milliseconds(500)));
  BOOST_TEST((took < 20 * std::chrono::milliseconds(500)));
  BOOST_TEST(cse1->sessions_established() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_wished_lifetime_is_kept_and_ends, House) {
  StartMaf();
  const auto entity =
      OpenEntity("exported", 0, R"("coaps://127.0.0.1:1")", R"("lifetimeSeconds": 2,)");
  BOOST_REQUIRE(entity->Register().has_value());
  const auto key = entity->key();
  BOOST_TEST(((key->expires - key->registered).count() <= 2));
  const auto cse1 = MafClient("cse1");
  const auto deadline = std::chrono::steady_clock::now() + testing::kPatience;
  int status = 0;
  while ((status = Status(*cse1, key->kc_id.text())) == 2000) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  BOOST_TEST(status == 4004);
  BOOST_TEST((onem2m::Now() >= key->expires));
}

BOOST_FIXTURE_TEST_CASE(start_says_why_not, House) {
  StartMaf();
  const auto error = [&](const std::string& listen) {
    auto started = maf::Maf::Start(WriteMaf({}, listen), {});
    const auto* text = std::get_if<std::string>(&started);
    return text != nullptr ? *text : std::string();
  };
  for (const std::string& uri : maf->uris()) {
    const std::string text = error("\"" + uri + "\"");
    BOOST_TEST(text.find("can't listen on " + uri) != std::string::npos, text);
  }
  BOOST_TEST(error("7").find("/listen/0") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
