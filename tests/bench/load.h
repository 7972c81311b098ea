// SPDX-License-Identifier: GPL-3.0-or-later
//
// Load: requests to one server in DTLS sessions that are made once and kept, so many under way at
// once; and what they took of the server's processor time. The client is as cheap as can be, so
// that a server on a processor of its own always has something to do.
//
// Threads: one.
#ifndef SAEF_TESTS_BENCH_LOAD_H_
#define SAEF_TESTS_BENCH_LOAD_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "onem2m/primitive.h"

namespace saef::bench {

struct LoadResult {
  std::size_t answers = 0;
  double seconds = 0;    // on the wall
  double processor = 0;  // of the server, user and system, in seconds
};

// Whom a Load asks, and as whom.
struct LoadTarget {
  std::string uri;       // coaps, with an address
  pid_t server = 0;      // the process there
  std::string identity;  // the client's in all sessions
  std::string_view key;  // outlives the Load
  std::size_t sessions = 1;
};

class Load {
 public:
  // Makes the next request.
  using Next = std::function<onem2m::RequestPrimitive()>;

  // A sentence where a session can't be made.
  static std::variant<Load, std::string> Connect(const LoadTarget& target);
  Load(Load&&) noexcept;
  Load& operator=(Load&&) noexcept;
  // Ends the sessions with close_notify.
  ~Load();

  // Keeps `window` requests under way in each session for so long, and waits for the last answers.
  // A sentence where one isn't a success or doesn't come within half a minute; then the Load is of
  // no more use.
  std::variant<LoadResult, std::string> Run(std::size_t window, std::chrono::milliseconds duration,
                                            const Next& next);

 private:
  class Sessions;
  explicit Load(std::unique_ptr<Sessions> sessions);
  std::unique_ptr<Sessions> sessions_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_LOAD_H_
