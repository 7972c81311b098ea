// SPDX-License-Identifier: GPL-3.0-or-later
//
// Load: requests to one server in DTLS sessions that are made once and kept, so many under way at
// once; and what they took of the server's processor time.
//
// Threads: one; the sessions have theirs.
#ifndef SAEF_TESTS_BENCH_LOAD_H_
#define SAEF_TESTS_BENCH_LOAD_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/client.h"
#include "onem2m/primitive.h"

namespace saef::bench {

struct LoadResult {
  std::size_t answers = 0;
  double seconds = 0;    // on the wall
  double processor = 0;  // of the server, user and system, in seconds
};

class Load {
 public:
  // Makes the next request; called from several threads at once.
  using Next = std::function<onem2m::RequestPrimitive()>;

  // `km_id` is the client's in all sessions; `server` is the process at `uri`. A sentence where a
  // session can't be made.
  static std::variant<Load, std::string> Connect(const std::string& uri, const std::string& km_id,
                                                 std::size_t sessions, pid_t server);

  // Keeps `window` requests under way in each session for so long, and waits for the last answers.
  // A sentence where one isn't a success.
  std::variant<LoadResult, std::string> Run(std::size_t window, std::chrono::milliseconds duration,
                                            const Next& next);

 private:
  explicit Load(pid_t server) : server_(server) {}

  pid_t server_;
  std::vector<std::unique_ptr<bindings::Client>> sessions_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_LOAD_H_
