// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/issuer_directory.h"

#include <algorithm>

namespace saef::plugin {

IssuerDirectory::IssuerDirectory(const std::vector<std::string>& fqdns) {
  sorted_.reserve(fqdns.size());
  for (std::size_t i = 0; i < fqdns.size(); ++i) sorted_.emplace_back(fqdns[i], i);
  std::sort(sorted_.begin(), sorted_.end());
}

std::optional<std::size_t> IssuerDirectory::Find(std::string_view fqdn) const noexcept {
  const auto it = std::lower_bound(sorted_.begin(), sorted_.end(), fqdn,
                                   [](const auto& entry, std::string_view name) {
                                     return std::string_view(entry.first) < name;
                                   });
  if (it == sorted_.end() || it->first != fqdn) return std::nullopt;
  return it->second;
}

}  // namespace saef::plugin
