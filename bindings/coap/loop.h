// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loop: one libcoap context and the one thread that may touch it (libcoap is built without thread
// safety). Other threads post work.
//
// Lifetime: shared; after Stop nothing runs any more and Post says so.
#ifndef SAEF_BINDINGS_COAP_LOOP_H_
#define SAEF_BINDINGS_COAP_LOOP_H_

#include <coap3/coap.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "bindings/coap/server_io.h"
#include "bindings/error.h"
#include "bindings/log.h"
#include "onem2m/thread_annotations.h"

namespace saef::coap {

using Clock = std::chrono::steady_clock;

class Loop {
 public:
  using Task = std::function<void()>;
  // Runs once in each turn of the loop, after I/O; says when the next one is due at the latest.
  using Turn = std::function<Clock::time_point(Clock::time_point now)>;

  // The context, without endpoints and without a thread: set it up, then Start. kLibrary.
  static bindings::Result<std::shared_ptr<Loop>> Create(bindings::Log log);
  ~Loop();

  // Whose I/O it is: server_io.h, or process_io.h.
  enum class Party { kClient, kServer };

  // kLibrary: no thread.
  bindings::Result<void> Start(Turn turn, Party party = Party::kClient);
  // Runs `last` on the thread as the last thing, frees the context and joins. Not from the thread
  // itself.
  void Stop(Task last);

  // Any thread. False after Stop: the task has been dropped.
  bool Post(Task task);
  // Runs the task on the thread and waits; at once if this is that thread. False: stopped, or the
  // deadline is over, and then the task may still run.
  bool RunAndWait(Task task, std::chrono::milliseconds timeout);
  // On the thread of a server's: the next turn looks at its sessions (server_io.h).
  void LookAtSessions() { server_io_->LookNext(); }
  bool OnThread() const { return std::this_thread::get_id() == thread_id_.load(); }

  // On the thread, or before Start.
  coap_context_t* context() const { return context_; }
  const bindings::Log& log() const { return log_; }
  void Say(bindings::LogLevel level, const std::string& text) const {
    if (log_) log_(level, text);
  }

 private:
  explicit Loop(bindings::Log log) : log_(std::move(log)) {}
  bindings::Result<void> Open();
  void Run();
  void RunTasks();
  void Wake();

  const bindings::Log log_;
  coap_context_t* context_ = nullptr;
  int wake_ = -1;
  Turn turn_;
  std::optional<ServerIo> server_io_;  // a server's
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};
  Mutex mutex_;
  std::vector<Task> tasks_ SAEF_GUARDED_BY(mutex_);
  bool stopping_ SAEF_GUARDED_BY(mutex_) = false;
  Task last_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_LOOP_H_
