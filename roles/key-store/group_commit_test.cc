// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/group_commit.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <vector>

#include "roles/key-store/rows_database.h"

namespace saef::key_store {
namespace {

struct Writer : RowsDatabase {
  Writer() { sqlite3_commit_hook(database.get(), OnCommit, this); }
  ~Writer() { commits.reset(); }  // its thread asks refuse_commits

  // False, having written the row, where it isn't to be kept.
  bool Insert(int id, int octets = 10, bool keep = true) { return InsertRow(id, octets) && keep; }
  static int OnCommit(void* writer) { return static_cast<Writer*>(writer)->refuse_commits; }

  std::atomic<int> refuse_commits{0};
};

BOOST_AUTO_TEST_SUITE(group_commit)

BOOST_FIXTURE_TEST_CASE(what_comes_meanwhile_goes_into_one_transaction, Writer) {
  Outcomes outcomes;
  std::vector<GroupCommit::Work> works;
  for (int i = 0; i < 50; ++i) works.push_back([this, i] { return Insert(i); });
  AddGroup(works, outcomes);
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST(Rows().size() == 50u);
  BOOST_TEST(commits->transactions() == 1u);
  BOOST_TEST(commits->kept() == 50u);
}

BOOST_FIXTURE_TEST_CASE(a_group_has_a_bound, Writer) {
  Outcomes outcomes;
  std::vector<GroupCommit::Work> works;
  const int count = 2 * static_cast<int>(GroupCommit::kMaxGroup) + 1;
  for (int i = 0; i < count; ++i) works.push_back([this, i] { return Insert(i); });
  AddGroup(works, outcomes);
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST(Rows().size() == static_cast<std::size_t>(count));
  BOOST_TEST(commits->transactions() == 3u);
}

BOOST_FIXTURE_TEST_CASE(works_run_in_their_order_and_see_each_other, Writer) {
  std::vector<int> order;
  Outcomes outcomes;
  bool seen = false;
  AddGroup({[&] {
              order.push_back(1);
              return Insert(1);
            },
            [&] {
              order.push_back(2);
              sqlite::Statement select(database.get(), "SELECT 1 FROM rows WHERE id = 1");
              seen = *select.Step();
              return false;
            }},
           outcomes);
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST(seen);
  BOOST_TEST((order == std::vector{1, 2}));
}

BOOST_FIXTURE_TEST_CASE(one_s_failure_is_not_the_others, Writer) {
  Outcomes outcomes;
  AddGroup({[this] { return Insert(1); },
            // It has written when it turns out to be wrong.
            [this] { return Insert(2, 10, false); },
            // A row that is there already.
            [this] { return Insert(1); }, [this] { return Insert(3); }},
           outcomes);
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST((Rows() == std::vector{1, 3}));
  BOOST_TEST(commits->transactions() == 1u);
  BOOST_TEST(commits->kept() == 2u);
}

BOOST_FIXTURE_TEST_CASE(nothing_to_keep_is_no_transaction, Writer) {
  Outcomes outcomes;
  AddGroup({[this] { return Insert(1, 10, false); }, [] { return false; }}, outcomes);
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST(Rows().empty());
  BOOST_TEST(commits->transactions() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_commit_that_fails_fails_them_all, Writer) {
  refuse_commits = 1;
  Outcomes outcomes;
  AddGroup({[this] { return Insert(1); }, [this] { return Insert(2); }, [] { return false; }},
           outcomes);
  BOOST_TEST((outcomes[0].get().error() == Error::kStore));
  BOOST_TEST((outcomes[1].get().error() == Error::kStore));
  // It had nothing to keep.
  BOOST_TEST(outcomes[2].get().has_value());
  BOOST_TEST(Rows().empty());
  BOOST_TEST(commits->kept() == 0u);
  BOOST_TEST((Add([this] { return Insert(3); }).get().error() == Error::kStore));
  refuse_commits = 0;
  BOOST_TEST(Add([this] { return Insert(4); }).get().has_value());
  BOOST_TEST((Rows() == std::vector{4}));
}

BOOST_FIXTURE_TEST_CASE(in_a_full_store_what_has_room_is_kept, Writer) {
  constexpr int kTooLarge = 1 << 20;
  Run("PRAGMA max_page_count = 16");
  Outcomes outcomes;
  AddGroup({[this] { return Insert(1); }, [this] { return Insert(2, kTooLarge); },
            [this] { return Insert(3); }},
           outcomes);
  // SQLite has given up the whole transaction with the one that didn't fit.
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST((Rows() == std::vector{1, 3}));
  BOOST_TEST(commits->transactions() == 2u);
  BOOST_TEST(Add([this] { return Insert(4); }).get().has_value());
  BOOST_TEST((Rows() == std::vector{1, 3, 4}));
}

BOOST_FIXTURE_TEST_CASE(who_holds_the_store_too_long_is_an_error, Writer) {
  sqlite3* raw = nullptr;
  BOOST_REQUIRE(sqlite3_open(Path("s").c_str(), &raw) == SQLITE_OK);
  sqlite::Database other(raw);
  BOOST_REQUIRE(sqlite::Execute(raw, "BEGIN IMMEDIATE"));
  Outcomes outcomes;
  for (int i = 0; i < 10; ++i) outcomes.push_back(Add([this, i] { return Insert(i); }));
  for (auto& outcome : outcomes) BOOST_TEST((outcome.get().error() == Error::kBusy));
  BOOST_REQUIRE(sqlite::Execute(raw, "ROLLBACK"));
  BOOST_TEST(Add([this] { return Insert(10); }).get().has_value());
  BOOST_TEST((Rows() == std::vector{10}));
}

BOOST_FIXTURE_TEST_CASE(too_many_that_wait_are_refused_at_once, Writer) {
  std::promise<void> gathered;
  std::promise<void> started;
  auto busy = Add([&gathered, &started] {
    started.set_value();
    gathered.get_future().wait();
    return false;
  });
  started.get_future().wait();
  Outcomes outcomes;
  for (std::size_t i = 0; i < GroupCommit::kMaxWaiting; ++i) {
    outcomes.push_back(Add([] { return false; }));
  }
  BOOST_TEST((Add([] { return false; }).get().error() == Error::kTooBusy));
  gathered.set_value();
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST(Add([this] { return Insert(1); }).get().has_value());
}

BOOST_FIXTURE_TEST_CASE(what_waits_at_the_end_is_still_done, Writer) {
  Outcomes outcomes;
  for (int i = 0; i < 100; ++i) outcomes.push_back(Add([this, i] { return Insert(i); }));
  commits.reset();
  for (auto& outcome : outcomes) BOOST_TEST(outcome.get().has_value());
  BOOST_TEST(Rows().size() == 100u);
}

BOOST_FIXTURE_TEST_CASE(many_threads_add_at_once, Writer) {
  constexpr int kThreads = 4;
  constexpr int kRows = 100;
  std::vector<std::jthread> threads;
  std::atomic<int> kept{0};
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread, &kept] {
      Outcomes outcomes;
      for (int i = 0; i < kRows; ++i) {
        outcomes.push_back(Add([this, id = thread * kRows + i] { return Insert(id); }));
      }
      for (auto& outcome : outcomes) kept += outcome.get().has_value() ? 1 : 0;
    });
  }
  threads.clear();
  BOOST_TEST(kept == kThreads * kRows);
  BOOST_TEST(Rows().size() == static_cast<std::size_t>(kThreads * kRows));
  BOOST_TEST(commits->transactions() <= commits->kept());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::key_store
