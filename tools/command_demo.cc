// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef demo`: watch it happen, in chapters, the main job first.
#include <CLI/CLI.hpp>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/demo/chapter.h"
#include "tools/own_path.h"
#include "tools/temporary_folder.h"

namespace saef::tools {
namespace {

struct Options {
  DemoOptions demo;
  std::string chapter = "main";
  bool list = false;
};

ExitCode List() {
  for (const Chapter& chapter : Chapters()) {
    std::cout << "  " << std::left << std::setw(18) << chapter.name << chapter.summary << '\n';
  }
  std::cout << "  " << std::left << std::setw(18) << "all"
            << "Every chapter, one after the other" << std::endl;
  return ExitCode::kDone;
}

// The chapters that a name means; none: nobody has that name.
std::vector<const Chapter*> Chosen(const std::string& name) {
  std::vector<const Chapter*> chosen;
  if (name == "all") {
    for (const Chapter& chapter : Chapters()) chosen.push_back(&chapter);
  } else if (const Chapter* chapter = FindChapter(name)) {
    chosen.push_back(chapter);
  }
  return chosen;
}

ExitCode Demo(Options options) {
  if (options.list) return List();
  const std::vector<const Chapter*> chapters = Chosen(options.chapter);
  if (chapters.empty()) {
    return Fail(ExitCode::kUsage, "there is no chapter " + bindings::Quote(options.chapter) +
                                      "; saef demo --list names them");
  }
  DemoOptions& demo = options.demo;
  if (demo.module.empty()) {
    return Fail(ExitCode::kUsage, "saef.so is not beside this program: name it with --module");
  }
  if (!demo.folder.empty()) return RunChapters(chapters, demo, std::cout);
  TemporaryFolder folder;
  demo.folder = folder.path();
  const ExitCode code = RunChapters(chapters, demo, std::cout);
  if (code != ExitCode::kDone) {
    folder.Keep();
    std::cerr << "saef: configurations and logs are kept in " << folder.path().string() << '\n';
  }
  return code;
}

}  // namespace

void AddDemoCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<Options>();
  options->demo.module = OwnModule();
  CLI::App* command = app.add_subcommand(
      "demo",
      "Watch it happen: a MAF, a CSE with saef.so and an Entity A, over CoAP and over HTTP");
  command
      ->add_option("chapter", options->chapter,
                   "What to show; --list names the chapters, \"all\" shows every one")
      ->capture_default_str();
  command->add_flag("--list", options->list, "List the chapters");
  command->add_option("--folder", options->demo.folder,
                      "Keep keys, configurations and logs in this new folder");
  command->add_option("--module", options->demo.module,
                      "The plugin; the one beside this program if not given");
  command->footer(
      "Examples: saef demo\n          saef demo --list\n          saef demo all --folder "
      "saef-demo");
  command->callback([options, exit_code] { *exit_code = Demo(*options); });
}

}  // namespace saef::tools
