// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/baselines.h"

#include <cstring>
#include <functional>

namespace saef::bench {
namespace {

StoredKey MakeStoredKey() {
  StoredKey key;
  key.fill('k');
  return key;
}
std::string_view View(std::span<const std::uint8_t> octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

MutexMap::MutexMap(const KeyIds& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) map_.emplace(ids.text(i), MakeStoredKey());
}

bool MutexMap::Find(std::span<const std::uint8_t> identity, std::uint8_t* key) {
  const std::string text(View(identity));
  const std::lock_guard lock(mutex_);
  const auto it = map_.find(text);
  if (it == map_.end()) return false;
  std::memcpy(key, it->second.data(), it->second.size());
  return true;
}

MutexMapByView::MutexMapByView(const KeyIds& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) map_.emplace(ids.text(i), MakeStoredKey());
}

bool MutexMapByView::Find(std::span<const std::uint8_t> identity, std::uint8_t* key) {
  const std::lock_guard lock(mutex_);
  const auto it = map_.find(View(identity));
  if (it == map_.end()) return false;
  std::memcpy(key, it->second.data(), it->second.size());
  return true;
}

std::size_t BareHash(std::span<const std::uint8_t> octets) {
  return std::hash<std::string_view>{}(View(octets));
}

std::int32_t CheckNothing(saef_instance* /*instance*/, saef_association /*association*/,
                          const saef_request* /*request*/) {
  return 2000;
}

}  // namespace saef::bench
