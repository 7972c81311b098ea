// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/account.h"

#include <iomanip>

namespace saef::tools {

void Account::Title(std::string_view title) { out_ << "\n== " << title << " ==\n" << std::flush; }

void Account::Chapter(std::string_view title) { out_ << '\n' << title << '\n' << std::flush; }

void Account::Step(std::string_view what) {
  out_ << std::setw(4) << ++steps_ << "  " << what << '\n' << std::flush;
}

bool Account::Tell(const StepOutcome& outcome) {
  std::string_view mark = outcome.good ? "  -> " : "  NOT ";
  for (const std::string& line : outcome.lines) {
    out_ << "    " << mark << line << '\n';
    mark = "     ";
  }
  out_ << std::flush;
  all_good_ = all_good_ && outcome.good;
  return outcome.good;
}

void Account::Remark(std::string_view text) { out_ << "      " << text << '\n' << std::flush; }

}  // namespace saef::tools
