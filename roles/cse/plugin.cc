// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/plugin.h"

namespace saef::cse {
namespace {

constexpr std::size_t kMaxText = 16384;

}  // namespace

std::variant<Plugin, std::string> Plugin::Load(const PluginConfiguration& configuration,
                                               const saef_host& host) {
  saef_loader_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.module = configuration.module.c_str();
  arguments.config_path = configuration.config.c_str();
  arguments.host_name = "saef reference CSE";
  arguments.host = &host;
  saef_loaded* loaded = nullptr;
  std::string text(kMaxText, '\0');
  std::size_t length = text.size();
  const int32_t result = saef_loader_open(&arguments, &loaded, text.data(), &length);
  if (result == SAEF_LOADER_DONE && loaded != nullptr) {
    return Plugin(loaded);
  }
  // A text that didn't fit was left out, and its length told.
  if (length == 0 || length > kMaxText) {
    return "the plugin " + configuration.module + " can't be loaded: error " +
           std::to_string(result);
  }
  text.resize(length);
  return text;
}

}  // namespace saef::cse
