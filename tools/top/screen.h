// SPDX-License-Identifier: GPL-3.0-or-later
//
// Screen: a full terminal (ncurses), as long as it lives. The terminal is as it was before on every
// way out: with the destructor, and SIGINT, SIGTERM, SIGHUP and SIGQUIT only ask for it (`ended`).
//
// One at a time, on the main thread.
#ifndef SAEF_TOOLS_TOP_SCREEN_H_
#define SAEF_TOOLS_TOP_SCREEN_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace saef::tools {

class Screen {
 public:
  // Null where the terminal is of a kind that nobody knows ($TERM).
  static std::unique_ptr<Screen> Open();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  std::size_t width() const;
  // Those that fit; lines that don't begin with a space are headings.
  void Show(const std::vector<std::string>& lines);
  // Waits for a key. 'q' where that was pressed or a signal asks for the end, 'r' where the window
  // has another size, 0 when the time is over or another key was pressed.
  char WaitForKey(std::chrono::milliseconds time);

 private:
  struct Terminal;
  explicit Screen(std::unique_ptr<Terminal> terminal);
  std::unique_ptr<Terminal> terminal_;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_TOP_SCREEN_H_
