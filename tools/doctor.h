// SPDX-License-Identifier: GPL-3.0-or-later
//
// The doctor: is a plugin and its configuration right, and if not, what is to be done? It looks at
// the files, loads the module as a CSE would, and tries each MAF. It changes nothing.
#ifndef SAEF_TOOLS_DOCTOR_H_
#define SAEF_TOOLS_DOCTOR_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "saef/plugin.h"
#include "tools/exit_code.h"

namespace saef::tools {

struct Finding {
  enum class Kind { kGood, kBad };
  Kind kind = Kind::kGood;
  std::string what;                  // what was looked at and found
  std::string todo;                  // what to do about it; empty if nothing
  ExitCode code = ExitCode::kUsage;  // of a bad one: what the command ends with
};

struct DoctorQuestions {
  std::string module;  // as for dlopen(3)
  std::string config;  // the plugin's configuration file
  std::size_t identity_limit =
      SAEF_MAX_IDENTITY;  // the longest psk_identity that the host's TLS library takes
  std::chrono::milliseconds timeout{10000};  // for all MAFs together
  std::chrono::seconds clock_tolerance{60};
};

// The configuration's files, without the module: readable, JSON, FQDNs in lower case, key files
// that only we can read, KcIds that fit.
std::vector<Finding> ExamineConfiguration(const DoctorQuestions& questions);
// The module: loads, speaks our ABI, takes the configuration; then each MAF: reached, accepts our
// credential, clock.
std::vector<Finding> ExamineModule(const DoctorQuestions& questions);

// What one probe of a MAF says; apart from ExamineModule so that it can be tested without a MAF.
std::vector<Finding> Judge(const saef_probe_report& report, std::chrono::seconds clock_tolerance);

// kDone if nothing is bad, else the code of the first bad one.
ExitCode Verdict(const std::vector<Finding>& findings);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_H_
