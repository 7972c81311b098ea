// SPDX-License-Identifier: GPL-3.0-or-later
//
// Message: what a CoAP request or response (RFC 7252) says, as plain data: the codecs read and
// write it, pdu.h carries it to and from libcoap. The message layer (type, message id, token,
// blocks) isn't part of it. A MessageView says the same with views of what somebody else holds: a
// server reads a request where it came in.
#ifndef SAEF_BINDINGS_COAP_MESSAGE_H_
#define SAEF_BINDINGS_COAP_MESSAGE_H_

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saef::coap {

// A code as in "4.04".
constexpr std::uint8_t Code(int code_class, int detail) noexcept {
  return static_cast<std::uint8_t>(code_class << 5 | detail);
}
constexpr int ClassOf(std::uint8_t code) noexcept { return code >> 5; }

inline constexpr std::uint8_t kGet = 1;
inline constexpr std::uint8_t kPost = 2;
inline constexpr std::uint8_t kPut = 3;
inline constexpr std::uint8_t kDelete = 4;

struct Option {
  std::uint16_t number = 0;
  std::string value;
  friend bool operator==(const Option&, const Option&) = default;
};

struct Message {
  std::uint8_t code = 0;
  std::vector<Option> options;  // those with one number stand in their order
  std::string payload;
};

struct OptionView {
  std::uint16_t number = 0;
  std::string_view value;
};

// Its members' moving says whether it throws. NOLINTNEXTLINE(bugprone-exception-escape)
struct MessageView {
  static constexpr std::size_t kUsualOptions = 16;

  MessageView() = default;
  // What is read can be either.
  MessageView(const Message& message) : code(message.code), payload(message.payload) {  // NOLINT
    for (const Option& option : message.options) options.push_back({option.number, option.value});
  }

  std::uint8_t code = 0;
  boost::container::small_vector<OptionView, kUsualOptions> options;
  std::string_view payload;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_MESSAGE_H_
