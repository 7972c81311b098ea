// SPDX-License-Identifier: GPL-3.0-or-later
//
// EndingSessions: the sessions that the server's handler wants ended: each ends once its peer has
// its last answer (TS-0003 8.x.5 step 11). All on the loop's thread.
#ifndef SAEF_BINDINGS_COAP_ENDING_SESSIONS_H_
#define SAEF_BINDINGS_COAP_ENDING_SESSIONS_H_

#include <coap3/coap.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "bindings/coap/loop.h"
#include "bindings/coap/server_session.h"

namespace saef::coap {

class EndingSessions {
 public:
  // How long a session waits for the peer's acknowledgement of the last answer, and how long a peer
  // gets to fetch the blocks of one.
  static constexpr std::chrono::seconds kEndTimeout{10};
  static constexpr std::chrono::seconds kBlocksTimeout{5};

  EndingSessions() = default;
  EndingSessions(const EndingSessions&) = delete;
  EndingSessions& operator=(const EndingSessions&) = delete;

  // To be called when something about it has changed: takes it if it is to end and has nothing left
  // to answer.
  void Consider(ServerSession& session);
  // libcoap frees it.
  void Forget(coap_session_t* coap_session);
  void Clear() { sessions_.clear(); }
  // Ends those whose peers have all.
  void EndWhatIsDone(Clock::time_point now);
  bool empty() const { return sessions_.empty(); }

 private:
  using Ending = std::pair<coap_session_t*, std::shared_ptr<const ServerSession>>;
  std::vector<Ending> sessions_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_ENDING_SESSIONS_H_
