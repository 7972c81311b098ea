// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small things that several of the plugin's tests need.
#ifndef SAEF_PLUGIN_TEST_SUPPORT_H_
#define SAEF_PLUGIN_TEST_SUPPORT_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "plugin/clock.h"
#include "plugin/key_record.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

inline std::span<const std::uint8_t> Octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline PskIdentity Identity(std::string_view text) { return PskIdentity(Octets(text)); }

// A moment to count from; nothing in the tests depends on which.
inline constexpr TimePoint kStart{std::chrono::hours(1000)};

inline KeyRecord MakeRecord(std::string_view key, TimePoint expires,
                            std::shared_ptr<const Source> source = nullptr) {
  KeyRecord record;
  record.key = onem2m::Secret::Copy(Octets(key)).value();
  record.facts.source = source != nullptr ? std::move(source) : std::make_shared<Source>();
  record.facts.expires = expires;
  return record;
}

// Waits for what another thread does; false if it doesn't within 20 seconds.
inline bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_TEST_SUPPORT_H_
