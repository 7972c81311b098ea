// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happens to a key after its registration (TS-0003 8.x.5 step 7 and de-registration), on real
// sockets: target lists that change, keys that are taken back or end, and those who observe them.
#include <boost/test/unit_test.hpp>

#include "onem2m/thread_annotations.h"
#include "roles/testing.h"

namespace saef::roles {
namespace {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using testing::House;

// One observation: the statuses that it was told, and whether it has ended otherwise.
class KeyObserver {
 public:
  KeyObserver(bindings::Client& client, const std::string& kc_id, const char* suid) {
    client.Observe(House::Retrieval(kc_id, suid), testing::kPatience,
                   [this](bindings::Result<onem2m::ResponsePrimitive> result) {
                     const MutexLock lock(mutex_);
                     statuses_.push_back(result ? onem2m::Number(result->status) : 0);
                     changed_.NotifyAll();
                   });
  }
  // Waits until `count` have come.
  std::vector<int> Statuses(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + testing::kPatience;
    const MutexLock lock(mutex_);
    while (statuses_.size() < count &&
           changed_.WaitUntil(mutex_, deadline) == std::cv_status::no_timeout) {
    }
    return statuses_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<int> statuses_ SAEF_GUARDED_BY(mutex_);
};

struct Registry : House {
  // The KcId; empty where it was refused.
  std::string Register(bindings::Client& client, const std::string& content, int expected = 2001) {
    RequestPrimitive request;
    request.operation = Operation::kCreate;
    request.to = "kr";
    request.request_identifier = "registration";
    request.release_version = "3";
    request.resource_type = onem2m::maf::kKeyResourceType;
    request.content = content;
    const auto response = Ask(client, request);
    BOOST_TEST(onem2m::Number(response.status) == expected, response.content);
    const auto answer = onem2m::maf::ParseKeyRegistrationResponse(response.content);
    return answer ? answer->relative_key_id + "@maf.example.com" : std::string();
  }
  int Update(bindings::Client& client, const std::string& kc_id, const std::string& targets) {
    RequestPrimitive request = Retrieval(kc_id);
    request.operation = Operation::kUpdate;
    request.query.clear();
    request.content = R"({"targetIDs":[)" + targets + "]}";
    return onem2m::Number(Ask(client, request).status);
  }
  int Remove(bindings::Client& client, const std::string& kc_id) {
    RequestPrimitive request = Retrieval(kc_id);
    request.operation = Operation::kDelete;
    request.query.clear();
    return onem2m::Number(Ask(client, request).status);
  }
};

const std::string kCse1 = R"("//sp.example.com/cse1")";
const std::string kCse2 = R"("//sp.example.com/cse2")";

std::string Wish(int suid, const std::string& targets) {
  return R"({"suid":)" + std::to_string(suid) + R"(,"targetIDs":[)" + targets + "]}";
}

BOOST_AUTO_TEST_SUITE(key_withdrawal)

BOOST_FIXTURE_TEST_CASE(every_usage_over_both_bindings, Registry) {
  StartMaf();
  for (const std::size_t listener : {0, 1}) {
    for (const int suid : {32, 33, 34, 35}) {
      BOOST_TEST_CONTEXT("suid " << suid << " at " << maf->uris()[listener]) {
        const bool several = suid >= 34;
        const auto ae1 = MafClient("ae1", listener);
        Register(*ae1, Wish(suid, ""), 4000);
        const std::string both =
            Register(*ae1, Wish(suid, kCse1 + "," + kCse2), several ? 2001 : 4000);
        const std::string kc_id = Register(*ae1, Wish(suid, kCse1));
        const auto cse1 = MafClient("cse1", listener);
        const auto cse2 = MafClient("cse2", listener);
        for (const char* asked : {"32", "33", "34", "35"}) {
          const int expected = asked == std::to_string(suid) ? 2000 : 4103;
          BOOST_TEST(Status(*cse1, kc_id, asked) == expected);
          BOOST_TEST(Status(*cse2, kc_id, asked) == 4103);
          if (several) BOOST_TEST(Status(*cse2, both, asked) == expected);
        }
        const std::string number = std::to_string(suid);
        BOOST_TEST(Update(*ae1, kc_id, kCse2) == (several ? 2004 : 4005));
        BOOST_TEST(Status(*cse1, kc_id, number.c_str()) == (several ? 4103 : 2000));
        BOOST_TEST(Status(*cse2, kc_id, number.c_str()) == (several ? 2000 : 4103));
        BOOST_TEST(Remove(*cse2, kc_id) == 4103);
        BOOST_TEST(Remove(*ae1, kc_id) == 2002);
        BOOST_TEST(Status(*cse1, kc_id, number.c_str()) == 4004);
        BOOST_TEST(Status(*cse2, kc_id, number.c_str()) == 4004);
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_list_is_updated_by_who_may_and_observers_see_it, Registry) {
  StartMaf();
  const auto ae1 = MafClient("ae1");
  const auto editor = MafClient("editor1", 1);
  const auto stranger = MafClient("cse2");
  const std::string kc_id = Register(*ae1, Wish(34, kCse1));
  auto cse1 = MafClient("cse1");
  KeyObserver observer(*cse1, kc_id, "34");
  BOOST_TEST(observer.Statuses(1) == std::vector{2000});
  BOOST_TEST(Update(*stranger, kc_id, kCse1 + "," + kCse2) == 4103);
  BOOST_TEST(Update(*editor, kc_id, kCse1 + "," + kCse2) == 2004);
  BOOST_TEST((observer.Statuses(2) == std::vector{2000, 2000}));
  BOOST_TEST(Status(*stranger, kc_id, "34") == 2000);
  BOOST_TEST(Update(*editor, kc_id, kCse2) == 2004);
  BOOST_TEST((observer.Statuses(3) == std::vector{2000, 2000, 4103}));
  BOOST_TEST(Remove(*editor, kc_id) == 4103);
  cse1.reset();
  // It was the last: nothing more, not even that the session ended.
  BOOST_TEST(observer.Statuses(3).size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(observers_learn_that_a_key_is_gone_or_over, Registry) {
  StartMaf(R"("sweepIntervalSeconds": 1,)");
  const auto ae1 = MafClient("ae1");
  const std::string removed = Register(*ae1, Wish(32, kCse1));
  const std::string ending =
      Register(*ae1, R"({"suid":32,"targetIDs":[)" + kCse1 + R"(],"expirationTime":")" +
                         onem2m::FormatTimestamp(onem2m::Now() + std::chrono::seconds(3)) + "\"}");
  const auto cse1 = MafClient("cse1");
  KeyObserver of_removed(*cse1, removed, "32");
  KeyObserver of_ending(*cse1, ending, "32");
  KeyObserver of_wrong_usage(*cse1, removed, "33");
  BOOST_TEST(of_wrong_usage.Statuses(1) == std::vector{4103});
  BOOST_TEST(of_removed.Statuses(1) == std::vector{2000});
  BOOST_TEST(of_ending.Statuses(1) == std::vector{2000});
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(Remove(*ae1, removed) == 2002);
  BOOST_TEST((of_removed.Statuses(2) == std::vector{2000, 4004}));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)));
  BOOST_TEST((of_ending.Statuses(2) == std::vector{2000, 4004}));
  BOOST_TEST(cse1->sessions_established() == 1u);
}

BOOST_FIXTURE_TEST_CASE(over_http_nothing_is_observed, Registry) {
  StartMaf();
  const auto ae1 = MafClient("ae1");
  const std::string kc_id = Register(*ae1, Wish(32, kCse1));
  const auto cse1 = MafClient("cse1", 1);
  KeyObserver observer(*cse1, kc_id, "32");
  BOOST_TEST(observer.Statuses(1) == std::vector{0});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
