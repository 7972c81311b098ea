// SPDX-License-Identifier: GPL-3.0-or-later
//
// Place: where a program tells its statistics, as a user types it: "9464", "localhost:9464",
// "[::1]:9464", or the line that the program printed, "http://127.0.0.1:9464/metrics".
#ifndef SAEF_TOOLS_TOP_PLACE_H_
#define SAEF_TOOLS_TOP_PLACE_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tools/exit_code.h"
#include "tools/top/snapshot.h"

namespace saef::tools {

struct Place {
  std::string host;
  std::string port;
  std::string text() const {
    return host.find(':') == std::string::npos ? host + ":" + port : "[" + host + "]:" + port;
  }
};

std::optional<Place> ReadPlace(std::string_view text);

// What went wrong, and what to do next.
struct PlaceFault {
  ExitCode code;
  std::string text;
};

// Asks for /statistics.json; waits at most `timeout`, takes at most a MiB.
std::variant<Snapshot, PlaceFault> TakeSnapshot(const Place& place,
                                                std::chrono::milliseconds timeout);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_TOP_PLACE_H_
