// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/refusal_budget.h"

#include <algorithm>

namespace saef::plugin {

bool RefusalBudget::MayAsk(TimePoint now) const {
  const MutexLock lock(mutex_);
  return full_at_ <= now + kStock - price_;
}

bool RefusalBudget::Refused(TimePoint now) {
  const MutexLock lock(mutex_);
  full_at_ = std::max(full_at_, now) + price_;
  if (full_at_ <= now + kStock - price_ || now < quiet_until_) return false;
  quiet_until_ = now + kTold;
  return true;
}

}  // namespace saef::plugin
