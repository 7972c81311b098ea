// SPDX-License-Identifier: GPL-3.0-or-later
//
// The subcommands of `saef`. Each Add… puts one into the application: its options, its help with an
// example, and what it does when it is chosen; the outcome goes to *exit_code.
#ifndef SAEF_TOOLS_COMMAND_H_
#define SAEF_TOOLS_COMMAND_H_

#include <CLI/App.hpp>

#include "tools/exit_code.h"

namespace saef::tools {

void AddDemoCommand(CLI::App& app, ExitCode* exit_code);
void AddProvisionCommand(CLI::App& app, ExitCode* exit_code);
void AddMafCommand(CLI::App& app, ExitCode* exit_code);
void AddMefCommand(CLI::App& app, ExitCode* exit_code);
void AddCseCommand(CLI::App& app, ExitCode* exit_code);
void AddRegisterCommand(CLI::App& app, ExitCode* exit_code);
void AddRetrieveCommand(CLI::App& app, ExitCode* exit_code);
void AddTargetsCommand(CLI::App& app, ExitCode* exit_code);
void AddWithdrawCommand(CLI::App& app, ExitCode* exit_code);
void AddConnectCommand(CLI::App& app, ExitCode* exit_code);
void AddTopCommand(CLI::App& app, ExitCode* exit_code);
void AddDoctorCommand(CLI::App& app, ExitCode* exit_code);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_COMMAND_H_
