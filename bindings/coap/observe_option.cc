// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/observe_option.h"

#include <algorithm>

#include "bindings/coap/options.h"
#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

constexpr std::size_t kMaxObserveLength = 3;
constexpr std::uint32_t kObserveMask = 0xffffff;
constexpr std::uint32_t kObserveHalf = 1u << 23;
// After so long, numbers may have come round once (RFC 7641 3.4).
constexpr std::chrono::seconds kObserveRound{128};

}  // namespace

std::optional<std::uint32_t> ReadObserve(const MessageView& message) {
  const auto option =
      std::find_if(message.options.begin(), message.options.end(),
                   [](const OptionView& candidate) { return candidate.number == kObserve; });
  if (option == message.options.end()) return std::nullopt;
  return ReadUint(option->value, kMaxObserveLength);
}

ObserveWish ReadObserveWish(const MessageView& request) {
  if (request.code != kGet) return ObserveWish::kNone;
  const auto value = ReadObserve(request);
  if (!value || *value > 1) return ObserveWish::kNone;
  return *value == 0 ? ObserveWish::kRegister : ObserveWish::kDeregister;
}

void WriteObserve(Message& message, std::uint32_t value) {
  message.options.push_back({kObserve, WriteUint(value & kObserveMask)});
}

bool IsFresher(std::uint32_t last, std::uint32_t next, std::chrono::steady_clock::duration later) {
  return (last < next && next - last < kObserveHalf) ||
         (last > next && last - next > kObserveHalf) || later > kObserveRound;
}

}  // namespace saef::coap
