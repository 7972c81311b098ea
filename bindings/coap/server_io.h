// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerIo: coap_io_process for a context with thousands of sessions, none of which ends while one
// is read from. libcoap looks at each of them before and after each datagram that it reads, to see
// which has to repeat a flight, was silent for too long, or has ended and is to be freed. Here many
// datagrams are read in a turn, and sessions are looked at now and then: what is due in them comes
// that much later, which is little beside the seconds that it has waited. Where many have ended,
// LookNext has them freed. A client that comes again from the port of one that has ended and wasn't
// freed yet is its owner's to see (datagram_hook.h).
//
// Threads: the context's. Lifetime: the context's at most.
#ifndef SAEF_BINDINGS_COAP_SERVER_IO_H_
#define SAEF_BINDINGS_COAP_SERVER_IO_H_

#include <coap3/coap.h>

#include <chrono>
#include <cstddef>

namespace saef::coap {

class ServerIo {
 public:
  // When a turn has looked for so many datagrams it ends.
  static constexpr std::size_t kMany = 64;

  explicit ServerIo(coap_context_t* context) : context_(context) {}
  ServerIo(const ServerIo&) = delete;
  ServerIo& operator=(const ServerIo&) = delete;

  // Sends what is due; waits up to `wait` for something to come; reads it, and what has come
  // meanwhile.
  void Turn(std::chrono::milliseconds wait);
  // The next turn looks at the sessions.
  void LookNext() { next_look_ = {}; }

 private:
  using Clock = std::chrono::steady_clock;

  // Looking takes a fiftieth of the time at most, unless there are a great many sessions.
  static constexpr int kShare = 50;
  static constexpr std::chrono::milliseconds kLeastPause{10};
  static constexpr std::chrono::milliseconds kMostPause{200};

  void LookAtSessions(Clock::time_point now);
  void Read(std::chrono::milliseconds wait);

  coap_context_t* const context_;
  std::size_t reads_ = 1;  // of each socket, the next time
  Clock::time_point next_look_{};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SERVER_IO_H_
