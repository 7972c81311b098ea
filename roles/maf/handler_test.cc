// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/handler.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "onem2m/maf_interface.h"
#include "roles/maf/testing.h"
#include "roles/maf/waiting_store.h"

namespace saef::maf {
namespace {

using onem2m::Operation;
using onem2m::ResponsePrimitive;

constexpr std::chrono::seconds kPatience{60};
const std::string kExportedKey = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"]})";

const std::string kOwnKey = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],)"
                            R"("keyValue":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="})";
const std::string kForbidden = R"({"suid":32,"targetIDs":["//sp.example.com/cse9"]})";

struct House : onem2m::TestFolder {
  std::unique_ptr<Handler> MakeHandler() {
    return std::make_unique<Handler>(configuration, store->store(),
                                     [](bindings::LogLevel, std::string_view) {});
  }
  std::future<ResponsePrimitive> Send(Handler& handler, Operation operation, const std::string& to,
                                      const std::string& content = {}) {
    return Send(handler, operation, to, content, session);
  }
  static std::future<ResponsePrimitive> Send(Handler& handler, Operation operation,
                                             const std::string& to, const std::string& content,
                                             std::shared_ptr<bindings::Session> of) {
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
    handler.Handle(std::move(request), std::move(of), [promise](ResponsePrimitive response) {
      promise->set_value(std::move(response));
    });
    return future;
  }
  static ResponsePrimitive Wait(std::future<ResponsePrimitive>& answer) {
    BOOST_REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
    return answer.get();
  }
  ResponsePrimitive Ask(Handler& handler, Operation operation, const std::string& to,
                        const std::string& content = {}) {
    auto answer = Send(handler, operation, to, content);
    return Wait(answer);
  }
  // The RelativeKcId of a new key.
  std::string Register(Handler& handler) {
    const ResponsePrimitive created = Ask(handler, Operation::kCreate, "kr", kOwnKey);
    BOOST_REQUIRE(onem2m::Number(created.status) == 2001);
    return onem2m::maf::ParseKeyRegistrationResponse(created.content)->relative_key_id;
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
  std::unique_ptr<testing::WaitingStore> store = testing::WaitingStore::Open(Path("s"));
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

// Keeps the store's thread busy until it goes, so that what writes has to wait.
class BusyStore {
 public:
  explicit BusyStore(KeyStore& store) {
    std::promise<void> started;
    auto has_started = started.get_future();
    store.Write(
        [&started, end = end_.get_future().share()](KeyTable&) {
          started.set_value();
          end.wait();
          return false;
        },
        [](const Result<void>&) {});
    has_started.wait();
  }
  ~BusyStore() { end_.set_value(); }
  BusyStore(const BusyStore&) = delete;
  BusyStore& operator=(const BusyStore&) = delete;

 private:
  std::promise<void> end_;
};

BOOST_FIXTURE_TEST_CASE(who_reads_does_not_wait_for_who_writes, House) {
  const auto handler = MakeHandler();
  const std::string key = "kr/" + Register(*handler);
  const auto source = session;
  const auto target = std::make_shared<testing::FakeSession>("cse1@maf.example.com");
  std::future<ResponsePrimitive> removed;
  std::future<ResponsePrimitive> behind;
  {
    const BusyStore busy(store->store());
    removed = Send(*handler, Operation::kDelete, key);
    // Not the source's key to retrieve: 4103 while it is there, 4004 when it has gone.
    behind = Send(*handler, Operation::kRetrieve, key);
    session = target;
    BOOST_TEST(Status(*handler, Operation::kRetrieve, key) == 2000);
    BOOST_TEST((removed.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
    // A session's requests take effect in their order.
    BOOST_TEST((behind.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
  }
  BOOST_TEST(onem2m::Number(Wait(removed).status) == 2002);
  BOOST_TEST(onem2m::Number(Wait(behind).status) == 4004);
  BOOST_TEST(Status(*handler, Operation::kRetrieve, key) == 4004);
  session = source;
  BOOST_TEST(Status(*handler, Operation::kRetrieve, key) == 4004);
}

BOOST_FIXTURE_TEST_CASE(registrations_that_come_at_once_are_one_transaction, House) {
  const auto handler = MakeHandler();
  std::vector<std::future<ResponsePrimitive>> answers;
  {
    const BusyStore busy(store->store());
    for (int i = 0; i < 20; ++i) {
      answers.push_back(Send(*handler, Operation::kCreate, "kr", i % 2 == 0 ? kOwnKey : "{}"));
    }
    answers.push_back(Send(*handler, Operation::kCreate, "kr", kForbidden));
  }
  int created = 0;
  for (auto& answer : answers) created += onem2m::Number(Wait(answer).status) == 2001 ? 1 : 0;
  BOOST_TEST(created == 10);
  BOOST_TEST(store->store().commits().transactions() == 1u);
}

BOOST_FIXTURE_TEST_CASE(too_many_requests_are_refused, House) {
  const auto handler = MakeHandler();
  std::vector<std::future<ResponsePrimitive>> answers;
  {
    const BusyStore busy(store->store());
    for (std::size_t i = 0; i < Handler::kMaxWaiting; ++i) {
      answers.push_back(Send(*handler, Operation::kDelete, "kr/" + std::string(32, 'A')));
    }
    BOOST_TEST(Status(*handler, Operation::kCreate, "kr", kOwnKey) == 5000);
  }
  for (auto& answer : answers) BOOST_TEST(onem2m::Number(Wait(answer).status) == 4004);
  BOOST_TEST(Status(*handler, Operation::kCreate, "kr", kOwnKey) == 2001);
}

// A store that writes and then says that it couldn't, or that too much waits.
class FailingStore : public KeyStore {
 public:
  FailingStore(testing::WaitingStore& keys, Error error) : keys_(keys), error_(error) {}
  Result<void> Read(std::string_view relative_id, const Reader& reader) override {
    return keys_.Read(relative_id, reader);
  }
  void Write(Work work, Done done) override {
    if (error_ != Error::kTooBusy) work(keys_);
    done(error_);
  }
  Result<std::size_t> Count(const std::function<void()>& at) override {
    at();
    return keys_.Count();
  }
  Result<std::vector<std::string>> RemoveExpired(onem2m::Time) override {
    return std::vector<std::string>();
  }

 private:
  testing::WaitingStore& keys_;
  const Error error_;
};

BOOST_FIXTURE_TEST_CASE(what_is_not_durable_is_not_told_as_done, House) {
  const std::string key = "kr/" + Register(*MakeHandler());
  for (const Error error : {Error::kStore, Error::kBusy, Error::kTooBusy}) {
    FailingStore failing(*store, error);
    int changed = 0;
    Handler handler(
        configuration, failing, [](bindings::LogLevel, std::string_view) {},
        [&changed](std::string_view) { ++changed; });
    const ResponsePrimitive response = Ask(handler, Operation::kCreate, "kr", kOwnKey);
    BOOST_TEST(onem2m::Number(response.status) == 5000);
    BOOST_TEST(!response.location);
    BOOST_TEST(Status(handler, Operation::kDelete, key) == 5000);
    BOOST_TEST(changed == 0);
  }
}

BOOST_FIXTURE_TEST_CASE(many_threads_call_it_at_once, House) {
  constexpr int kThreads = 4;
  constexpr int kRequests = 40;
  const auto handler = MakeHandler();
  const std::string key = "kr/" + Register(*handler);
  std::atomic<int> created{0};
  std::atomic<int> retrieved{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        const auto source = std::make_shared<testing::FakeSession>();
        const auto target = std::make_shared<testing::FakeSession>("cse1@maf.example.com");
        for (int i = 0; i < kRequests; ++i) {
          auto creation = Send(*handler, Operation::kCreate, "kr", kOwnKey, source);
          auto retrieval = Send(*handler, Operation::kRetrieve, key, {}, target);
          created += onem2m::Number(creation.get().status) == 2001 ? 1 : 0;
          retrieved += onem2m::Number(retrieval.get().status) == 2000 ? 1 : 0;
        }
      });
    }
  }
  BOOST_TEST(created == kThreads * kRequests);
  BOOST_TEST(retrieved == kThreads * kRequests);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
