// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/top/screen.h"

#define NCURSES_NOMACROS
#include <curses.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <iterator>

namespace saef::tools {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

volatile std::sig_atomic_t is_ended = 0;
void End(int /*signal*/) { is_ended = 1; }

}  // namespace

struct Screen::Terminal {
  SCREEN* screen = nullptr;
  std::array<struct sigaction, std::size(kSignals)> before{};

  // Before ncurses, which handles what nobody else does, and not all of them. Without SA_RESTART: a
  // signal ends the wait for a key.
  void CatchSignals() {
    is_ended = 0;
    struct sigaction action {};
    action.sa_handler = End;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < std::size(kSignals); ++i)
      sigaction(kSignals[i], &action, &before[i]);
  }
  ~Terminal() {
    if (screen != nullptr) {
      endwin();
      delscreen(screen);
    }
    for (std::size_t i = 0; i < std::size(kSignals); ++i)
      sigaction(kSignals[i], &before[i], nullptr);
  }
};

Screen::Screen(std::unique_ptr<Terminal> terminal) : terminal_(std::move(terminal)) {}
Screen::~Screen() = default;

std::unique_ptr<Screen> Screen::Open() {
  auto terminal = std::make_unique<Terminal>();
  terminal->CatchSignals();
  terminal->screen = newterm(nullptr, stdout, stdin);
  if (terminal->screen == nullptr) return nullptr;
  cbreak();
  noecho();
  curs_set(0);
  keypad(stdscr, TRUE);
  return std::unique_ptr<Screen>(new Screen(std::move(terminal)));
}

std::size_t Screen::width() const { return static_cast<std::size_t>(getmaxx(stdscr)); }

void Screen::Show(const std::vector<std::string>& lines) {
  const int height = getmaxy(stdscr);
  werase(stdscr);
  for (std::size_t i = 0; i < lines.size() && static_cast<int>(i) < height; ++i) {
    const bool is_last_row = static_cast<int>(i) == height - 1;
    const bool are_more = is_last_row && lines.size() > i + 1;
    const bool is_heading = !lines[i].empty() && lines[i].front() != ' ';
    if (is_heading) wattron(stdscr, A_BOLD);
    mvwaddnstr(stdscr, static_cast<int>(i), 0,
               are_more ? "  ... a taller terminal shows more" : lines[i].c_str(), -1);
    if (is_heading) wattroff(stdscr, A_BOLD);
  }
  wrefresh(stdscr);
}

char Screen::WaitForKey(std::chrono::milliseconds time) {
  if (is_ended != 0) return 'q';
  wtimeout(stdscr, static_cast<int>(time.count()));
  const int key = wgetch(stdscr);
  if (is_ended != 0 || key == 'q' || key == 'Q') return 'q';
  return key == KEY_RESIZE ? 'r' : 0;
}

}  // namespace saef::tools
