// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/finding.h"

#include <algorithm>

namespace saef::tools {

ExitCode Verdict(const Findings& findings) {
  const auto bad = std::ranges::find_if(
      findings, [](const Finding& finding) { return finding.kind == Finding::Kind::kBad; });
  return bad == findings.end() ? ExitCode::kDone : bad->code;
}

}  // namespace saef::tools
