// SPDX-License-Identifier: GPL-3.0-or-later
//
// Garbage: datagrams that are no DTLS, or look like it at first sight, sent to one port of this
// machine from many addresses of 127.0.0.0/8, at a given rate. Threads: it has one of its own.
#ifndef SAEF_TESTS_BENCH_GARBAGE_H_
#define SAEF_TESTS_BENCH_GARBAGE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace saef::bench {

class Garbage {
 public:
  // From now on, until it is destroyed.
  Garbage(std::uint16_t to_port, std::size_t per_second, std::size_t sources = 200);
  ~Garbage();
  Garbage(const Garbage&) = delete;
  Garbage& operator=(const Garbage&) = delete;

  std::uint64_t sent() const { return sent_; }

 private:
  void Run(std::uint16_t to_port, std::size_t per_second);

  std::vector<int> sockets_;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_GARBAGE_H_
