// SPDX-License-Identifier: GPL-3.0-or-later
//
// The doctor on a party's configuration, whichever party it is: the files that it names (keys,
// certificates, states), the names, and whether the MAFs and MEFs that the party speaks to can be
// reached with the credential it has. It changes nothing.
#ifndef SAEF_TOOLS_DOCTOR_PARTY_H_
#define SAEF_TOOLS_DOCTOR_PARTY_H_

#include <rapidjson/document.h>

#include <filesystem>
#include <string_view>

#include "onem2m/timestamp.h"
#include "tools/doctor/finding.h"
#include "tools/doctor/plugin.h"

namespace saef::tools {

enum class PartyKind { kPlugin, kMaf, kMef, kCse, kEntity, kUnknown };

// By the members that only its configuration has.
PartyKind KindOf(const rapidjson::Document& document);
std::string_view NameOf(PartyKind kind);  // "saef.json, the plugin's configuration"

// The files and names of a configuration that stands at `path`, whose `document` this is.
Findings ExamineFiles(const std::filesystem::path& path, const rapidjson::Document& document,
                      const DoctorQuestions& questions, onem2m::Time now);

// Everything: the files, and then what must be asked of others. A CSE's configuration leads to its
// plugin's; the plugin's is tried through the module.
Findings ExamineParty(const DoctorQuestions& questions);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_PARTY_H_
