// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/library.h"

#include <mutex>

namespace saef::coap {
namespace {

thread_local const bindings::Log* thread_log = nullptr;

void Forward(coap_log_t level, const char* message) {
  if (thread_log == nullptr || !*thread_log || message == nullptr) return;
  std::string_view text(message);
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  // libcoap alerts of each RST, which is how a ping is answered.
  const auto to = level == COAP_LOG_ALERT ? bindings::LogLevel::kDebug : bindings::LogLevel::kError;
  (*thread_log)(to, "libcoap: " + bindings::Quote(text));
}

}  // namespace

void StartLibrary() {
  static std::once_flag once;
  std::call_once(once, [] {
    coap_startup();
    coap_set_log_level(COAP_LOG_CRIT);
    coap_dtls_set_log_level(COAP_LOG_EMERG);
    coap_set_log_handler(Forward);
  });
}

void SetThreadLog(const bindings::Log* log) { thread_log = log; }

}  // namespace saef::coap
