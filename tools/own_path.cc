// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/own_path.h"

#include <array>

namespace saef::tools {

namespace fs = std::filesystem;

fs::path OwnPath() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

fs::path OwnModule() {
  const fs::path folder = OwnPath().parent_path();
  // SAEF_MODULE_FROM_BIN is set by the build: the module's folder relative to the program's.
  const std::array<fs::path, 2> candidates = {folder / "saef.so",
                                              folder / SAEF_MODULE_FROM_BIN / "saef.so"};
  for (const fs::path& candidate : candidates) {
    std::error_code error;
    if (fs::exists(candidate, error)) return fs::weakly_canonical(candidate, error);
  }
  return {};
}

}  // namespace saef::tools
