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
#include <type_traits>
#include <utility>

namespace saef::bindings {

enum class LogLevel { kError = 1, kWarning = 2, kInfo = 3, kDebug = 4 };

class Log {
 public:
  using Function = std::function<void(LogLevel, std::string_view)>;

  Log() = default;  // takes nothing
  // From anything that can be called so: lines of a higher level than `most` aren't for it.
  template <typename Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, Log> &&
           std::is_constructible_v<Function, Callable>)
      Log(Callable&& function,  // NOLINT(bugprone-forwarding-reference-overload): of no Log
          LogLevel most = LogLevel::kDebug)  // NOLINT: what was a function, is one
      : function_(std::forward<Callable>(function)), most_(most) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  // Is it worth while to compose such a line?
  bool Takes(LogLevel level) const { return level <= most_ && function_; }
  // Only where there is a function.
  void operator()(LogLevel level, std::string_view text) const { function_(level, text); }

 private:
  Function function_;
  LogLevel most_ = LogLevel::kDebug;
};

// Text from outside for a log line or an error: in double quotes, at most `limit` octets and then
// "…" with the full length, everything but printable ASCII as \xNN.
std::string Quote(std::string_view text, std::size_t limit = 160);

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_LOG_H_
