// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/parameters.h"

#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

bool IsNumber(Parameter parameter) {
  return parameter == Parameter::kEventCategory || parameter == Parameter::kResponseStatusCode ||
         parameter == Parameter::kResourceType;
}

bool Fits(const ParameterOption& option, std::string_view value) {
  if (value.size() < option.min_length || value.size() > option.max_length) return false;
  return IsNumber(option.parameter) || IsText(value);
}

}  // namespace

Parameters Parameters::Read(const MessageView& message) {
  Parameters parameters;
  bool any = false;
  bool is_new = false;
  bool is_old = false;
  for (const OptionView& value : message.options) {
    const ParameterOption* option = FindOption(value.number);
    if (option == nullptr) continue;
    any = true;
    if (option->new_number != option->old_number) {
      (value.number == option->new_number ? is_new : is_old) = true;
    }
    parameters.Take(*option, value.value);
  }
  parameters.set_ = is_new ? OptionSet::kNew : any ? OptionSet::kOld : OptionSet::kNone;
  if (is_new && is_old) parameters.fault_ = "oneM2M options of both numberings";
  return parameters;
}

void Parameters::Take(const ParameterOption& option, std::string_view value) {
  std::optional<std::string_view>& place = values_[static_cast<std::size_t>(option.parameter)];
  const char* fault = nullptr;
  if (!Fits(option, value)) {
    fault = " has a bad value";
  } else if (place) {
    fault = " is there twice";
  } else {
    place = value;
  }
  if (fault != nullptr && fault_.empty()) fault_ = std::string(option.name) + fault;
}

std::optional<std::string> Parameters::Text(Parameter parameter) const {
  const auto& value = ValueOf(parameter);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::optional<std::uint32_t> Parameters::Number(Parameter parameter) const {
  const auto& value = ValueOf(parameter);
  return value ? ReadUint(*value) : std::nullopt;
}

void ParameterWriter::Text(Parameter parameter, const std::optional<std::string>& value) {
  if (value) Add(parameter, *value);
}

void ParameterWriter::Number(Parameter parameter, std::optional<std::uint32_t> value) {
  if (value) Add(parameter, WriteUint(*value));
}

void ParameterWriter::Add(Parameter parameter, std::string value) {
  const ParameterOption& option = OptionOf(parameter);
  if (!Fits(option, value)) {
    ok_ = false;
  } else if (set_ != OptionSet::kNone) {
    message_.options.push_back({NumberOf(option, set_), std::move(value)});
  }
}

}  // namespace saef::coap
