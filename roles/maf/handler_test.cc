// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/handler.h"

#include <boost/test/unit_test.hpp>
#include <future>

#include "onem2m/maf_interface.h"
#include "roles/maf/sqlite_key_store.h"
#include "roles/maf/testing.h"

namespace saef::maf {
namespace {

using onem2m::Operation;
using onem2m::ResponsePrimitive;

constexpr std::chrono::seconds kPatience{60};
const std::string kExportedKey = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"]})";

struct House : onem2m::TestFolder {
  std::unique_ptr<Handler> MakeHandler() {
    return std::make_unique<Handler>(configuration, *store,
                                     [](bindings::LogLevel, std::string_view) {});
  }
  std::future<ResponsePrimitive> Send(Handler& handler, Operation operation, const std::string& to,
                                      const std::string& content = {}) {
    onem2m::RequestPrimitive request;
    request.operation = operation;
    request.to = to;
    request.request_identifier = "r1";
    request.content = content;
    if (operation == Operation::kRetrieve) {
      request.query = {{"suid", "32"}, {"kcid", to.substr(3) + "@maf.example.com"}};
    }
    auto promise = std::make_shared<std::promise<ResponsePrimitive>>();
    auto future = promise->get_future();
    handler.Handle(std::move(request), session, [promise](ResponsePrimitive response) {
      promise->set_value(std::move(response));
    });
    return future;
  }
  ResponsePrimitive Ask(Handler& handler, Operation operation, const std::string& to,
                        const std::string& content = {}) {
    auto future = Send(handler, operation, to, content);
    BOOST_REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    return future.get();
  }
  int Status(Handler& handler, Operation operation, const std::string& to,
             const std::string& content = {}) {
    return onem2m::Number(Ask(handler, operation, to, content).status);
  }

  Configuration configuration{.fqdn = testing::MafFqdn(),
                              .listen = {},
                              .store = {},
                              .store_key = {},
                              .lifetime = {},
                              .clients = testing::Clients()};
  std::unique_ptr<SqliteKeyStore> store = std::move(std::get<std::unique_ptr<SqliteKeyStore>>(
      SqliteKeyStore::Open(Path("s"), testing::Key(7), testing::MafFqdn())));
  std::shared_ptr<testing::FakeSession> session = std::make_shared<testing::FakeSession>();
};

BOOST_AUTO_TEST_SUITE(handler)

BOOST_FIXTURE_TEST_CASE(routes, House) {
  const auto handler = MakeHandler();
  const ResponsePrimitive created = Ask(*handler, Operation::kCreate, "kr", kExportedKey);
  BOOST_REQUIRE(onem2m::Number(created.status) == 2001);
  BOOST_TEST(onem2m::ParseTimestamp(*created.originating_timestamp).has_value());
  const std::string id =
      onem2m::maf::ParseKeyRegistrationResponse(created.content)->relative_key_id;
  BOOST_TEST(*created.location == "kr/" + id);
  BOOST_TEST(Status(*handler, Operation::kNotify, "/kr", kExportedKey) == 2001);

  session = std::make_shared<testing::FakeSession>("cse1@maf.example.com");
  BOOST_TEST(Status(*handler, Operation::kRetrieve, "kr/" + id) == 2000);
  BOOST_TEST(Status(*handler, Operation::kDelete, "kr/" + id) == 4103);
  session = std::make_shared<testing::FakeSession>();
  BOOST_TEST(Status(*handler, Operation::kUpdate, "kr/" + id,
                    R"({"targetIDs":["//sp.example.com/cse2"]})") == 4005);
  BOOST_TEST(Status(*handler, Operation::kDelete, "kr/" + id) == 2002);
  BOOST_TEST(Status(*handler, Operation::kDelete, "kr/" + id) == 4004);

  BOOST_TEST(Status(*handler, Operation::kDelete, "kr") == 4005);
  BOOST_TEST(Status(*handler, Operation::kCreate, "kr/" + id) == 4005);
  for (const std::string& path :
       {std::string(), std::string("km"), std::string("kr/"), std::string("krx"),
        std::string("kr/a/b"), std::string("kr/a b"), "//maf.example.com/kr/" + id,
        "kr/" + std::string(5000, 'a'), std::string("~")}) {
    BOOST_TEST(Status(*handler, Operation::kDelete, path) == 4004);
  }
  BOOST_TEST(!session->ended_);
}

BOOST_FIXTURE_TEST_CASE(who_is_not_authenticated_is_refused, House) {
  const auto handler = MakeHandler();
  session->secure_ = false;
  BOOST_TEST(Status(*handler, Operation::kCreate, "kr", kExportedKey) == 4106);
  session = std::make_shared<testing::FakeSession>("nobody@maf.example.com");
  BOOST_TEST(Status(*handler, Operation::kCreate, "kr", kExportedKey) == 4106);
}

BOOST_FIXTURE_TEST_CASE(ends_the_session_after_each_procedure, House) {
  configuration.end_session_after_procedure = true;
  const auto handler = MakeHandler();
  BOOST_TEST(Status(*handler, Operation::kCreate, "kr", kExportedKey) == 2001);
  BOOST_TEST(session->ended_);
  session = std::make_shared<testing::FakeSession>();
  BOOST_TEST(Status(*handler, Operation::kCreate, "kr", "{}") == 4000);
  BOOST_TEST(session->ended_);
}

BOOST_FIXTURE_TEST_CASE(a_session_ends_with_the_delayed_answer_not_before, House) {
  configuration.end_session_after_procedure = true;
  configuration.answer_delay = std::chrono::milliseconds(60000);
  const auto handler = MakeHandler();
  const auto waiting = Send(*handler, Operation::kDelete, "kr/" + std::string(32, 'A'));
  BOOST_TEST((waiting.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout));
  handler->Stop();
  BOOST_TEST(!session->ended_);
}

BOOST_FIXTURE_TEST_CASE(delays_run_side_by_side, House) {
  configuration.answer_delay = std::chrono::milliseconds(400);
  const auto handler = MakeHandler();
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::future<ResponsePrimitive>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(Send(*handler, Operation::kDelete, "kr/" + std::string(32, 'A')));
  }
  for (auto& answer : answers) {
    BOOST_REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
    BOOST_TEST(onem2m::Number(answer.get().status) == 4004);
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  BOOST_TEST((took >= configuration.answer_delay));
  BOOST_TEST((took < 20 * configuration.answer_delay));
}

BOOST_FIXTURE_TEST_CASE(expired_keys_are_swept, House) {
  configuration.sweep_interval = std::chrono::seconds(1);
  KeyRecord record;
  record.relative_id = "A1";
  record.key = testing::Key(3);
  record.source_km_id = "AE1@maf.example.com";
  record.targets = {testing::kCse1};
  record.expires = onem2m::Now() + std::chrono::seconds(1);
  BOOST_REQUIRE(store->Insert(record, onem2m::Now(), 10).has_value());
  const auto handler = MakeHandler();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (store->Find("A1")->has_value()) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

BOOST_FIXTURE_TEST_CASE(after_stop_everybody_is_answered_or_dropped, House) {
  configuration.answer_delay = std::chrono::milliseconds(60000);
  const auto handler = MakeHandler();
  auto waiting = Send(*handler, Operation::kDelete, "kr/" + std::string(32, 'A'));
  handler->Stop();
  // The answer was dropped: the binding then answers 5000.
  BOOST_REQUIRE(waiting.wait_for(kPatience) == std::future_status::ready);
  BOOST_CHECK_THROW(waiting.get(), std::future_error);
  BOOST_TEST(Status(*handler, Operation::kDelete, "kr/" + std::string(32, 'A')) == 5000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
