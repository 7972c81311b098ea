// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_io.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

#include "bindings/coap/session_looks.h"

namespace saef::coap {
namespace {

constexpr std::size_t kEvents = 64;  // sockets that are looked at at once
constexpr int kFew = 3;              // events, of which those of sockets are read more than once

// Not of libcoap's timer, or of who else wakes the loop.
bool IsOfSocket(const epoll_event& event) { return event.data.ptr != nullptr; }

}  // namespace

void ServerIo::Turn(std::chrono::milliseconds wait) {
  const auto now = Clock::now();
  if (now >= next_look_) {
    LookAtSessions(now);
  } else {
    // What comes until then may be due before libcoap's timer, which it sets when it looks.
    wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(next_look_ - now));
  }
  const SessionLooksOff off;
  Read(wait);
}

void ServerIo::LookAtSessions(Clock::time_point now) {
  coap_tick_t ticks = 0;
  coap_ticks(&ticks);
  coap_io_prepare_epoll(context_, ticks);
  const auto after = Clock::now();
  next_look_ = after + std::clamp<Clock::duration>(kShare * (after - now), kLeastPause, kMostPause);
}

// What coap_io_process does, but until nothing more has come or there were many. A look for what is
// ready costs little beside what many sockets have; where few have anything, each is read so often
// as has paid before.
void ServerIo::Read(std::chrono::milliseconds wait) {
  const int epoll = coap_context_get_coap_fd(context_);
  std::array<epoll_event, kEvents> ready;
  std::array<epoll_event, kEvents + kFew * kMany> events;
  for (std::size_t read = 0; read < kMany;) {
    const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()),
                                 read == 0 ? static_cast<int>(wait.count()) : 0);
    if (count <= 0) {
      if (read == 0) coap_io_do_epoll(context_, nullptr, 0);
      reads_ = std::max<std::size_t>(reads_ / 2, 1);
      return;
    }
    if (read > 0) reads_ = std::min(reads_ * 2, kMany);
    const auto timers = std::partition(ready.begin(), ready.begin() + count, IsOfSocket);
    auto end = std::copy(ready.begin(), ready.begin() + count, events.begin());
    for (std::size_t i = 1; count <= kFew && i < reads_; ++i) {
      end = std::copy(ready.begin(), timers, end);
    }
    const auto length = static_cast<std::size_t>(end - events.begin());
    coap_io_do_epoll(context_, events.data(), length);
    // The loop's own work, or libcoap's timer, comes next.
    if (timers != ready.begin() + count) return;
    read += length;
  }
}

}  // namespace saef::coap
