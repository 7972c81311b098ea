// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/body_assembly.h"

#include <algorithm>

#include "onem2m/secret.h"

namespace saef::coap {
namespace {

constexpr std::uint8_t kContinue = Code(2, 31);
constexpr std::uint8_t kIncomplete = Code(4, 8);
constexpr std::uint8_t kTooLarge = Code(4, 13);

constexpr std::uint16_t kBlock2 = 23;
constexpr std::uint16_t kBlock1 = 27;
constexpr std::uint16_t kSize2 = 28;
constexpr std::uint16_t kSize1 = 60;

}  // namespace

BodyAssembly::~BodyAssembly() {
  while (!bodies_.empty()) Drop(bodies_.begin());
}

// RFC 7959 2.5: blocks belong together if all but the block options is equal; Request-Tag (RFC
// 9175) is one of the options that are compared.
std::string BodyAssembly::KeyOf(const MessageView& request) {
  std::string key(1, static_cast<char>(request.code));
  for (const OptionView& option : request.options) {
    if (option.number == kBlock1 || option.number == kBlock2 || option.number == kSize1 ||
        option.number == kSize2) {
      continue;
    }
    key += std::to_string(option.number) + ':' + std::to_string(option.value.size()) + ':';
    key += option.value;
  }
  return key;
}

void BodyAssembly::Drop(std::vector<Body>::iterator body) {
  onem2m::Wipe(body->data);
  bodies_.erase(body);
}

void BodyAssembly::Expire(Clock::time_point now) {
  for (auto body = bodies_.begin(); body != bodies_.end();) {
    if (body->expires > now) {
      ++body;
    } else {
      const auto at = body - bodies_.begin();
      Drop(body);
      body = bodies_.begin() + at;
    }
  }
}

std::uint8_t BodyAssembly::Add(const MessageView& request, const Block& block,
                               bool has_block_option, Clock::time_point now, std::string& whole) {
  const bool too_large = block.data.size() > max_ || block.offset > max_ - block.data.size() ||
                         (has_block_option && block.total > max_);
  if (!has_block_option) return too_large ? kTooLarge : 0;
  Expire(now);
  const std::string key = KeyOf(request);
  auto body = std::find_if(bodies_.begin(), bodies_.end(),
                           [&key](const Body& candidate) { return candidate.key == key; });
  if (block.offset == 0 && body != bodies_.end()) {
    Drop(body);
    body = bodies_.end();
  }
  if (too_large) {
    if (body != bodies_.end()) Drop(body);
    return kTooLarge;
  }
  if (block.offset == 0) {
    if (bodies_.size() == kMaxBodies) Drop(bodies_.begin());
    body = bodies_.insert(bodies_.end(), Body{key, {}, {}});
  } else if (body == bodies_.end() || body->data.size() != block.offset) {
    return kIncomplete;
  }
  body->data.append(block.data);
  body->expires = now + kLifetime;
  if (block.more) return kContinue;
  whole = std::move(body->data);
  bodies_.erase(body);
  return 0;
}

}  // namespace saef::coap
