// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef top`: what running programs count, live in a terminal or once.
#include <langinfo.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <clocale>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/top/place.h"
#include "tools/top/screen.h"
#include "tools/top/view.h"

namespace saef::tools {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr milliseconds kAnswerTime{5000};
constexpr std::size_t kWidthElsewhere = 100;  // where there is no terminal

struct TopOptions {
  std::vector<std::string> places;
  bool once = false;
  double interval_s = 1;
};

// A program that is watched, with what it told last.
struct Watched {
  Place place;
  std::optional<Snapshot> now, before;
  std::string fault;  // empty: it answered

  ExitCode Look(milliseconds timeout) {
    auto taken = TakeSnapshot(place, timeout);
    if (auto* const wrong = std::get_if<PlaceFault>(&taken)) {
      fault = std::move(wrong->text);
      before.reset();
      now.reset();
      return wrong->code;
    }
    fault.clear();
    before = std::move(now);
    now = std::move(std::get<Snapshot>(taken));
    return ExitCode::kDone;
  }
};

std::vector<std::string> Lines(const Watched& watched, const ViewOptions& options) {
  if (!watched.now) return {watched.place.text(), "  " + watched.fault};
  return RenderSnapshot(watched.place.text(), *watched.now,
                        watched.before ? &*watched.before : nullptr, options);
}

ExitCode PrintOnce(std::vector<Watched>& all, ViewOptions options) {
  options.width = kWidthElsewhere;
  ExitCode worst = ExitCode::kDone;
  for (Watched& watched : all) {
    if (const ExitCode code = watched.Look(kAnswerTime); code != ExitCode::kDone) {
      worst = Fail(code, watched.fault);
      continue;
    }
    for (const std::string& line : Lines(watched, options)) std::cout << line << '\n';
  }
  std::cout.flush();
  return worst;
}

std::string Title(double interval_s) {
  std::string text = std::to_string(interval_s);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return "saef top, every " + text + " s; q quits";
}

// Until it is quit.
void Watch(Screen& screen, std::vector<Watched>& all, const TopOptions& options, ViewOptions view) {
  const milliseconds interval(static_cast<long>(1000 * options.interval_s));
  for (SteadyTime next = std::chrono::steady_clock::now() + interval;; next += interval) {
    for (char key = 'r'; key == 'r';) {
      view.width = screen.width();
      std::vector<std::string> lines{Title(options.interval_s)};
      for (const Watched& watched : all) {
        lines.emplace_back();
        for (std::string& line : Lines(watched, view)) lines.push_back(std::move(line));
      }
      screen.Show(lines);
      const auto left = std::chrono::ceil<milliseconds>(next - std::chrono::steady_clock::now());
      key = screen.WaitForKey(std::max(left, milliseconds(1)));
      if (key == 'q') return;
      if (std::chrono::steady_clock::now() < next) key = 'r';
    }
    for (Watched& watched : all) watched.Look(std::min(kAnswerTime, 2 * interval));
    next = std::max(next, std::chrono::steady_clock::now());
  }
}

ExitCode Top(const TopOptions& options) {
  std::vector<Watched> all;
  for (const std::string& text : options.places) {
    auto place = ReadPlace(text);
    if (!place) {
      return Fail(ExitCode::kUsage, text +
                                        " is no port and no host:port, such as 9464, "
                                        "127.0.0.1:9464 or [::1]:9464");
    }
    all.push_back({std::move(*place), std::nullopt, std::nullopt, {}});
  }
  std::setlocale(LC_CTYPE, "");
  ViewOptions view;
  view.utf8 = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  if (options.once || isatty(STDOUT_FILENO) == 0 || isatty(STDIN_FILENO) == 0) {
    return PrintOnce(all, view);
  }
  // What is wrong from the beginning is better said than shown.
  for (Watched& watched : all) {
    if (const ExitCode code = watched.Look(kAnswerTime); code != ExitCode::kDone) {
      return Fail(code, watched.fault);
    }
  }
  const auto screen = Screen::Open();
  if (!screen) {
    return Fail(ExitCode::kUsage,
                "this terminal is of an unknown kind ($TERM). Try --once, or TERM=xterm");
  }
  Watch(*screen, all, options, view);
  return ExitCode::kDone;
}

}  // namespace

void AddTopCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<TopOptions>();
  CLI::App* command = app.add_subcommand(
      "top", "Watch what running programs count: look-ups, refusals, MAF answers, sessions");
  command
      ->add_option("place", options->places,
                   "Where they tell it: [HOST:]PORT, as the program prints after \"statistics\"; "
                   "its configuration has \"statistics\": {\"port\": …}")
      ->required();
  command->add_flag("--once", options->once,
                    "Print it once, counted since the programs' start, and end: for scripts. So it "
                    "is where the output is no terminal");
  command
      ->add_option("--interval", options->interval_s,
                   "Seconds between two looks; numbers a second are of that time")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->footer(
      "Example: saef top 9464 9465        # the CSE and the MAF of one machine\n"
      "         saef top --once 9464 | grep Look-ups\n"
      "         ssh -L 9464:127.0.0.1:9464 cse.example.com, then: saef top 9464");
  command->callback([options, exit_code] { *exit_code = Top(*options); });
}

}  // namespace saef::tools
