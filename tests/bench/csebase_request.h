// SPDX-License-Identifier: GPL-3.0-or-later
//
// A RETRIEVE of CSEBase, as a (D)TLS session carries it: a confirmable CoAP GET (TS-0008) over
// DTLS, an HTTP GET (TS-0009) over TLS; and whether what came back is its answer. For the bench's
// clients, who have a loop of their own.
//
// Threads: any, one at a time for each object.
#ifndef SAEF_TESTS_BENCH_CSEBASE_REQUEST_H_
#define SAEF_TESTS_BENCH_CSEBASE_REQUEST_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "saef/plugin.h"

namespace saef::bench {

// The resource name of the CSEs that are measured: the default (docs/configuration.md).
inline constexpr const char* kCseBase = "base";

class CseBaseRequest {
 public:
  enum class Answer {
    kMore,     // not whole yet
    kSuccess,  // the request's answer, and a success
    kRefused,  // … and not one
    kBad,      // something else
  };

  // `number` tells one request of a session from another.
  CseBaseRequest(saef_transport transport, std::string_view originator, std::uint16_t number);

  // Empty where `originator` can't be said.
  const std::string& text() const { return text_; }
  // Takes what has come; what belongs to the answer is taken out of `received`. An empty
  // acknowledgement (RFC 7252 5.2.2) is no answer yet; what then must be sent is put into `reply`.
  Answer Read(std::string& received, std::string& reply) const;

 private:
  Answer ReadCoap(std::string& received, std::string& reply) const;
  Answer ReadHttp(std::string& received) const;

  const saef_transport transport_;
  const std::uint16_t number_;
  std::string text_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_CSEBASE_REQUEST_H_
