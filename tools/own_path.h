// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where this program and its module are.
#ifndef SAEF_TOOLS_OWN_PATH_H_
#define SAEF_TOOLS_OWN_PATH_H_

#include <filesystem>

namespace saef::tools {

// This program's file.
std::filesystem::path OwnPath();

// saef.so as it belongs to this program: beside it (a build), or where `cmake --install` puts it
// relative to it. Empty if neither exists.
std::filesystem::path OwnModule();

}  // namespace saef::tools

#endif  // SAEF_TOOLS_OWN_PATH_H_
