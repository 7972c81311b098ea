// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef doctor`: is a plugin and its configuration right, and if not, what to do.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "tools/command.h"
#include "tools/doctor.h"
#include "tools/own_path.h"

namespace saef::tools {
namespace {

void Print(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    std::cout << (finding.kind == Finding::Kind::kGood ? "good  " : "BAD   ") << finding.what
              << '\n';
    if (!finding.todo.empty()) std::cout << "      to do: " << finding.todo << '\n';
  }
  std::cout.flush();
}

ExitCode Examine(const DoctorQuestions& questions) {
  std::vector<Finding> findings = ExamineConfiguration(questions);
  Print(findings);
  const std::vector<Finding> module = ExamineModule(questions);
  Print(module);
  findings.insert(findings.end(), module.begin(), module.end());
  const ExitCode verdict = Verdict(findings);
  std::cout << (verdict == ExitCode::kDone ? "All is right." : "Something is wrong, see above.")
            << '\n';
  return verdict;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, ExitCode* exit_code) {
  auto questions = std::make_shared<DoctorQuestions>();
  questions->module = OwnModule().string();
  auto timeout_ms = std::make_shared<unsigned>(10000);
  auto tolerance_s = std::make_shared<unsigned>(60);
  CLI::App* command = app.add_subcommand(
      "doctor", "Tell whether a plugin and its configuration are right, and if not, what to do");
  command->add_option("--module", questions->module, "The plugin, as the CSE loads it")
      ->required(questions->module.empty())
      ->capture_default_str();
  command->add_option("--config", questions->config, "The plugin's configuration (saef.json)")
      ->required();
  command
      ->add_option("--identity-limit", questions->identity_limit,
                   "The longest psk_identity that the host's TLS library takes")
      ->check(CLI::Range(1, static_cast<int>(SAEF_MAX_IDENTITY)))
      ->capture_default_str();
  command->add_option("--timeout-ms", *timeout_ms, "How long to wait for all MAFs")
      ->check(CLI::Range(100, 600000))
      ->capture_default_str();
  command->add_option("--clock-tolerance", *tolerance_s, "Seconds that the MAF's clock may be off")
      ->capture_default_str();
  command->footer(
      "Example: saef doctor --module /usr/lib/saef/saef.so --config /etc/mycse/saef.json");
  command->callback([=] {
    questions->timeout = std::chrono::milliseconds(*timeout_ms);
    questions->clock_tolerance = std::chrono::seconds(*tolerance_s);
    *exit_code = Examine(*questions);
  });
}

}  // namespace saef::tools
