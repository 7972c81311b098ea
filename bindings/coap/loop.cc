// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "bindings/coap/library.h"
#include "bindings/coap/process_io.h"

namespace saef::coap {
namespace {

using bindings::Error;

constexpr std::chrono::milliseconds kLongestTurn{60000};

// RunAndWait's two sides; the task's may come last.
struct Rendezvous {
  Mutex mutex;
  CondVar changed;
  bool done SAEF_GUARDED_BY(mutex) = false;
};

}  // namespace

bindings::Result<std::shared_ptr<Loop>> Loop::Create(bindings::Log log) {
  StartLibrary();
  std::shared_ptr<Loop> loop(new Loop(std::move(log)));
  if (const auto opened = loop->Open(); !opened) return opened.error();
  return loop;
}

bindings::Result<void> Loop::Open() {
  context_ = coap_new_context(nullptr);
  if (context_ == nullptr) return Error::kLibrary;
  RegisterOptions(context_);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const int epoll = coap_context_get_coap_fd(context_);
  if (wake_ < 0 || epoll < 0) return Error::kLibrary;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // libcoap takes it for its timer and goes on
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, wake_, &event) != 0) return Error::kLibrary;
  return {};
}

Loop::~Loop() {
  Stop(nullptr);
  // Only of a loop that was never started.
  if (context_ != nullptr) coap_free_context(context_);
  if (wake_ >= 0) close(wake_);
}

bindings::Result<void> Loop::Start(Turn turn, Party party) {
  turn_ = std::move(turn);
  if (party == Party::kServer) server_io_.emplace(context_);
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (const std::system_error&) {
    return Error::kLibrary;
  }
  return {};
}

void Loop::Stop(Task last) {
  {
    const MutexLock lock(mutex_);
    if (!stopping_) last_ = std::move(last);
    stopping_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

// Who has put the first one there wakes the thread for the others too.
bool Loop::Post(Task task) {
  bool is_first = false;
  {
    const MutexLock lock(mutex_);
    if (stopping_) return false;
    is_first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (is_first) Wake();
  return true;
}

bool Loop::RunAndWait(Task task, std::chrono::milliseconds timeout) {
  if (OnThread()) {
    task();
    return true;
  }
  const auto deadline = Clock::now() + timeout;
  const auto rendezvous = std::make_shared<Rendezvous>();
  const bool posted = Post([rendezvous, task = std::move(task)] {
    task();
    const MutexLock lock(rendezvous->mutex);
    rendezvous->done = true;
    rendezvous->changed.NotifyAll();
  });
  if (!posted) return false;
  const MutexLock lock(rendezvous->mutex);
  while (!rendezvous->done) {
    if (rendezvous->changed.WaitUntil(rendezvous->mutex, deadline) == std::cv_status::timeout) {
      return rendezvous->done;
    }
  }
  return true;
}

void Loop::Wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the thread is awake anyway.
  if (wake_ >= 0 && write(wake_, &one, sizeof(one)) < 0) return;
}

void Loop::RunTasks() {
  std::uint64_t count = 0;
  if (read(wake_, &count, sizeof(count)) < 0) count = 0;
  std::vector<Task> tasks;
  {
    const MutexLock lock(mutex_);
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) {
    task();
    task = nullptr;
  }
}

void Loop::Run() {
  thread_id_ = std::this_thread::get_id();
  SetThreadLog(&log_);
  for (;;) {
    RunTasks();
    {
      const MutexLock lock(mutex_);
      if (stopping_ && tasks_.empty()) break;
    }
    const auto now = Clock::now();
    const auto due = turn_(now);
    const auto wait = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(due - now),
                                 std::chrono::milliseconds(1), kLongestTurn);
    if (server_io_) {
      server_io_->Turn(wait);
    } else {
      ProcessIo(context_, static_cast<std::uint32_t>(wait.count()));
    }
  }
  Task last;
  {
    const MutexLock lock(mutex_);
    last = std::move(last_);
  }
  if (last) last();
  coap_free_context(context_);
  context_ = nullptr;
  turn_ = nullptr;
  SetThreadLog(nullptr);
}

}  // namespace saef::coap
