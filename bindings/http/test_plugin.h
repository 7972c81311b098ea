// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plugin for this folder's tests, as a table of functions: keys that are here, come late, or are
// refused. Identities tell: "hit-…" is known at once, "slow-…" after the delay, "denied-…" known
// but not to be associated; all with "@maf.example.com". Others at that name are unknown, others
// are not its own. The key is always test::kKeyHex.
#ifndef SAEF_BINDINGS_HTTP_TEST_PLUGIN_H_
#define SAEF_BINDINGS_HTTP_TEST_PLUGIN_H_

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "onem2m/thread_annotations.h"
#include "saef/plugin.h"

namespace saef::http::test {

class TestPlugin {
 public:
  explicit TestPlugin(std::chrono::milliseconds delay);
  ~TestPlugin();

  const saef_api* api() const { return &api_; }
  saef_instance* instance() { return reinterpret_cast<saef_instance*>(this); }
  std::size_t associations();
  std::size_t waiting();

 private:
  using Clock = std::chrono::steady_clock;
  struct Lookup {
    Clock::time_point due;
    std::string identity;
    saef_lookup_callback callback;
    void* context;
  };

  static TestPlugin& Of(saef_instance* instance) {
    return *reinterpret_cast<TestPlugin*>(instance);
  }
  static std::int32_t FindKey(saef_instance*, const std::uint8_t*, std::size_t, std::uint8_t*,
                              std::size_t*);
  static std::int32_t FindKeyLater(saef_instance*, const std::uint8_t*, std::size_t,
                                   saef_lookup_callback, void*, saef_ticket*);
  static std::int32_t Cancel(saef_instance*, saef_ticket);
  static std::int32_t FindKeyWaiting(saef_instance*, const std::uint8_t*, std::size_t,
                                     std::uint32_t, std::uint8_t*, std::size_t*);
  static std::int32_t Peek(std::int32_t, const std::uint8_t*, std::size_t, std::uint8_t*,
                           std::size_t*);
  static std::int32_t Associate(saef_instance*, const saef_peer*, saef_association*);
  static std::int32_t Dissociate(saef_instance*, saef_association);

  std::int32_t Outcome(std::string_view identity) SAEF_REQUIRES(mutex_);
  void Loop();

  const std::chrono::milliseconds delay_;
  saef_api api_{};
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ SAEF_GUARDED_BY(mutex_) = false;
  saef_ticket last_ticket_ SAEF_GUARDED_BY(mutex_) = 0;
  saef_ticket running_ SAEF_GUARDED_BY(mutex_) = 0;
  std::map<saef_ticket, Lookup> lookups_ SAEF_GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> here_ SAEF_GUARDED_BY(mutex_);
  saef_association last_association_ SAEF_GUARDED_BY(mutex_) = 0;
  std::set<saef_association> associations_ SAEF_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace saef::http::test

#endif  // SAEF_BINDINGS_HTTP_TEST_PLUGIN_H_
