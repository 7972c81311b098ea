// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/ending_sessions.h"

#include <algorithm>

namespace saef::coap {

void EndingSessions::Consider(ServerSession& session) {
  if (!session.end_wanted() || session.pending > 0 || session.get() == nullptr ||
      !session.secure() || session.end_by) {
    return;
  }
  const auto now = Clock::now();
  session.end_from = session.answered_in_blocks ? now + kBlocksTimeout : now;
  session.end_by = now + kEndTimeout;
  sessions_.emplace_back(session.get(), session.shared_from_this());
}

void EndingSessions::Forget(coap_session_t* coap_session) {
  std::erase_if(sessions_,
                [coap_session](const Ending& ending) { return ending.first == coap_session; });
}

void EndingSessions::EndWhatIsDone(Clock::time_point now) {
  for (const Ending& ending : std::vector<Ending>(sessions_)) {
    // One may take another along.
    if (std::find(sessions_.begin(), sessions_.end(), ending) == sessions_.end()) continue;
    const auto& [coap_session, session] = ending;
    if (*session->end_from > now) continue;
    // libcoap tells nobody that an answer was acknowledged, but it sends no ping before.
    if (*session->end_by > now && coap_session_send_ping(coap_session) == COAP_INVALID_MID) {
      continue;
    }
    Forget(coap_session);
    coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
}

}  // namespace saef::coap
