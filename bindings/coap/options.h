// SPDX-License-Identifier: GPL-3.0-or-later
//
// CoAP options and content formats: those of RFC 7252 that primitives are mapped to, and oneM2M's
// own (TS-0008 table 6.2.2.4.0-1), in both numberings. Most were renumbered in V3.7 (2022) so that
// their numbers say what they are: critical and unsafe to forward. Both are read; an answer uses
// the one of its request.
#ifndef SAEF_BINDINGS_COAP_OPTIONS_H_
#define SAEF_BINDINGS_COAP_OPTIONS_H_

#include <cstdint>
#include <string_view>

namespace saef::coap {

inline constexpr std::uint16_t kUriHost = 3;
inline constexpr std::uint16_t kObserve = 6;  // RFC 7641 2
inline constexpr std::uint16_t kLocationPath = 8;
inline constexpr std::uint16_t kUriPath = 11;
inline constexpr std::uint16_t kContentFormat = 12;
inline constexpr std::uint16_t kUriQuery = 15;
inline constexpr std::uint16_t kAccept = 17;

inline constexpr std::uint32_t kFormatJson = 50;
inline constexpr std::uint32_t kFormatCbor = 60;
inline constexpr std::uint32_t kFormatResponseJson = 10001;      // vnd.onem2m-res+json
inline constexpr std::uint32_t kFormatNotificationJson = 10003;  // vnd.onem2m-ntfy+json

// Which numbers a message uses.
//   kNew   those of TS-0008 V3.7 and later
//   kOld   those before
//   kNone  none: plain CoAP, as a file server speaks it
enum class OptionSet { kNew, kOld, kNone };

// oneM2M's options, each a parameter of a primitive.
enum class Parameter {
  kFrom,
  kRequestIdentifier,
  kOriginatingTimestamp,
  kRequestExpiration,
  kResultExpiration,
  kOperationExecutionTime,
  kResponseUri,
  kEventCategory,
  kResponseStatusCode,
  kGroupRequestIdentifier,
  kResourceType,
  kReleaseVersion,
  kVendorInformation,
};

struct ParameterOption {
  Parameter parameter;
  std::string_view name;  // as the standard writes it
  std::uint16_t new_number;
  std::uint16_t old_number;
  std::size_t min_length;
  std::size_t max_length;
};

// A timestamp may carry a fraction (TS-0004 6.3.3), which TS-0008's "15" forgets.
inline constexpr std::size_t kMaxTimestamp = 22;

inline constexpr ParameterOption kParameterOptions[] = {
    {Parameter::kFrom, "oneM2M-FR", 279, 256, 0, 255},
    {Parameter::kRequestIdentifier, "oneM2M-RQI", 283, 257, 1, 255},
    {Parameter::kOriginatingTimestamp, "oneM2M-OT", 259, 259, 1, kMaxTimestamp},
    {Parameter::kRequestExpiration, "oneM2M-RQET", 291, 260, 1, kMaxTimestamp},
    {Parameter::kResultExpiration, "oneM2M-RSET", 295, 261, 1, kMaxTimestamp},
    {Parameter::kOperationExecutionTime, "oneM2M-OET", 299, 262, 1, kMaxTimestamp},
    {Parameter::kResponseUri, "oneM2M-RTURI", 263, 263, 0, 255},
    {Parameter::kEventCategory, "oneM2M-EC", 303, 264, 0, 1},
    {Parameter::kResponseStatusCode, "oneM2M-RSC", 307, 265, 0, 2},
    {Parameter::kGroupRequestIdentifier, "oneM2M-GID", 311, 266, 0, 255},
    {Parameter::kResourceType, "oneM2M-TY", 267, 267, 0, 2},
    {Parameter::kReleaseVersion, "oneM2M-RVI", 271, 271, 1, 2},
    {Parameter::kVendorInformation, "oneM2M-VSI", 331, 272, 0, 255},
};

constexpr const ParameterOption& OptionOf(Parameter parameter) noexcept {
  return kParameterOptions[static_cast<std::size_t>(parameter)];
}
static_assert([] {
  for (const ParameterOption& option : kParameterOptions) {
    if (&OptionOf(option.parameter) != &option) return false;
  }
  return true;
}());

// Null for numbers that aren't oneM2M's. The two numberings have no number with two meanings.
constexpr const ParameterOption* FindOption(std::uint16_t number) noexcept {
  constexpr std::uint16_t kFirst = 256;
  if (number < kFirst) return nullptr;
  for (const ParameterOption& option : kParameterOptions) {
    if (option.new_number == number || option.old_number == number) return &option;
  }
  return nullptr;
}

constexpr std::uint16_t NumberOf(const ParameterOption& option, OptionSet set) noexcept {
  return set == OptionSet::kOld ? option.old_number : option.new_number;
}

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_OPTIONS_H_
