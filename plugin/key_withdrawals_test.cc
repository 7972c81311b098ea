// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of keys that a MAF takes back, or may have taken back unheard, with a MAF whose
// answers the test decides. The test ticks.
#include "plugin/key_withdrawals.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::seconds;
using Texts = std::vector<std::string>;

struct AskedMaf {
  struct Question {
    std::size_t maf;
    std::string identity;
    std::function<void(FetchAnswer)> done;
  };

  KeyWithdrawals::Surroundings Surroundings() {
    return {
        [this](std::size_t) { return may_ask; },
        [this](std::size_t maf, const PskIdentity& identity,
               std::function<void(FetchAnswer)> done) {
          questions.push_back({maf, std::string(identity.as_sent()), std::move(done)});
        },
        [this](const PskIdentity& identity, const FetchAnswer& answer) {
          settled.push_back(std::string(identity.as_sent()) + " " + std::to_string(answer.outcome));
        },
        [this] { ++woken; }};
  }
  static FetchAnswer Key() {
    FetchAnswer answer{.outcome = SAEF_KEY, .record = {}, .answered = true, .reason = {}};
    answer.record = MakeRecord("k", kNever);
    return answer;
  }
  static FetchAnswer Refusal(std::int32_t outcome) {
    return {.outcome = outcome, .record = {}, .taken_back = true, .answered = true, .reason = "no"};
  }
  static FetchAnswer NoAnswer() {
    return {.outcome = SAEF_UNAVAILABLE, .record = {}, .reason = ""};
  }
  static std::string Settled(const std::string& identity, std::int32_t outcome) {
    return identity + " " + std::to_string(outcome);
  }
  void Lose(const std::string& identity, TimePoint expires = kStart + seconds(100)) {
    withdrawals.Take(0, {Identity(identity), std::nullopt, expires});
  }

  bool may_ask = true;
  std::vector<Question> questions;
  Texts settled;
  int woken = 0;
  KeyWithdrawals withdrawals{Surroundings()};
};

const std::string kA = "A@maf.example.com";

BOOST_FIXTURE_TEST_SUITE(key_withdrawals, AskedMaf)

BOOST_AUTO_TEST_CASE(the_maf_s_word_is_settled_on_our_thread) {
  withdrawals.Take(0, {Identity(kA), Refusal(SAEF_UNKNOWN), kStart + seconds(100)});
  BOOST_TEST(woken == 1);
  BOOST_TEST(settled.empty());
  BOOST_TEST((withdrawals.Tick(kStart) == kNever));
  BOOST_TEST(settled == Texts{Settled(kA, SAEF_UNKNOWN)});
  BOOST_TEST(questions.empty());
  withdrawals.Tick(kStart);
  BOOST_TEST(settled.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_key_whose_observation_was_lost_is_asked_for) {
  for (const bool is_there : {true, false}) {
    Lose(kA);
    BOOST_TEST((withdrawals.Tick(kStart) == kNever));
    BOOST_REQUIRE(questions.size() == 1u);
    BOOST_TEST(questions[0].identity == kA);
    BOOST_TEST(settled.empty());
    const int before = woken;
    questions[0].done(is_there ? Key() : Refusal(SAEF_DENIED));
    BOOST_TEST(woken == before + 1);
    withdrawals.Tick(kStart);
    BOOST_TEST(settled == Texts{Settled(kA, is_there ? SAEF_KEY : SAEF_DENIED)});
    BOOST_TEST(questions.size() == 1u);
    questions.clear();
    settled.clear();
  }
}

// Silence takes nothing back: it is asked for until there is an answer or Kc is over.
BOOST_AUTO_TEST_CASE(no_answer_is_no_withdrawal) {
  Lose(kA);
  withdrawals.Tick(kStart);
  may_ask = false;  // after a failure its MAF is left alone for a while
  questions.at(0).done(NoAnswer());
  BOOST_TEST((withdrawals.Tick(kStart) == kStart + KeyWithdrawals::kRetry));
  BOOST_TEST(questions.size() == 1u);
  may_ask = true;
  BOOST_TEST((withdrawals.Tick(kStart + seconds(1)) == kNever));
  BOOST_TEST(questions.size() == 2u);
  questions.at(1).done(NoAnswer());
  BOOST_TEST((withdrawals.Tick(kStart + seconds(100)) == kNever));
  BOOST_TEST(questions.size() == 2u);
  BOOST_TEST(settled.empty());
}

// A MAF that says that it can't answer leaves nothing to back off from.
BOOST_AUTO_TEST_CASE(an_error_of_the_maf_s_is_no_withdrawal) {
  Lose(kA);
  withdrawals.Tick(kStart);
  FetchAnswer failure = NoAnswer();
  failure.answered = true;
  questions.at(0).done(std::move(failure));
  BOOST_TEST((withdrawals.Tick(kStart) == kStart + KeyWithdrawals::kRetry));
  BOOST_TEST(questions.size() == 1u);
  BOOST_TEST(settled.empty());
  BOOST_TEST((withdrawals.Tick(kStart + KeyWithdrawals::kRetry) == kNever));
  BOOST_TEST(questions.size() == 2u);
}

BOOST_AUTO_TEST_CASE(so_many_at_a_time) {
  const std::size_t all = KeyWithdrawals::kMaxAsked + 3;
  for (std::size_t i = 0; i < all; ++i) Lose("K" + std::to_string(i) + "@maf.example.com");
  BOOST_TEST((withdrawals.Tick(kStart) == kStart + KeyWithdrawals::kRetry));
  BOOST_TEST(questions.size() == KeyWithdrawals::kMaxAsked);
  // Each answer makes room for one.
  questions.at(0).done(Key());
  questions.at(1).done(NoAnswer());
  withdrawals.Tick(kStart);
  BOOST_TEST(questions.size() == KeyWithdrawals::kMaxAsked + 2);
  BOOST_TEST(settled.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
