// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo's chapters: each shows one thing with real parties, as processes of their own on
// loopback, and says step by step what happens and whether it came as it should. A chapter stands
// in a file of its own, <name>_chapter.cc; chapters.cc lists them.
#ifndef SAEF_TOOLS_DEMO_CHAPTER_H_
#define SAEF_TOOLS_DEMO_CHAPTER_H_

#include <filesystem>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/account.h"
#include "tools/exit_code.h"

namespace saef::tools {

struct DemoOptions {
  std::filesystem::path folder;  // for keys, configurations and logs; must be empty or not exist
  std::filesystem::path module;  // saef.so
};

struct Chapter {
  std::string_view name;  // as `saef demo NAME` takes it
  std::string_view summary;
  // The account goes to the Account, what came otherwise with it. kDone, or kUsage if the parties
  // could not be started.
  ExitCode (*run)(const DemoOptions& options, Account& account);
};

// All of them, the main job first.
std::span<const Chapter> Chapters();

// The chapter of this name; null: none has it.
const Chapter* FindChapter(std::string_view name);

// Runs these, each in a folder of its name if there are several. kDone if all came as it should,
// kRefused if something didn't, kUsage if the parties of one could not be started.
ExitCode RunChapters(std::span<const Chapter* const> chapters, const DemoOptions& options,
                     std::ostream& out);

// The main job (TS-0003 8.2.2.3): for CoAP and for HTTP a key is registered, an association made
// with its KcId, an <AE> created, content stored and read back; then those that must be turned away
// are.
ExitCode RunMainChapter(const DemoOptions& options, Account& account);
ExitCode RunHttpsChapter(const DemoOptions& options, Account& account);
ExitCode RunCseToCseChapter(const DemoOptions& options, Account& account);
ExitCode RunKpsaChapter(const DemoOptions& options, Account& account);          // 8.2.2.1
ExitCode RunEnrolledKpsaChapter(const DemoOptions& options, Account& account);  // 8.2.2.1, 8.3.2
ExitCode RunCertificatesChapter(const DemoOptions& options, Account& account);  // 8.2.2.2
ExitCode RunMafCertificatesChapter(const DemoOptions& options, Account& account);
ExitCode RunEnrolmentChapter(const DemoOptions& options, Account& account);  // 8.x.2, 8.x.3
ExitCode RunEsDataChapter(const DemoOptions& options, Account& account);     // 8.x.5, 8.x.6
ExitCode RunWithdrawalChapter(const DemoOptions& options, Account& account);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DEMO_CHAPTER_H_
