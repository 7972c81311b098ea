// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: a party's log, to look into while the party runs.
#ifndef SAEF_ROLES_LOG_BOOK_H_
#define SAEF_ROLES_LOG_BOOK_H_

#include <string>
#include <string_view>

#include "bindings/log.h"
#include "onem2m/thread_annotations.h"

namespace saef::roles::testing {

// Outlives whoever has its log(). Threads: any.
class LogBook {
 public:
  bindings::Log log() {
    return [this](bindings::LogLevel, std::string_view text) {
      const MutexLock lock(mutex_);
      text_ += std::string(text) + "\n";
    };
  }
  bool Has(const std::string& part) const {
    const MutexLock lock(mutex_);
    return text_.find(part) != std::string::npos;
  }
  std::string text() const {
    const MutexLock lock(mutex_);
    return text_;
  }
  void Clear() {
    const MutexLock lock(mutex_);
    text_.clear();
  }

 private:
  mutable Mutex mutex_;
  std::string text_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::roles::testing

#endif  // SAEF_ROLES_LOG_BOOK_H_
