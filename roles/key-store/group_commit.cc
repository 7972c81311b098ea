// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/group_commit.h"

#include <algorithm>
#include <utility>

namespace saef::key_store {

GroupCommit::GroupCommit(sqlite3* database)
    : database_(database),
      savepoint_(database, "SAVEPOINT member"),
      undo_(database, "ROLLBACK TO member"),
      release_(database, "RELEASE member") {
  thread_ = std::thread([this] { Run(); });
}

GroupCommit::~GroupCommit() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

void GroupCommit::Add(Work work, Done done) {
  if (!Take(work, done)) return done(Error::kTooBusy);
  changed_.NotifyOne();
}

bool GroupCommit::Take(Work& work, Done& done) {
  const MutexLock lock(mutex_);
  if (waiting_.size() >= kMaxWaiting) return false;
  waiting_.push_back({std::move(work), std::move(done)});
  return true;
}

void GroupCommit::Run() {
  for (;;) {
    Group group = TakeGroup();
    if (group.empty()) return;
    Write(group);
  }
}

// Waits until there is something. Empty: there is nothing left and we are stopping.
GroupCommit::Group GroupCommit::TakeGroup() {
  const MutexLock lock(mutex_);
  while (waiting_.empty() && !stopping_) changed_.Wait(mutex_);
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMaxGroup));
  Group group(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return group;
}

void GroupCommit::Write(Group& group) {
  if (group.size() > 1) {
    if (const auto written = WriteTogether(group)) {
      // For what a member refused by itself nothing had to be committed.
      for (Member& member : group) member.done(member.keep ? *written : Result<void>());
      return;
    }
  }
  for (Member& member : group) WriteAlone(member);
}

// None: the transaction has gone with a failure of one of them.
std::optional<Result<void>> GroupCommit::WriteTogether(Group& group) {
  sqlite::Transaction transaction(database_);
  if (const auto begun = transaction.Begin(); !begun) return begun;
  if (!RunMembers(group)) return std::nullopt;
  const auto kept =
      std::count_if(group.begin(), group.end(), [](const Member& member) { return member.keep; });
  return kept > 0 ? Commit(transaction, static_cast<std::size_t>(kept)) : Result<void>();
}

// False: the transaction has gone.
bool GroupCommit::RunMembers(Group& group) {
  return std::all_of(group.begin(), group.end(),
                     [this](Member& member) { return RunMember(member); });
}

bool GroupCommit::RunMember(Member& member) {
  const auto run = [](sqlite::Statement& statement) {
    const bool done = statement.Step().has_value();
    statement.Reset();
    return done;
  };
  if (!run(savepoint_)) return false;
  member.keep = member.work();
  // Where the transaction has gone, there is no such savepoint any more.
  return (member.keep || run(undo_)) && run(release_);
}

void GroupCommit::WriteAlone(Member& member) {
  Result<void> written;
  {
    sqlite::Transaction transaction(database_);
    written = transaction.Begin();
    if (written && member.work()) written = Commit(transaction, 1);
  }
  member.done(written);
}

Result<void> GroupCommit::Commit(sqlite::Transaction& transaction, std::size_t kept) {
  auto committed = transaction.Commit();
  if (committed) {
    ++transactions_;
    kept_ += kept;
  }
  return committed;
}

}  // namespace saef::key_store
