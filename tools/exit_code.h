// SPDX-License-Identifier: GPL-3.0-or-later
//
// The exit codes of the `saef` command, the same for each of its subcommands.
#ifndef SAEF_TOOLS_EXIT_CODE_H_
#define SAEF_TOOLS_EXIT_CODE_H_

namespace saef::tools {

enum class ExitCode : int {
  kDone = 0,
  kRefused = 1,      // a peer refused: the MAF a registration, the CSE an association or a request
  kUsage = 2,        // wrong usage or configuration; nothing was sent
  kUnreachable = 3,  // a peer could not be reached, or didn't answer in time
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_EXIT_CODE_H_
