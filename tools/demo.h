// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo: the main job with real parties. A MAF and a CSE that has loaded saef.so run as
// processes of their own; Entity A is this one. For CoAP and for HTTP: a key is registered, an
// association made with its KcId, an <AE> created, content stored and read back; then those that
// must be turned away are.
#ifndef SAEF_TOOLS_DEMO_H_
#define SAEF_TOOLS_DEMO_H_

#include <filesystem>
#include <ostream>
#include <string>

#include "tools/exit_code.h"

namespace saef::tools {

struct DemoOptions {
  std::filesystem::path folder;  // for keys, configurations and logs; must be empty or not exist
  std::filesystem::path module;  // saef.so
};

// The account goes to `out`. kDone if all came as it should, kRefused if something didn't, kUsage
// if the parties could not be started.
ExitCode RunDemo(const DemoOptions& options, std::ostream& out);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DEMO_H_
