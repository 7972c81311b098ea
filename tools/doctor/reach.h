// SPDX-License-Identifier: GPL-3.0-or-later
//
// The doctor on what a party must reach: the MAF of an Entity A, the MEFs of a MAF, the MEF of who
// enrols. Each is tried with the very credential that the configuration names, by a handshake; no
// key is registered, nothing is enrolled.
#ifndef SAEF_TOOLS_DOCTOR_REACH_H_
#define SAEF_TOOLS_DOCTOR_REACH_H_

#include <rapidjson/document.h>

#include <chrono>
#include <filesystem>

#include "tools/doctor/finding.h"

namespace saef::tools {

Findings ExamineReach(const std::filesystem::path& path, const rapidjson::Document& document,
                      std::chrono::milliseconds timeout);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_REACH_H_
