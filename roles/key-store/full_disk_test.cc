// SPDX-License-Identifier: GPL-3.0-or-later
//
// GroupCommit on a disk that gets full, which a limit on the size of files, or on the store's
// pages, stands for: nothing is promised that isn't kept, what was kept before stays, and with room
// again all goes on.
#include <sys/resource.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <vector>

#include "roles/key-store/rows_database.h"

namespace saef::key_store {
namespace {

// No file of this process grows beyond this while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t octets) {
    before_handler_ = std::signal(SIGXFSZ, SIG_IGN);  // then writing fails
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{octets, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, before_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*before_handler_)(int) = nullptr;
};

constexpr rlim_t kDisk = 256 * 1024;
constexpr int kTooLarge = 1 << 20;
constexpr int kSmall = 10;

struct Disk : RowsDatabase {
  GroupCommit::Work Insert(int id, int octets) {
    return [this, id, octets] { return InsertRow(id, octets); };
  }
  std::vector<bool> KeptOfGroup(const std::vector<GroupCommit::Work>& works) {
    Outcomes outcomes;
    AddGroup(works, outcomes);
    std::vector<bool> kept;
    for (auto& outcome : outcomes) kept.push_back(outcome.get().has_value());
    return kept;
  }
  bool Kept(int id, int octets) { return Add(Insert(id, octets)).get().has_value(); }
};

BOOST_FIXTURE_TEST_SUITE(full_disk, Disk)

BOOST_AUTO_TEST_CASE(one_that_has_no_room_is_told_so) {
  BOOST_TEST(Kept(1, kSmall));
  {
    const FileSizeLimit full(kDisk);
    BOOST_TEST((Add(Insert(2, kTooLarge)).get().error() == Error::kStore));
    BOOST_TEST(Kept(3, kSmall));
  }
  BOOST_TEST((Rows() == std::vector{1, 3}));
  BOOST_TEST(Kept(2, kTooLarge));
  BOOST_TEST((Rows() == std::vector{1, 2, 3}));
  BOOST_TEST(commits->kept() == 3u);
  BOOST_TEST(commits->transactions() == 3u);
}

// All of a group, or those that there is room for: what is said is what is kept.
BOOST_AUTO_TEST_CASE(of_a_group_what_is_kept_is_what_is_told) {
  std::vector<int> told;
  {
    const FileSizeLimit full(kDisk);
    const auto kept = KeptOfGroup({Insert(0, kSmall), Insert(1, kTooLarge), Insert(2, kSmall)});
    for (int id = 0; id < 3; ++id) {
      if (kept[static_cast<std::size_t>(id)]) told.push_back(id);
    }
    BOOST_TEST((Rows() == told));
    BOOST_TEST((told.empty() || told == std::vector{0, 2}));
  }
  BOOST_TEST(Kept(1, kTooLarge));
  told.push_back(1);
  std::sort(told.begin(), told.end());
  BOOST_TEST((Rows() == told));
}

// One that takes the transaction along: each is tried again by itself, in the order in which they
// came, and the next group is one again.
BOOST_AUTO_TEST_CASE(after_a_failure_each_has_its_turn_again) {
  BOOST_REQUIRE(sqlite::Execute(database.get(), "PRAGMA max_page_count = 16"));
  std::vector<int> order;
  const auto noted = [&](int id, int octets) -> GroupCommit::Work {
    return [&order, id, work = Insert(id, octets)] {
      order.push_back(id);
      return work();
    };
  };
  KeptOfGroup({noted(1, kSmall), noted(2, kTooLarge), noted(3, kSmall)});
  BOOST_TEST((order == std::vector{1, 2, 1, 2, 3}));
  BOOST_TEST((Rows() == std::vector{1, 3}));
  const auto before = commits->transactions();
  BOOST_TEST((KeptOfGroup({noted(4, kSmall), noted(5, kSmall)}) == std::vector{true, true}));
  BOOST_TEST(commits->transactions() == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::key_store
