// SPDX-License-Identifier: GPL-3.0-or-later
//
// LoadedPlugin: saef.so as a CSE loads it, through core-adapter's loader, configured for one MAF.
#ifndef SAEF_TESTS_BENCH_LOADED_PLUGIN_H_
#define SAEF_TESTS_BENCH_LOADED_PLUGIN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "onem2m/test_folder.h"
#include "saef/loader.h"
#include "saef/plugin.h"
#include "tests/bench/key_ids.h"

namespace saef::bench {

// The AE that LoadedPlugin's host has registered, with no association.
inline constexpr std::string_view kPlainAe = "Cplain";

class LoadedPlugin {
 public:
  LoadedPlugin() = default;
  ~LoadedPlugin() { saef_loader_close(loaded_); }
  LoadedPlugin(const LoadedPlugin&) = delete;
  LoadedPlugin& operator=(const LoadedPlugin&) = delete;

  // Each a sentence where it fails. `max_keys`: how many keys are to find room.
  std::optional<std::string> Load(const std::string& module, std::uint16_t maf_port,
                                  std::size_t max_keys);
  // Has these keys fetched, from `first` on, many at a time.
  std::optional<std::string> Fill(const KeyIds& ids, std::size_t first = 0);
  // SAEF_NO_ASSOCIATION where there is none.
  saef_association Associate(std::span<const std::uint8_t> identity) const;

  const saef_api& api() const { return *saef_loader_api(loaded_); }
  saef_instance* instance() const { return saef_loader_instance(loaded_); }

 private:
  onem2m::TestFolder folder_;
  saef_loaded* loaded_ = nullptr;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_LOADED_PLUGIN_H_
