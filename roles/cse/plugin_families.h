// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the plugin counts (saef_statistics of plugin.h), as metrics: `saef_plugin_…`. What a plugin
// of an earlier minor version doesn't count is left out.
//
// Threads: any, as long as the instance is open.
#ifndef SAEF_ROLES_CSE_PLUGIN_FAMILIES_H_
#define SAEF_ROLES_CSE_PLUGIN_FAMILIES_H_

#include "roles/statistics/families.h"
#include "saef/plugin.h"

namespace saef::cse {

// Empty where the plugin doesn't answer.
statistics::Families PluginFamilies(const saef_api& api, saef_instance* instance);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_PLUGIN_FAMILIES_H_
