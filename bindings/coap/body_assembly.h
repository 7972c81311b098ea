// SPDX-License-Identifier: GPL-3.0-or-later
//
// BodyAssembly: puts together the bodies of one peer's requests from their blocks (RFC 7959), in
// order and within a bound. libcoap could do that too, but takes the peer's word for the size and
// allocates it, up to 4 GiB, before anybody can refuse.
#ifndef SAEF_BINDINGS_COAP_BODY_ASSEMBLY_H_
#define SAEF_BINDINGS_COAP_BODY_ASSEMBLY_H_

#include <chrono>
#include <string>
#include <vector>

#include "bindings/coap/loop.h"
#include "bindings/coap/message.h"
#include "bindings/coap/pdu.h"

namespace saef::coap {

class BodyAssembly {
 public:
  static constexpr std::size_t kMaxBodies = 4;          // at the same time, of one peer
  static constexpr std::chrono::seconds kLifetime{93};  // MAX_TRANSMIT_WAIT, RFC 7252 4.8.2

  explicit BodyAssembly(std::size_t max_content_length) : max_(max_content_length) {}
  ~BodyAssembly();
  BodyAssembly(const BodyAssembly&) = delete;
  BodyAssembly& operator=(const BodyAssembly&) = delete;

  // The code to answer a block with: 2.31 go on, 4.08 a block before this one is missing, 4.13 too
  // large; 0: the whole body is there: in `whole`, or where it came without a block option, in the
  // block.
  std::uint8_t Add(const MessageView& request, const Block& block, bool has_block_option,
                   Clock::time_point now, std::string& whole);
  // Drops bodies whose next block hasn't come.
  void Expire(Clock::time_point now);
  bool empty() const { return bodies_.empty(); }

 private:
  struct Body {
    std::string key;
    std::string data;
    Clock::time_point expires;
  };
  static std::string KeyOf(const MessageView& request);
  void Drop(std::vector<Body>::iterator body);

  const std::size_t max_;
  std::vector<Body> bodies_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_BODY_ASSEMBLY_H_
