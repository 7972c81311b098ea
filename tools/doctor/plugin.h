// SPDX-License-Identifier: GPL-3.0-or-later
//
// The doctor on the plugin: it loads the module as a CSE would, and tries each MAF and MEF. It
// changes nothing.
#ifndef SAEF_TOOLS_DOCTOR_PLUGIN_H_
#define SAEF_TOOLS_DOCTOR_PLUGIN_H_

#include <rapidjson/document.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "saef/plugin.h"
#include "tools/doctor/finding.h"

namespace saef::tools {

struct DoctorQuestions {
  std::string module;  // as for dlopen(3)
  std::string config;  // a party's configuration file
  std::string anchor;  // the authority of the party's own certificate; empty: not told
  std::size_t identity_limit =
      SAEF_MAX_IDENTITY;  // the longest psk_identity that the host's TLS library takes
  std::chrono::milliseconds timeout{10000};  // for all MAFs together
  std::chrono::seconds clock_tolerance{60};
};

// What a MAF or MEF of saef.json is called: FQDNs in lower case, KcIds that fit.
Findings ExamineMafNames(const rapidjson::Document& document, std::size_t identity_limit);
// The module: loads, speaks our ABI, takes the configuration; then each MAF: reached, accepts our
// credential, clock.
Findings ExamineModule(const DoctorQuestions& questions);

// What one probe of a MAF says; apart from ExamineModule so that it can be tested without a MAF.
Findings Judge(const saef_probe_report& report, std::chrono::seconds clock_tolerance);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_PLUGIN_H_
