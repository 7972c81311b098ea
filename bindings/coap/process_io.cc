// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/process_io.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

#include "bindings/coap/session_looks.h"

namespace saef::coap {
namespace {

// True: there may be more, and nothing else is due.
bool ReadMore(coap_context_t* context) {
  std::array<epoll_event, 16> events;
  const int count = epoll_wait(coap_context_get_coap_fd(context), events.data(),
                               static_cast<int>(events.size()), 0);
  if (count <= 0) return false;
  coap_io_do_epoll(context, events.data(), static_cast<std::size_t>(count));
  // libcoap's timer, or who else wakes the loop.
  return std::none_of(events.begin(), events.begin() + count,
                      [](const epoll_event& event) { return event.data.ptr == nullptr; });
}

}  // namespace

void ProcessIo(coap_context_t* context, std::uint32_t wait_ms) {
  const SessionLooksOff off;
  coap_io_process(context, wait_ms);
  for (int i = 1; i < kReadsInTurn && ReadMore(context); ++i) {
  }
}

}  // namespace saef::coap
