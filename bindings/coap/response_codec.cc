// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/response_codec.h"

#include <algorithm>

#include "bindings/coap/content_format.h"
#include "bindings/coap/parameters.h"
#include "bindings/coap/path.h"
#include "bindings/coap/status_code.h"
#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

using bindings::Error;
using onem2m::ContentFormat;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

// What may be left out is tried one by one, so that one bad value doesn't take the others along.
void WriteOptional(Message& message, OptionSet set, Parameter parameter,
                   const std::optional<std::string>& value) {
  ParameterWriter(message, set).Text(parameter, value);
}

void WriteEventCategory(Message& message, OptionSet set, const std::optional<std::string>& value) {
  if (!value || value->empty() || value->size() > 3 ||
      !std::all_of(value->begin(), value->end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return;
  }
  ParameterWriter(message, set)
      .Number(Parameter::kEventCategory, static_cast<std::uint32_t>(std::stoi(*value)));
}

bool IsSuccessClass(std::uint32_t status) { return status < 3000; }

// An RSC says more than the code, and must not say the opposite.
bindings::Result<ResponseStatusCode> ReadStatusCode(const Parameters& parameters, std::uint8_t code,
                                                    Operation operation) {
  const auto number = parameters.Number(Parameter::kResponseStatusCode);
  if (!number) return ToStatusCode(code, operation);
  if (*number < 1000 || *number > 6999 || IsSuccessClass(*number) != (ClassOf(code) == 2)) {
    return Error::kBadResponse;
  }
  const auto status = onem2m::ToResponseStatusCode(*number);
  // One of the standard's that we have no name for: the code says what it amounts to.
  return status ? *status : ToStatusCode(code, operation);
}

bool ReadOptions(const Message& message, ResponsePrimitive& response) {
  std::vector<std::string_view> segments;
  int formats = 0;
  for (const Option& option : message.options) {
    if (option.number == kLocationPath) {
      segments.push_back(option.value);
    } else if (option.number == kContentFormat) {
      const auto number = ReadUint(option.value, 2);
      if (!number || ++formats > 1) return false;
      response.content_format = ToContentFormat(*number);
    }
  }
  if (!segments.empty()) {
    response.location = FromSegments(segments);
    if (!response.location) return false;
  }
  return true;
}

}  // namespace

Message EncodeResponse(ResponsePrimitive response, OptionSet set, Operation operation) {
  constexpr std::size_t kUsual = 8;  // options
  Message message;
  message.options.reserve(kUsual);
  message.code = ToCode(response.status, operation);
  ParameterWriter writer(message, set);
  writer.Number(Parameter::kResponseStatusCode,
                static_cast<std::uint32_t>(onem2m::Number(response.status)));
  if (!response.request_identifier.empty()) {
    writer.Text(Parameter::kRequestIdentifier, response.request_identifier);
  }
  if (!writer.ok()) return {Code(5, 0), {}, {}};
  WriteOptional(message, set, Parameter::kReleaseVersion, response.release_version);
  WriteOptional(message, set, Parameter::kOriginatingTimestamp, response.originating_timestamp);
  WriteOptional(message, set, Parameter::kResultExpiration, response.result_expiration);
  WriteOptional(message, set, Parameter::kVendorInformation, response.vendor_information);
  WriteEventCategory(message, set, response.event_category);
  if (response.location) {
    if (const auto segments = ToSegments(*response.location)) {
      for (const std::string& segment : *segments) {
        message.options.push_back({kLocationPath, segment});
      }
    }
  }
  // TS-0008 table 6.2.4-1: the payload of OK to a NOTIFY is empty.
  const bool empty = operation == Operation::kNotify && response.status == ResponseStatusCode::kOk;
  if (!response.content.empty() && !empty) {
    message.options.push_back({kContentFormat, WriteUint(ToNumber(response.content_format))});
    message.payload = std::move(response.content);
  }
  return message;
}

bindings::Result<ResponsePrimitive> DecodeResponse(const Message& message,
                                                   const RequestPrimitive& request) {
  const int code_class = ClassOf(message.code);
  if (code_class != 2 && code_class != 4 && code_class != 5) return Error::kBadResponse;
  const Parameters parameters = Parameters::Read(message);
  if (!parameters.fault().empty()) return Error::kBadResponse;

  ResponsePrimitive response;
  const auto status = ReadStatusCode(parameters, message.code, request.operation);
  if (!status) return status.error();
  response.status = *status;
  const auto identifier = parameters.Text(Parameter::kRequestIdentifier);
  if (identifier && *identifier != request.request_identifier) return Error::kBadResponse;
  response.request_identifier = request.request_identifier;
  response.release_version = parameters.Text(Parameter::kReleaseVersion);
  response.originating_timestamp = parameters.Text(Parameter::kOriginatingTimestamp);
  response.result_expiration = parameters.Text(Parameter::kResultExpiration);
  response.vendor_information = parameters.Text(Parameter::kVendorInformation);
  if (const auto category = parameters.Number(Parameter::kEventCategory)) {
    response.event_category = std::to_string(*category);
  }
  if (!ReadOptions(message, response)) return Error::kBadResponse;
  if ((response.content_format == ContentFormat::kJson ||
       response.content_format == ContentFormat::kResponseJson) &&
      !IsUtf8(message.payload)) {
    return Error::kBadResponse;
  }
  response.content = message.payload;
  return response;
}

}  // namespace saef::coap
