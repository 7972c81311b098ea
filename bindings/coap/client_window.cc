// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_window.h"

namespace saef::coap {

void ClientWindow::Answered() {
  if (size_ >= max_) return;
  if (size_ < slow_from_) {
    ++size_;
  } else if (++answers_ >= size_) {
    ++size_;
    answers_ = 0;
  }
}

void ClientWindow::SentAgain(Clock::time_point now) {
  if (last_loss_ != Clock::time_point() && now - last_loss_ < kOneLoss) return;
  last_loss_ = now;
  size_ = std::min(std::max(size_ / 2, kLeast), max_);
  slow_from_ = size_;
  answers_ = 0;
}

}  // namespace saef::coap
