// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/client.h"

#include <utility>

#include "onem2m/thread_annotations.h"

namespace saef::bindings {
namespace {

// Shared with the callback, which may come after the waiting has been given up.
struct Waiter {
  Mutex mutex;
  CondVar changed;
  std::optional<Result<onem2m::ResponsePrimitive>> result SAEF_GUARDED_BY(mutex);
};

// Send promises an outcome within `timeout`; this much more is only for a machine that is slow.
constexpr std::chrono::seconds kGrace{5};

}  // namespace

Result<ClientOptions> Clone(const ClientOptions& options) {
  auto credential = Clone(options.credential);
  if (!credential) return credential.error();
  return ClientOptions{.uri = options.uri,
                       .server_name = options.server_name,
                       .credential = std::move(*credential),
                       .trust = options.trust,
                       .handshake_timeout = options.handshake_timeout,
                       .max_in_flight = options.max_in_flight,
                       .max_sessions = options.max_sessions,
                       .max_connections = options.max_connections,
                       .max_queued = options.max_queued,
                       .max_content_length = options.max_content_length,
                       .log = options.log};
}

Result<onem2m::ResponsePrimitive> Client::SendAndWait(onem2m::RequestPrimitive request,
                                                      std::chrono::milliseconds timeout) {
  const auto waiter = std::make_shared<Waiter>();
  const auto deadline = std::chrono::steady_clock::now() + timeout + kGrace;
  Send(std::move(request), timeout, [waiter](Result<onem2m::ResponsePrimitive> result) {
    const MutexLock lock(waiter->mutex);
    waiter->result.emplace(std::move(result));
    waiter->changed.NotifyAll();
  });
  const MutexLock lock(waiter->mutex);
  while (!waiter->result) {
    if (waiter->changed.WaitUntil(waiter->mutex, deadline) == std::cv_status::timeout &&
        !waiter->result) {
      return Error::kTimeout;
    }
  }
  return std::move(*waiter->result);
}

// Those that can, keep what they are given.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
std::uint64_t Client::Observe(onem2m::RequestPrimitive, std::chrono::milliseconds, Notify notify) {
  notify(Error::kUnsupported);
  return 1;
}

void Client::CancelObserve(std::uint64_t) {}

}  // namespace saef::bindings
