// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one way into the plugin. Whatever happens inside, the host sees a result code: no exception
// leaves, errno is as it was, a thread that is being cancelled isn't torn out of the middle. And
// handles are checked before they are used.
#ifndef SAEF_PLUGIN_API_GUARD_H_
#define SAEF_PLUGIN_API_GUARD_H_

#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <new>
#include <utility>

#include "plugin/fork_watch.h"
#include "plugin/instance.h"
#include "saef/plugin.h"

// What a host holds. It is never freed, so that a stale handle is recognised instead of read from
// freed memory: 32 octets for each open(). All of them are chained, so that a leak checker sees
// that they are kept on purpose.
struct saef_instance {
  static constexpr std::uint64_t kMagic = 0x73616566'68616e64;

  std::uint64_t magic = kMagic;
  std::atomic<saef::plugin::Instance*> instance{nullptr};  // null once closed
  std::uint32_t fork_generation = saef::plugin::ForkWatch::Generation();
  saef_instance* before = nullptr;
};

namespace saef::plugin {

// For calls without a cancellation point (pthreads(7)): they take locks, read clocks and tables,
// and call nothing of the host's but its log, which Instance::Log guards. Asynchronous cancellation
// allows no call of this kind.
class ErrnoGuard {
 public:
  ErrnoGuard() noexcept : errno_(errno) {}
  ~ErrnoGuard() { errno = errno_; }
  ErrnoGuard(const ErrnoGuard&) = delete;
  ErrnoGuard& operator=(const ErrnoGuard&) = delete;

 private:
  const int errno_;
};

// For all others.
class CallGuard {
 public:
  CallGuard() noexcept : errno_(errno) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state_);
  }
  ~CallGuard() {
    pthread_setcancelstate(cancel_state_, nullptr);
    errno = errno_;
  }
  CallGuard(const CallGuard&) = delete;
  CallGuard& operator=(const CallGuard&) = delete;

 private:
  const int errno_;
  int cancel_state_ = PTHREAD_CANCEL_ENABLE;
};

// For calls without an instance. `call` returns a result.
template <typename Call>
std::int32_t Guarded(Call&& call) noexcept {
  const CallGuard guard;
  try {
    return std::forward<Call>(call)();
  } catch (const std::bad_alloc&) {
    return SAEF_E_MEMORY;
  } catch (...) {
    return SAEF_E_INTERNAL;
  }
}

// SAEF_DONE, or what is wrong with the handle.
inline std::int32_t CheckHandle(const saef_instance* handle) noexcept {
  if (handle == nullptr || handle->magic != saef_instance::kMagic ||
      handle->instance.load(std::memory_order_acquire) == nullptr) {
    return SAEF_E_HANDLE;
  }
  return handle->fork_generation == ForkWatch::Generation() ? SAEF_DONE : SAEF_E_FORKED;
}

// For calls on an instance. `call` takes it and returns a result; `arguments_are_right` stands for
// the other arguments, which count after the handle.
template <typename Guard = CallGuard, typename Call>
std::int32_t Guarded(const saef_instance* handle, bool arguments_are_right, Call&& call) noexcept {
  const Guard guard;
  const std::int32_t checked = CheckHandle(handle);
  if (checked != SAEF_DONE) return checked;
  if (!arguments_are_right) return SAEF_E_ARGUMENT;
  Instance& instance = *handle->instance.load(std::memory_order_acquire);
  try {
    return std::forward<Call>(call)(instance);
  } catch (const std::bad_alloc&) {
    return SAEF_E_MEMORY;
  } catch (...) {
    instance.Log(bindings::LogLevel::kError, "a fault of the plugin's: an unexpected exception");
    return SAEF_E_INTERNAL;
  }
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_API_GUARD_H_
