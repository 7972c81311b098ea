// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef doctor`: is a party's configuration right, and if not, what to do.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "tools/command.h"
#include "tools/doctor/party.h"
#include "tools/own_path.h"

namespace saef::tools {
namespace {

void Print(const Findings& findings) {
  for (const Finding& finding : findings) {
    std::cout << (finding.kind == Finding::Kind::kGood ? "good  " : "BAD   ") << finding.what
              << '\n';
    if (!finding.todo.empty()) std::cout << "      to do: " << finding.todo << '\n';
  }
}

ExitCode Examine(const DoctorQuestions& questions) {
  const Findings findings = ExamineParty(questions);
  Print(findings);
  const ExitCode verdict = Verdict(findings);
  std::cout << (verdict == ExitCode::kDone ? "All is right." : "Something is wrong, see above.")
            << std::endl;
  return verdict;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, ExitCode* exit_code) {
  auto questions = std::make_shared<DoctorQuestions>();
  questions->module = OwnModule().string();
  auto timeout_ms = std::make_shared<unsigned>(10000);
  auto tolerance_s = std::make_shared<unsigned>(60);
  CLI::App* command = app.add_subcommand(
      "doctor", "Tell whether a party's configuration is right, and if not, what to do");
  command->add_option("--module", questions->module,
                      "The plugin, as the CSE loads it, for a saef.json");
  command
      ->add_option("--config", questions->config,
                   "The configuration of any party: saef.json, cse.json, maf.json, mef.json, "
                   "entity-….json")
      ->required();
  command->add_option("--anchor", questions->anchor,
                      "The CA certificate of the authority that issued the party's own "
                      "certificate, where the configuration doesn't name it");
  command
      ->add_option("--identity-limit", questions->identity_limit,
                   "The longest psk_identity that the host's TLS library takes")
      ->check(CLI::Range(1, static_cast<int>(SAEF_MAX_IDENTITY)))
      ->capture_default_str();
  command->add_option("--timeout-ms", *timeout_ms, "How long to wait for all MAFs and MEFs")
      ->check(CLI::Range(100, 600000))
      ->capture_default_str();
  command->add_option("--clock-tolerance", *tolerance_s, "Seconds that the MAF's clock may be off")
      ->capture_default_str();
  command->footer(
      "Looks at the files (keys, certificates, states), at names and dates, and tries each MAF and "
      "MEF\nwith the very credential that stands there. Nothing is changed.\n"
      "Examples: saef doctor --config site/saef.json\n"
      "          saef doctor --config site/maf.json\n"
      "          saef doctor --module /usr/lib/saef/saef.so --config /etc/mycse/saef.json");
  command->callback([=] {
    questions->timeout = std::chrono::milliseconds(*timeout_ms);
    questions->clock_tolerance = std::chrono::seconds(*tolerance_s);
    *exit_code = Examine(*questions);
  });
}

}  // namespace saef::tools
