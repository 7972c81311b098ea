// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where lines for the log go: the programs give spdlog, the plugin gives its host. Called from any
// thread; must not block for long. Nothing secret is ever passed; text that came from outside goes
// through Quote.
#ifndef SAEF_BINDINGS_LOG_H_
#define SAEF_BINDINGS_LOG_H_

#include <functional>
#include <string>
#include <string_view>

namespace saef::bindings {

enum class LogLevel { kError = 1, kWarning = 2, kInfo = 3, kDebug = 4 };

using Log = std::function<void(LogLevel, std::string_view)>;

// Text from outside for a log line or an error: in double quotes, at most `limit` octets and then
// "…" with the full length, everything but printable ASCII as \xNN.
std::string Quote(std::string_view text, std::size_t limit = 160);

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_LOG_H_
