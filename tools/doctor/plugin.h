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
  std::chrono::milliseconds timeout{10000};  // for all MAFs and MEFs together
  std::chrono::seconds clock_tolerance{60};
  std::vector<std::string> mefs{};  // FQDNs; the others that the module tries are MAFs
};

// What the MAFs and MEFs of saef.json are called: FQDNs in lower case, KcIds and KeIds that fit.
Findings ExamineIssuerNames(const rapidjson::Document& document, std::size_t identity_limit);
// The module: loads, speaks our ABI, takes the configuration; then each MAF and MEF: reached,
// accepts our credential, clock.
Findings ExamineModule(const DoctorQuestions& questions);

// What one probe of a MAF or MEF (`kind`) says; apart from ExamineModule so that it can be tested
// without one.
Findings Judge(const saef_probe_report& report, std::chrono::seconds clock_tolerance,
               const std::string& kind = "MAF");
// The FQDNs of `list` ("mafs", "mefs") in saef.json, as far as they are texts.
std::vector<std::string> FqdnsOf(const rapidjson::Document& document, const char* list);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_PLUGIN_H_
