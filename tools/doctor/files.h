// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the doctor says of files: configurations, keys, states.
#ifndef SAEF_TOOLS_DOCTOR_FILES_H_
#define SAEF_TOOLS_DOCTOR_FILES_H_

#include <rapidjson/document.h>

#include <filesystem>
#include <optional>
#include <string>

#include "tools/doctor/finding.h"

namespace saef::tools {

// A configuration: readable, not too large, a JSON object. None where it isn't; what was found is
// added to `findings`.
std::optional<rapidjson::Document> ExamineJson(const std::filesystem::path& path,
                                               Findings* findings);

// A file with a key: there, for its owner alone, the owner being we or root.
Finding ExamineKeyFile(const std::filesystem::path& path);

// A file that a program makes and keeps: if it is there, the same; if not, its folder can be
// written.
Finding ExamineStateFile(const std::filesystem::path& path);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_FILES_H_
