// SPDX-License-Identifier: GPL-3.0-or-later
//
// Account: what the demo tells the reader while it happens: chapters, numbered steps, what came of
// each.
#ifndef SAEF_TOOLS_ACCOUNT_H_
#define SAEF_TOOLS_ACCOUNT_H_

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace saef::tools {

// What came of a step: as it should, or not, and the lines that show it.
struct StepOutcome {
  bool good = false;
  std::vector<std::string> lines;
};

class Account {
 public:
  // `out` must outlive it.
  explicit Account(std::ostream& out) : out_(out) {}

  // Where several chapters are told, each begins with its title.
  void Title(std::string_view title);
  void Chapter(std::string_view title);
  // Says what is about to happen; Tell then says what came of it. Flushed, so that a slow step is
  // seen to be under way.
  void Step(std::string_view what);
  // Answers outcome.good.
  bool Tell(const StepOutcome& outcome);
  void Remark(std::string_view text);

  bool all_good() const noexcept { return all_good_; }
  int steps() const noexcept { return steps_; }

 private:
  std::ostream& out_;
  int steps_ = 0;
  bool all_good_ = true;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_ACCOUNT_H_
