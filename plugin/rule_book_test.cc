// SPDX-License-Identifier: GPL-3.0-or-later
//
// The book of rules with a host whose answers the test decides. No Worker runs: the test ticks.
#include "plugin/rule_book.h"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kNode = R"({"m2m:svsn": {"csi": "/cse1", "rlk": ["/in/r1", "/in/r2"]}})";
const std::string kRule1 = R"({"m2m:asar": {"apci": ["11-*"], "aai": ["R1"], "aae": ["C*"]}})";
const std::string kRule2 = R"({"m2m:asar": {"apci": ["11-*"], "aai": ["R2"], "aae": ["C*"]}})";

class RetrievingHost {
 public:
  RetrievingHost() {
    table_.size = sizeof(table_);
    table_.context = this;
    table_.retrieve = [](void* self, const char* to, std::size_t length, saef_retrieve_done done,
                         void* context) {
      static_cast<RetrievingHost*>(self)->Retrieve(std::string(to, length), done, context);
    };
  }
  Host host() const { return Host(&table_); }

  std::map<std::string, std::pair<int, std::string>> resources = {
      {"/in/node", {2000, kNode}}, {"/in/r1", {2000, kRule1}}, {"/in/r2", {2000, kRule2}}};
  bool answers = true;
  std::vector<std::string> asked;
  std::vector<std::pair<saef_retrieve_done, void*>> left;  // not answered

 private:
  void Retrieve(const std::string& to, saef_retrieve_done done, void* context) {
    asked.push_back(to);
    if (!answers) {
      left.emplace_back(done, context);
      return;
    }
    const auto it = resources.find(to);
    const auto answer = it == resources.end() ? std::pair(4004, std::string()) : it->second;
    done(context, answer.first, answer.second.data(), answer.second.size());
  }
  saef_host table_{};
};

struct Fixture {
  Fixture() { book.emplace(Options()); }
  RuleBook::Options Options() {
    return {rules,
            own,
            host_,
            worker,
            [this](bindings::LogLevel, std::string_view text) { log += std::string(text) + "\n"; },
            milliseconds(5000)};
  }
  RuleBook::Answer Ask(std::string_view app_id, TimePoint now) {
    return book->Ask({"11-a@maf.example.com", app_id, "Cx"}, now);
  }
  // Until nothing more has come.
  TimePoint TickAll(TimePoint now) {
    TimePoint next = book->Tick(now);
    for (int i = 0; i < 200; ++i) next = book->Tick(now);
    return next;
  }

  const ApplicationRulesConfiguration rules{"/in/node", seconds(100)};
  const onem2m::CseId own = onem2m::CseId::ParseAbsolute("//sp.example.com/cse1").value();
  RetrievingHost host;
  const Host host_{host.host()};
  Worker worker;
  std::string log;
  std::optional<RuleBook> book;
};

using Answer = RuleBook::Answer;

BOOST_FIXTURE_TEST_SUITE(rule_book, Fixture)

BOOST_AUTO_TEST_CASE(all_rules_come_and_then_count) {
  BOOST_TEST((Ask("R1", kStart) == Answer::kUnknown));
  BOOST_TEST((book->AskForStem("11-a@m", "Cx", kStart) == Answer::kUnknown));
  const TimePoint next = TickAll(kStart);
  BOOST_TEST((next == kStart + seconds(100)));
  BOOST_TEST((host.asked == std::vector<std::string>{"/in/node", "/in/r1", "/in/r2"}));
  BOOST_TEST((Ask("R1", kStart) == Answer::kAllowed));
  BOOST_TEST((Ask("R2", kStart) == Answer::kAllowed));
  BOOST_TEST((Ask("R3", kStart) == Answer::kRefused));
  BOOST_TEST((book->AskForStem("11-a@m", "Cx", kStart) == Answer::kAllowed));
  BOOST_TEST((book->AskForStem("11-a@m", "Sx", kStart) == Answer::kRefused));
  BOOST_TEST(log.empty());
}

BOOST_AUTO_TEST_CASE(they_are_retrieved_again) {
  TickAll(kStart);
  host.resources["/in/r1"].second = kRule2;
  TickAll(kStart + seconds(99));
  BOOST_TEST((Ask("R1", kStart + seconds(99)) == Answer::kAllowed));
  TickAll(kStart + seconds(100));
  BOOST_TEST((Ask("R1", kStart + seconds(100)) == Answer::kRefused));
  BOOST_TEST((Ask("R2", kStart + seconds(100)) == Answer::kAllowed));
}

BOOST_AUTO_TEST_CASE(they_end_when_the_host_falls_silent) {
  TickAll(kStart);
  host.answers = false;
  TimePoint now = kStart;
  while (now < kStart + seconds(299)) {
    now += seconds(1);
    book->Tick(now);
  }
  BOOST_TEST((Ask("R1", now) == Answer::kAllowed));
  BOOST_TEST((Ask("R1", kStart + seconds(300)) == Answer::kUnknown));
  BOOST_TEST(log.find("the host hasn't answered") != std::string::npos);
  // Seldom and seldomer, not each time it was asked.
  BOOST_TEST(host.asked.size() < 20u);
  BOOST_TEST(host.asked.size() > 5u);
}

BOOST_AUTO_TEST_CASE(half_of_the_rules_dont_count) {
  host.resources["/in/r2"] = {5000, ""};
  TickAll(kStart);
  BOOST_TEST((Ask("R1", kStart) == Answer::kUnknown));
  BOOST_TEST(log.find("\"/in/r2\" is answered 5000") != std::string::npos, log);
  host.resources["/in/r2"] = {2000, kRule2};
  TickAll(kStart + seconds(1));
  BOOST_TEST((Ask("R1", kStart + seconds(1)) == Answer::kAllowed));
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_gone_or_wrong_allows_nothing) {
  host.resources.erase("/in/r1");
  host.resources["/in/r2"].second = R"({"m2m:asar": {"aai": ["bad"]}})";
  TickAll(kStart);
  BOOST_TEST((Ask("R1", kStart) == Answer::kRefused));
  BOOST_TEST((Ask("R2", kStart) == Answer::kRefused));
  BOOST_TEST(log.find("\"/in/r1\" allows nothing: it is answered 4004") != std::string::npos, log);
  BOOST_TEST(log.find("\"/in/r2\" allows nothing") != std::string::npos, log);
}

BOOST_AUTO_TEST_CASE(a_node_that_is_gone_or_not_ours_ends_them_at_once) {
  for (const auto& node :
       {std::pair(4004, std::string()), std::pair(4103, std::string()),
        std::pair(2000, std::string(R"({"m2m:svsn": {"csi": "/cse2", "rlk": []}})"))}) {
    host.resources["/in/node"] = {2000, kNode};
    book.emplace(Options());
    TickAll(kStart);
    BOOST_TEST((Ask("R1", kStart) == Answer::kAllowed));
    host.resources["/in/node"] = node;
    TickAll(kStart + seconds(100));
    BOOST_TEST((Ask("R1", kStart + seconds(100)) == Answer::kUnknown));
  }
  // What may pass leaves them until their time is over.
  host.resources["/in/node"] = {2000, kNode};
  book.emplace(Options());
  TickAll(kStart);
  host.resources["/in/node"] = {5103, ""};
  TickAll(kStart + seconds(100));
  BOOST_TEST((Ask("R1", kStart + seconds(100)) == Answer::kAllowed));
}

BOOST_AUTO_TEST_CASE(too_many_links_are_no_rules) {
  std::string links;
  for (std::size_t i = 0; i <= kMaxRuleLinks; ++i) {
    links += std::string(i == 0 ? "" : ",") + "\"/in/r1\"";
  }
  host.resources["/in/node"].second = R"({"m2m:svsn": {"csi": "/cse1", "rlk": [)" + links + "]}}";
  TickAll(kStart);
  BOOST_TEST(host.asked.size() == 1u);
  BOOST_TEST((Ask("R1", kStart) == Answer::kUnknown));
}

BOOST_AUTO_TEST_CASE(no_rule_at_all_allows_nobody) {
  host.resources["/in/node"].second = R"({"m2m:svsn": {"csi": "/cse1", "rlk": []}})";
  TickAll(kStart);
  BOOST_TEST((Ask("R1", kStart) == Answer::kRefused));
}

BOOST_AUTO_TEST_CASE(answers_that_come_late_twice_or_after_the_end) {
  host.answers = false;
  book->Tick(kStart);
  book->Tick(kStart + seconds(5));  // its time is over
  BOOST_REQUIRE(host.left.size() == 1u);
  const auto [done, context] = host.left[0];
  done(context, 2000, kNode.data(), kNode.size());
  TickAll(kStart + seconds(5));
  BOOST_TEST(host.asked.size() == 1u);  // nobody has heard it
  book->Tick(kStart + seconds(6));
  BOOST_REQUIRE(host.left.size() == 2u);
  const auto again = host.left[1];
  std::thread([&] {
    again.first(again.second, 2000, kNode.data(), kNode.size());
    again.first(again.second, 2000, "", 0);
  }).join();
  book->Tick(kStart + seconds(6));
  BOOST_REQUIRE(host.left.size() == 3u);
  BOOST_TEST(host.asked.back() == "/in/r1");
  book.reset();
  host.left[2].first(host.left[2].second, 2000, kRule1.data(), kRule1.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
