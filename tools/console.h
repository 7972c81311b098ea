// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the commands have in common on the terminal: results go to standard output, everything else
// to standard error.
#ifndef SAEF_TOOLS_CONSOLE_H_
#define SAEF_TOOLS_CONSOLE_H_

#include <string_view>

#include "bindings/log.h"
#include "tools/exit_code.h"

namespace saef::tools {

// A log on standard error through spdlog; lines of a higher level than `level` are left out. `name`
// stands before each line.
bindings::Log ConsoleLog(std::string_view name, bindings::LogLevel level);

// The level that -v (once: info, twice: debug) asks for; warnings and errors are always shown.
bindings::LogLevel LevelOf(int verbosity);

// "saef: <text>" on standard error; answers `code`, so that a command can return it.
ExitCode Fail(ExitCode code, std::string_view text);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_CONSOLE_H_
