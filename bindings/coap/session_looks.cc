// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/session_looks.h"

#include <coap3/coap.h>

namespace {

thread_local bool are_off = false;

}  // namespace

// Linked with -Wl,--wrap=coap_io_prepare_epoll_lkd: what coap_io_do_epoll ends with, and where
// libcoap looks at its sessions.
extern "C" {
unsigned int __real_coap_io_prepare_epoll_lkd(coap_context_t* context, coap_tick_t now);
unsigned int __wrap_coap_io_prepare_epoll_lkd(coap_context_t* context, coap_tick_t now) {
  return are_off ? 0 : __real_coap_io_prepare_epoll_lkd(context, now);
}
}

namespace saef::coap {

SessionLooksOff::SessionLooksOff() { are_off = true; }
SessionLooksOff::~SessionLooksOff() { are_off = false; }

}  // namespace saef::coap
