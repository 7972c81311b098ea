// SPDX-License-Identifier: GPL-3.0-or-later
//
// Endpoint: tells over HTTP, on a port of loopback, what a program counts: GET /metrics in
// Prometheus' text format, GET /statistics.json the same numbers for `saef top` (exposition.h).
// They are read when they are asked for. Nothing else is answered, nothing of a request is repeated
// in its answer, and nothing of keys or identities may be in what the source collects.
//
// Bounded: kMaxConnections at a time, one request in each, kMaxRequest octets of it and no content,
// kMaxTime in all.
//
// Threads: it has one of its own, on which the source is asked. The destructor closes all
// connections and joins.
#ifndef SAEF_ROLES_STATISTICS_ENDPOINT_H_
#define SAEF_ROLES_STATISTICS_ENDPOINT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "bindings/log.h"
#include "roles/statistics/configuration.h"
#include "roles/statistics/families.h"

namespace saef::statistics {

class Endpoint {
 public:
  static constexpr std::size_t kMaxConnections = 16;
  static constexpr std::size_t kMaxRequest = 4096;
  static constexpr std::chrono::seconds kMaxTime{5};

  // What is told, but for ProcessFamilies.
  using Source = std::function<Families()>;

  // Listens; the log tells where. Or a sentence for a person: the port is taken, no loopback
  // address.
  static std::variant<std::unique_ptr<Endpoint>, std::string> Start(const EndpointOptions& options,
                                                                    Source source,
                                                                    bindings::Log log);
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // "http://127.0.0.1:43123/metrics", with the real port.
  const std::string& uri() const noexcept;
  std::uint16_t port() const noexcept;

 private:
  class Impl;
  explicit Endpoint(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_ENDPOINT_H_
