// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerStatistics: what a server is doing, and what it has done since it started; and the counters
// it comes from.
#ifndef SAEF_BINDINGS_SERVER_STATISTICS_H_
#define SAEF_BINDINGS_SERVER_STATISTICS_H_

#include <atomic>
#include <cstdint>

#include "saef/gate.h"

namespace saef::bindings {

struct ServerStatistics {
  // Now.
  std::uint64_t sessions = 0;       // with those in their handshake, and those in the clear
  std::uint64_t handshakes = 0;     // under way
  std::uint64_t held_sessions = 0;  // handshakes that wait at the gate for their key …
  std::uint64_t held_bytes = 0;     // … and what it keeps of theirs
  std::uint64_t observers = 0;

  // Since the server started.
  std::uint64_t sessions_opened = 0;
  // By their peers, which began anew from the same address and port (RFC 6347 4.2.8).
  std::uint64_t sessions_replaced = 0;
  std::uint64_t handshakes_done = 0;
  std::uint64_t handshakes_failed = 0;  // refused, given up, or not done in time
  std::uint64_t refused_by_source_bound = 0;
  std::uint64_t refused_by_total_bound = 0;
  std::uint64_t gate_refusals_for_sessions = 0;  // as many waited as may
  std::uint64_t gate_refusals_for_time = 0;      // the key didn't come in time
  std::uint64_t gate_datagrams_dropped = 0;      // beyond what may be kept of one session's
  std::uint64_t requests = 0;

  ServerStatistics& operator+=(const ServerStatistics& other) {
    sessions += other.sessions;
    handshakes += other.handshakes;
    held_sessions += other.held_sessions;
    held_bytes += other.held_bytes;
    observers += other.observers;
    sessions_opened += other.sessions_opened;
    sessions_replaced += other.sessions_replaced;
    handshakes_done += other.handshakes_done;
    handshakes_failed += other.handshakes_failed;
    refused_by_source_bound += other.refused_by_source_bound;
    refused_by_total_bound += other.refused_by_total_bound;
    gate_refusals_for_sessions += other.gate_refusals_for_sessions;
    gate_refusals_for_time += other.gate_refusals_for_time;
    gate_datagrams_dropped += other.gate_datagrams_dropped;
    requests += other.requests;
    return *this;
  }
};

// A number that one thread writes and any reads.
class Counter {
 public:
  void Set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(std::uint64_t more = 1) { Set(Get() + more); }
  void Subtract(std::uint64_t less = 1) { Set(Get() - less); }
  std::uint64_t Get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Those of one thread of a server's, which alone writes them.
struct ServerCounters {
  Counter sessions;
  Counter handshakes;
  Counter sessions_opened;
  Counter sessions_replaced;
  Counter handshakes_done;
  Counter handshakes_failed;
  Counter refused_by_source_bound;
  Counter refused_by_total_bound;
  Counter requests;
  Counter held_sessions;
  Counter held_bytes;
  Counter gate_refusals_for_sessions;
  Counter gate_refusals_for_time;
  Counter gate_datagrams_dropped;

  // A handshake is over that was counted as under way.
  void EndHandshake(bool done) {
    handshakes.Subtract();
    (done ? handshakes_done : handshakes_failed).Add();
  }

  // To be called when a session may have begun to be held, and when others may have gone on. Null
  // is allowed.
  void Take(const saef_gate* gate) {
    if (gate == nullptr) return;
    // As mostly: nobody waits, and nobody did the last time.
    if (saef_gate_held_sessions(gate) == 0 && held_sessions.Get() == 0) return;
    saef_gate_statistics now{};
    now.size = sizeof(now);
    if (saef_gate_get_statistics(gate, &now) != SAEF_DONE) return;
    held_sessions.Set(now.held_sessions);
    held_bytes.Set(now.held_bytes);
    gate_refusals_for_sessions.Set(now.refused_for_sessions);
    gate_refusals_for_time.Set(now.refused_for_time);
    gate_datagrams_dropped.Set(now.dropped_datagrams);
  }

  // Without the observers, who count themselves. Any thread.
  ServerStatistics Read() const {
    ServerStatistics read;
    read.sessions = sessions.Get();
    read.handshakes = handshakes.Get();
    read.held_sessions = held_sessions.Get();
    read.held_bytes = held_bytes.Get();
    read.sessions_opened = sessions_opened.Get();
    read.sessions_replaced = sessions_replaced.Get();
    read.handshakes_done = handshakes_done.Get();
    read.handshakes_failed = handshakes_failed.Get();
    read.refused_by_source_bound = refused_by_source_bound.Get();
    read.refused_by_total_bound = refused_by_total_bound.Get();
    read.gate_refusals_for_sessions = gate_refusals_for_sessions.Get();
    read.gate_refusals_for_time = gate_refusals_for_time.Get();
    read.gate_datagrams_dropped = gate_datagrams_dropped.Get();
    read.requests = requests.Get();
    return read;
  }
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_SERVER_STATISTICS_H_
