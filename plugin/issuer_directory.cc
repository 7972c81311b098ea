// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/issuer_directory.h"

#include <algorithm>

namespace saef::plugin {

namespace {

// By length first: most names that aren't ours are told apart without reading them.
bool ComesBefore(std::string_view one, std::string_view other) noexcept {
  return one.size() != other.size() ? one.size() < other.size() : one < other;
}

}  // namespace

IssuerDirectory::IssuerDirectory(const std::vector<std::string>& fqdns) {
  sorted_.reserve(fqdns.size());
  for (std::size_t i = 0; i < fqdns.size(); ++i) sorted_.emplace_back(fqdns[i], i);
  std::sort(sorted_.begin(), sorted_.end(),
            [](const auto& one, const auto& other) { return ComesBefore(one.first, other.first); });
}

std::size_t IssuerDirectory::FindAmongMany(std::string_view fqdn) const noexcept {
  const auto it = std::lower_bound(
      sorted_.begin(), sorted_.end(), fqdn,
      [](const auto& entry, std::string_view name) { return ComesBefore(entry.first, name); });
  if (it == sorted_.end() || it->first != fqdn) return kNone;
  return it->second;
}

}  // namespace saef::plugin
