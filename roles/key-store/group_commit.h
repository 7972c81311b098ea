// SPDX-License-Identifier: GPL-3.0-or-later
//
// GroupCommit: the one thread that writes to a store, so that whoever wishes something written
// needn't wait for the disk, and a disk that is asked to make durable what many wish does it once:
// what comes while a transaction is being made durable goes into the next one together, in the
// order in which it came.
//
// What one member of a group does can be undone without the others'. Where a failure takes the
// whole transaction with it (SQLite does that when the disk is full), each member is tried again in
// a transaction of its own.
//
// Threads: Add on any, also from Work and Done; Work and Done run on the own thread.
#ifndef SAEF_ROLES_KEY_STORE_GROUP_COMMIT_H_
#define SAEF_ROLES_KEY_STORE_GROUP_COMMIT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "onem2m/thread_annotations.h"
#include "roles/key-store/error.h"
#include "roles/key-store/sqlite.h"

namespace saef::key_store {

class GroupCommit {
 public:
  static constexpr std::size_t kMaxWaiting = 16384;  // beyond: kTooBusy
  static constexpr std::size_t kMaxGroup = 256;      // in one transaction

  // Reads and writes within a transaction. False: what it has written is to be undone. May run
  // again, from the start. Must not throw, and not begin or end a transaction.
  using Work = std::function<bool()>;
  // Once for each Add. No error: what the work has written, where it is to be kept, is durable, and
  // survives kill -9 and power loss. kTooBusy: it never ran; kBusy, kStore: nothing of it is kept.
  // Must not throw.
  using Done = std::function<void(const Result<void>& committed)>;

  // Nobody else may use the connection, which must outlive this.
  explicit GroupCommit(sqlite3* database);
  // What waits is done first.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Never waits for the disk. `done` runs at once where too many wait.
  void Add(Work work, Done done) SAEF_EXCLUDES(mutex_);

  // Transactions that were committed so far, and the works that were kept in them.
  std::uint64_t transactions() const { return transactions_; }
  std::uint64_t kept() const { return kept_; }

 private:
  struct Member {
    Work work;
    Done done;
    bool keep = true;
  };
  using Group = std::vector<Member>;

  // Moves from both, if there is room.
  bool Take(Work& work, Done& done) SAEF_EXCLUDES(mutex_);
  void Run() SAEF_EXCLUDES(mutex_);
  Group TakeGroup() SAEF_EXCLUDES(mutex_);
  void Write(Group& group);
  std::optional<Result<void>> WriteTogether(Group& group);
  bool RunMembers(Group& group);
  bool RunMember(Member& member);
  void WriteAlone(Member& member);
  Result<void> Commit(sqlite::Transaction& transaction, std::size_t kept);

  sqlite3* const database_;
  sqlite::Statement savepoint_;
  sqlite::Statement undo_;
  sqlite::Statement release_;
  std::atomic<std::uint64_t> transactions_{0};
  std::atomic<std::uint64_t> kept_{0};
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ SAEF_GUARDED_BY(mutex_) = false;
  std::deque<Member> waiting_ SAEF_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace saef::key_store

#endif  // SAEF_ROLES_KEY_STORE_GROUP_COMMIT_H_
