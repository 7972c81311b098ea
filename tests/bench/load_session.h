// SPDX-License-Identifier: GPL-3.0-or-later
//
// LoadSession: one session of a Load, on its loop; LoadRound: one Run of it.
//
// Threads: the loop's.
#ifndef SAEF_TESTS_BENCH_LOAD_SESSION_H_
#define SAEF_TESTS_BENCH_LOAD_SESSION_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/bench/load.h"
#include "tests/bench/psk_session.h"

namespace saef::bench {

// What the sessions share in one Run. `loop` stops when all has been answered, or something failed.
struct LoadRound {
  using Clock = std::chrono::steady_clock;

  LoadRound(const Load::Next& makes_next, Clock::time_point ends, boost::asio::io_context& loop)
      : next(makes_next), until(ends), io(loop) {}

  void Fail(std::string why);
  // When the timer expires.
  void FailAt(boost::asio::steady_timer& timer);

  const Load::Next& next;
  const Clock::time_point until;
  boost::asio::io_context& io;
  std::size_t answers = 0;
  std::size_t under_way = 0;
  std::optional<std::string> problem{};  // the first one
};

class LoadSession {
 public:
  // `session` has shaken hands.
  LoadSession(boost::asio::io_context& io, std::unique_ptr<PskSession> session);
  ~LoadSession();
  LoadSession(const LoadSession&) = delete;
  LoadSession& operator=(const LoadSession&) = delete;

  // Sends so many requests, and another one for each answer while there is time. `round` lives
  // until the loop has done what is left after Cancel.
  void Begin(LoadRound& round, std::size_t window);
  void Cancel() { socket_.cancel(); }

 private:
  void Ask(LoadRound& round);
  void Wait(LoadRound& round);
  void Take(LoadRound& round);
  void TakeOne(LoadRound& round);

  const std::unique_ptr<PskSession> session_;
  boost::asio::posix::stream_descriptor socket_;
  std::uint16_t number_ = 0;  // of the last request
  std::size_t under_way_ = 0;
  std::string received_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_LOAD_SESSION_H_
