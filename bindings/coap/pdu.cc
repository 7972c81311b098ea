// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/pdu.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <memory>

#include "bindings/coap/option_walk.h"
#include "onem2m/secret.h"

namespace saef::coap {

Message ReadPdu(const coap_pdu_t* pdu) {
  const MessageView view = ViewPdu(pdu);
  Message message;
  message.code = view.code;
  message.options.reserve(view.options.size());
  for (const OptionView& option : view.options) {
    message.options.push_back({option.number, std::string(option.value)});
  }
  return message;
}

MessageView ViewPdu(const coap_pdu_t* pdu) {
  MessageView message;
  message.code = static_cast<std::uint8_t>(coap_pdu_get_code(pdu));
  OptionWalk walk(pdu);
  while (walk.Next()) message.options.push_back({walk.number(), walk.value()});
  return message;
}

bool WriteOptions(const Message& message, coap_pdu_t* pdu) {
  // libcoap wants options in the order of their numbers; equal ones keep theirs.
  constexpr std::size_t kUsual = 16;
  boost::container::small_vector<const Option*, kUsual> ordered;
  for (const Option& option : message.options) {
    const auto place = std::find_if(ordered.rbegin(), ordered.rend(), [&](const Option* before) {
      return before->number <= option.number;
    });
    ordered.insert(place.base(), &option);
  }
  return std::all_of(ordered.begin(), ordered.end(), [pdu](const Option* option) {
    return coap_add_option(pdu, option->number, option->value.size(),
                           reinterpret_cast<const std::uint8_t*>(option->value.data())) != 0;
  });
}

bool HasOption(const MessageView& message, std::uint16_t number) {
  return std::any_of(message.options.begin(), message.options.end(),
                     [number](const OptionView& option) { return option.number == number; });
}

std::string_view DataOf(const coap_pdu_t* pdu) {
  std::size_t length = 0;
  const std::uint8_t* data = nullptr;
  if (coap_get_data(pdu, &length, &data) == 0) return {};
  return {reinterpret_cast<const char*>(data), length};
}

Block ReadBlock(const coap_session_t* session, const coap_pdu_t* pdu, coap_option_num_t option) {
  Block block;
  std::size_t length = 0;
  const std::uint8_t* data = nullptr;
  if (coap_get_data_large(pdu, &length, &data, &block.offset, &block.total) != 0) {
    block.data = {reinterpret_cast<const char*>(data), length};
  }
  coap_block_b_t parsed;
  if (coap_get_block_b(session, pdu, option, &parsed) != 0) block.more = parsed.m != 0;
  return block;
}

std::string TokenOf(const coap_pdu_t* pdu) {
  const coap_bin_const_t token = coap_pdu_get_token(pdu);
  return {reinterpret_cast<const char*>(token.s), token.length};
}

std::string* HoldBody(std::string body) {
  return std::make_unique<std::string>(std::move(body)).release();
}

void ReleaseBody(coap_session_t*, void* body) {
  const std::unique_ptr<std::string> held(static_cast<std::string*>(body));
  // A registration's or a retrieval's content holds a key.
  if (held) onem2m::Wipe(*held);
}

}  // namespace saef::coap
