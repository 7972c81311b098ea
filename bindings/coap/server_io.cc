// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_io.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

#include "bindings/coap/session_looks.h"

namespace saef::coap {
namespace {

constexpr std::size_t kEvents = 64;  // sockets that are looked at in one turn

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

// What coap_io_process does, but with `reads_` looks at each socket that has something to read; as
// many as it takes, so that a socket that is quiet costs one.
void ServerIo::Read(std::chrono::milliseconds wait) {
  const int epoll = coap_context_get_coap_fd(context_);
  std::array<epoll_event, kEvents> ready;
  const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()),
                               static_cast<int>(wait.count()));
  if (count <= 0) return coap_io_do_epoll(context_, nullptr, 0);
  std::array<epoll_event, kEvents + kMany> events;
  std::size_t length = 0;
  // From each socket in turn.
  for (std::size_t round = 0; round < reads_ && length < kMany; ++round) {
    for (int i = 0; i < count; ++i) {
      if (round == 0 || ready[i].data.ptr != nullptr) events[length++] = ready[i];
    }
  }
  coap_io_do_epoll(context_, events.data(), length);
  const bool more = epoll_wait(epoll, ready.data(), 1, 0) > 0 && ready[0].data.ptr != nullptr;
  reads_ = more ? std::min(reads_ * 2, kMany) : std::max<std::size_t>(reads_ / 2, 1);
}

}  // namespace saef::coap
