// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/process_io.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

namespace {

thread_local bool is_reading = false;

}  // namespace

// Linked with -Wl,--wrap=coap_io_prepare_epoll_lkd: what coap_io_do_epoll ends with. The next
// coap_io_process begins with it, and waits no longer than it says.
extern "C" {
unsigned int __real_coap_io_prepare_epoll_lkd(coap_context_t* context, coap_tick_t now);
unsigned int __wrap_coap_io_prepare_epoll_lkd(coap_context_t* context, coap_tick_t now) {
  return is_reading ? 0 : __real_coap_io_prepare_epoll_lkd(context, now);
}
}

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
  is_reading = true;
  coap_io_process(context, wait_ms);
  for (int i = 1; i < kReadsInTurn && ReadMore(context); ++i) {
  }
  is_reading = false;
}

}  // namespace saef::coap
