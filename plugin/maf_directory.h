// SPDX-License-Identifier: GPL-3.0-or-later
//
// MafDirectory: which of the configured MAFs an FQDN names (TS-0003 8.2.2.3 step 8). Made once,
// then only read: any thread, no lock, no allocation.
#ifndef SAEF_PLUGIN_MAF_DIRECTORY_H_
#define SAEF_PLUGIN_MAF_DIRECTORY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saef::plugin {

class MafDirectory {
 public:
  // The FQDNs in lower case, in the order of the configuration; no two are alike.
  explicit MafDirectory(const std::vector<std::string>& fqdns);

  // The MAF's place in the configuration. `fqdn` in lower case; compared exactly.
  std::optional<std::size_t> Find(std::string_view fqdn) const noexcept;

 private:
  std::vector<std::pair<std::string, std::size_t>> sorted_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_MAF_DIRECTORY_H_
