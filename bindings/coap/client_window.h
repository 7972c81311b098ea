// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientWindow: how many requests may be under way at a time in one session. RFC 7252 4.7 allows
// one, and more where something else keeps the path from being overrun: this begins with what many
// devices at once need, and they come one after the other, for what is asked in their name waits
// for a handshake's flights; it grows by one with each answer (so it doubles in a round trip), and
// is halved when a message had to be sent again; from then on it grows by one in a round trip
// (RFC 5681 3.1). All on the loop's thread.
#ifndef SAEF_BINDINGS_COAP_CLIENT_WINDOW_H_
#define SAEF_BINDINGS_COAP_CLIENT_WINDOW_H_

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "bindings/coap/loop.h"

namespace saef::coap {

class ClientWindow {
 public:
  static constexpr std::size_t kFirst = 1024;
  static constexpr std::size_t kLeast = 16;
  // What was lost at once is sent again at different moments, one to three seconds later
  // (RFC 7252 4.2); it counts as one loss.
  static constexpr std::chrono::seconds kOneLoss{3};

  // `max`: at least 1.
  explicit ClientWindow(std::size_t max) : max_(max), size_(std::min(max, kFirst)) {}

  std::size_t size() const { return size_; }
  void Answered();
  void SentAgain(Clock::time_point now);
  // For a new session.
  void Reset() { *this = ClientWindow(max_); }

 private:
  std::size_t max_;
  std::size_t size_;
  std::size_t slow_from_ = static_cast<std::size_t>(-1);  // grows slowly from this size on
  std::size_t answers_ = 0;                               // since it last grew, there
  Clock::time_point last_loss_{};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_WINDOW_H_
