// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finding: one thing that the doctor looked at: good, or bad and what to do about it.
#ifndef SAEF_TOOLS_DOCTOR_FINDING_H_
#define SAEF_TOOLS_DOCTOR_FINDING_H_

#include <string>
#include <utility>
#include <vector>

#include "tools/exit_code.h"

namespace saef::tools {

struct Finding {
  enum class Kind { kGood, kBad };
  Kind kind = Kind::kGood;
  std::string what;                  // what was looked at and found
  std::string todo;                  // what to do about it; empty if nothing
  ExitCode code = ExitCode::kUsage;  // of a bad one: what the command ends with
};
using Findings = std::vector<Finding>;

inline Finding GoodFinding(std::string what, std::string todo = {}) {
  return {Finding::Kind::kGood, std::move(what), std::move(todo), ExitCode::kDone};
}
inline Finding BadFinding(ExitCode code, std::string what, std::string todo) {
  return {Finding::Kind::kBad, std::move(what), std::move(todo), code};
}

// kDone if nothing is bad, else the code of the first bad one.
ExitCode Verdict(const Findings& findings);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_FINDING_H_
