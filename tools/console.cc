// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/console.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <string>

namespace saef::tools {
namespace {

spdlog::level::level_enum ToSpdlog(bindings::LogLevel level) {
  switch (level) {
    case bindings::LogLevel::kError:
      return spdlog::level::err;
    case bindings::LogLevel::kWarning:
      return spdlog::level::warn;
    case bindings::LogLevel::kInfo:
      return spdlog::level::info;
    case bindings::LogLevel::kDebug:
      break;
  }
  return spdlog::level::debug;
}

}  // namespace

bindings::Log ConsoleLog(std::string_view name, bindings::LogLevel level) {
  auto logger = std::make_shared<spdlog::logger>(
      std::string(name), std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(ToSpdlog(level));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %n %^%l%$: %v");
  logger->flush_on(spdlog::level::debug);
  const auto write = [logger](bindings::LogLevel line_level, std::string_view text) {
    logger->log(ToSpdlog(line_level), "{}", text);
  };
  return {write, level};
}

bindings::LogLevel LevelOf(int verbosity) {
  if (verbosity <= 0) return bindings::LogLevel::kWarning;
  return verbosity == 1 ? bindings::LogLevel::kInfo : bindings::LogLevel::kDebug;
}

ExitCode Fail(ExitCode code, std::string_view text) {
  std::cerr << "saef: " << text << '\n';
  return code;
}

}  // namespace saef::tools
