// SPDX-License-Identifier: GPL-3.0-or-later
//
// Host: the host's table of questions (saef_host), with answers for what it left out. Called on any
// thread, with no lock of the plugin's held.
#ifndef SAEF_PLUGIN_HOST_H_
#define SAEF_PLUGIN_HOST_H_

#include <string_view>

#include "bindings/log.h"
#include "saef/plugin.h"

namespace saef::plugin {

class Host {
 public:
  // `host` may be null, or shorter than the table that we know.
  explicit Host(const saef_host* host) noexcept;

  void Log(bindings::LogLevel level, std::string_view text) const;
  bool IsRegisteredAe(std::string_view ae_id) const;
  bool IsRegistreeCse(std::string_view cse_id) const;
  void EndAssociation(saef_association association) const;
  bool can_retrieve() const noexcept { return host_.retrieve != nullptr; }
  void Retrieve(std::string_view to, saef_retrieve_done done, void* done_context) const;

 private:
  saef_host host_{};
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_HOST_H_
