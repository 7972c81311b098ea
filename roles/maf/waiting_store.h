// SPDX-License-Identifier: GPL-3.0-or-later
//
// WaitingStore: for tests, a SqliteKeyStore whose writes are calls that return when what they wrote
// is durable.
#ifndef SAEF_ROLES_MAF_WAITING_STORE_H_
#define SAEF_ROLES_MAF_WAITING_STORE_H_

#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "roles/maf/sqlite_key_store.h"
#include "roles/maf/testing.h"

namespace saef::maf::testing {

class WaitingStore : public KeyTable {
 public:
  explicit WaitingStore(std::unique_ptr<SqliteKeyStore> store) : store_(std::move(store)) {}
  // Fails the test where it can't be opened.
  static std::unique_ptr<WaitingStore> Open(const std::string& path, std::uint8_t store_key = 7) {
    auto opened = SqliteKeyStore::Open(path, Key(store_key), MafFqdn());
    if (const auto* error = std::get_if<std::string>(&opened)) BOOST_FAIL(*error);
    return std::make_unique<WaitingStore>(
        std::move(std::get<std::unique_ptr<SqliteKeyStore>>(opened)));
  }

  SqliteKeyStore& store() { return *store_; }

  // `work` within a transaction; its error, or that of the commit.
  template <typename T, typename Work>
  Result<T> Write(Work work) {
    Result<T> result = Error::kStore;
    std::promise<Result<void>> promise;
    auto committed = promise.get_future();
    store_->Write(
        [&result, &work](KeyTable& keys) {
          result = work(keys);
          return result.has_value();
        },
        [&promise](const Result<void>& done) { promise.set_value(done); });
    if (const auto done = committed.get(); !done) return done.error();
    return result;
  }

  Result<void> Insert(const KeyRecord& record, onem2m::Time now,
                      std::size_t max_per_source) override {
    return Write<void>([&](KeyTable& keys) { return keys.Insert(record, now, max_per_source); });
  }
  Result<void> Read(std::string_view relative_id, const Reader& reader) override {
    return store_->Read(relative_id, reader);
  }
  Result<std::size_t> ReplaceTargets(std::string_view relative_id,
                                     const std::vector<std::string>& targets) override {
    return Write<std::size_t>(
        [&](KeyTable& keys) { return keys.ReplaceTargets(relative_id, targets); });
  }
  Result<std::size_t> Remove(std::string_view relative_id, onem2m::Time now) override {
    return Write<std::size_t>([&](KeyTable& keys) { return keys.Remove(relative_id, now); });
  }
  Result<std::size_t> Count() {
    return store_->Count([] {});
  }
  Result<std::vector<std::string>> RemoveExpired(onem2m::Time now) {
    return store_->RemoveExpired(now);
  }

 private:
  const std::unique_ptr<SqliteKeyStore> store_;
};

}  // namespace saef::maf::testing

#endif  // SAEF_ROLES_MAF_WAITING_STORE_H_
