// SPDX-License-Identifier: GPL-3.0-or-later
//
// IssuerDirectory: which of the configured MAFs (TS-0003 8.2.2.3 step 8) and MEFs (8.3.2.1) an FQDN
// names. Made once, then only read: any thread, no lock, no allocation.
#ifndef SAEF_PLUGIN_ISSUER_DIRECTORY_H_
#define SAEF_PLUGIN_ISSUER_DIRECTORY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saef::plugin {

class IssuerDirectory {
 public:
  // The FQDNs in lower case; no two are alike.
  explicit IssuerDirectory(const std::vector<std::string>& fqdns);

  static constexpr std::size_t kNone = SIZE_MAX;
  // Its place among them, or kNone. `fqdn` in lower case; compared exactly.
  std::size_t Find(std::string_view fqdn) const noexcept {
    if (sorted_.size() != 1) return FindAmongMany(fqdn);
    return sorted_.front().first == fqdn ? 0 : kNone;  // the only one, as almost everywhere
  }

 private:
  std::size_t FindAmongMany(std::string_view fqdn) const noexcept;

  std::vector<std::pair<std::string, std::size_t>> sorted_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ISSUER_DIRECTORY_H_
