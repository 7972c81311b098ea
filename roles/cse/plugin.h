// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plugin: a security association plugin, loaded through core-adapter's loader and closed with this
// object.
//
// Threads: Load and the destructor from one thread; the rest from any.
#ifndef SAEF_ROLES_CSE_PLUGIN_H_
#define SAEF_ROLES_CSE_PLUGIN_H_

#include <memory>
#include <string>
#include <variant>

#include "roles/cse/configuration.h"
#include "saef/loader.h"

namespace saef::cse {

class Plugin {
 public:
  // `host` is copied; its context outlives this object. Or the loader's text.
  static std::variant<Plugin, std::string> Load(const PluginConfiguration& configuration,
                                                const saef_host& host);

  const saef_api* api() const noexcept { return saef_loader_api(loaded_.get()); }
  saef_instance* instance() const noexcept { return saef_loader_instance(loaded_.get()); }

 private:
  struct Close {
    void operator()(saef_loaded* loaded) const noexcept { saef_loader_close(loaded); }
  };
  explicit Plugin(saef_loaded* loaded) : loaded_(loaded) {}

  std::unique_ptr<saef_loaded, Close> loaded_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_PLUGIN_H_
