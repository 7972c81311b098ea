// SPDX-License-Identifier: GPL-3.0-or-later
//
// FakePlugin: a plugin whose answers a test writes down beforehand or gives by hand, and which
// keeps the ABI's promises about callbacks and cancelling. It counts what it is asked.
//
// Threads: any. Callbacks run on its own thread.
#ifndef SAEF_TESTS_ABI_FAKE_PLUGIN_H_
#define SAEF_TESTS_ABI_FAKE_PLUGIN_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "saef/plugin.h"

namespace saef::abi_test {

class FakePlugin {
 public:
  FakePlugin();
  ~FakePlugin();
  FakePlugin(const FakePlugin &) = delete;
  FakePlugin &operator=(const FakePlugin &) = delete;

  const saef_api *api() const { return &api_; }
  saef_instance *instance() { return reinterpret_cast<saef_instance *>(this); }

  // How look-ups of an identity are answered from now on. Identities without a plan are not mine.
  void AnswerAtOnce(const std::string &identity, int32_t outcome, const std::string &key = {});
  void AnswerAfter(const std::string &identity, std::chrono::milliseconds delay, int32_t outcome,
                   const std::string &key = {});
  // The callback has run on another thread before lookup_async returns.
  void AnswerBeforeReturning(const std::string &identity, int32_t outcome,
                             const std::string &key = {});
  // Pending until Answer().
  void Withhold(const std::string &identity);

  // Answers all that wait for this identity; returns once the callbacks have returned.
  void Answer(const std::string &identity, int32_t outcome, const std::string &key = {});
  // The key is gone, as from a cache.
  void Forget(const std::string &identity);
  void RefuseAssociations(int32_t result);
  // What verify_peer answers; SAEF_NOT_MINE at first.
  void AnswerVerifications(int32_t result);

  struct Counts {
    int lookups = 0, asyncs = 0, waits = 0, cancels = 0, cancelled_late = 0, callbacks = 0;
    int associated = 0, dissociated = 0, verifies = 0;
    int peeks = 0;  // of all fake plugins: peek_identity takes no instance
  };
  Counts counts() const;
  std::string IdentityOf(saef_association association) const;
  // Identities of all open associations; of those by certificate "certificates a b", of those by
  // raw public key "public key k".
  std::vector<std::string> associations() const;

 private:
  using Clock = std::chrono::steady_clock;
  enum class When { kAtOnce, kLater, kBeforeReturning, kNever };
  struct Plan {
    When when = When::kAtOnce;
    int32_t outcome = SAEF_NOT_MINE;
    std::string key;
    std::chrono::milliseconds delay{0};
  };
  struct Waiting {
    std::string identity;
    saef_lookup_callback callback = nullptr;
    void *context = nullptr;
    Clock::time_point due = Clock::time_point::max();
    int32_t outcome = 0;
    std::string key;
  };

  static FakePlugin &Of(saef_instance *instance) {
    return *reinterpret_cast<FakePlugin *>(instance);
  }
  static saef_api MakeApi();
  static std::string NameOf(const saef_peer &peer);
  void SetPlan(const std::string &identity, Plan plan);
  void Run();
  int32_t Lookup(const std::string &identity, uint8_t *key, size_t *key_length);
  int32_t LookupAsync(const std::string &identity, saef_lookup_callback callback, void *context,
                      saef_ticket *ticket);
  int32_t Cancel(saef_ticket ticket);

  const saef_api api_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Plan> plans_;
  std::map<std::string, std::string> keys_;
  std::map<saef_ticket, Waiting> waiting_;
  saef_ticket running_ = 0;
  saef_ticket last_ticket_ = 0;
  std::map<saef_association, std::string> associations_;
  saef_association last_association_ = 0;
  int32_t associate_result_ = SAEF_DONE;
  int32_t verify_result_ = SAEF_NOT_MINE;
  Counts counts_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_FAKE_PLUGIN_H_
