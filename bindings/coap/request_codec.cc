// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/request_codec.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "bindings/coap/content_format.h"
#include "bindings/coap/parameters.h"
#include "bindings/coap/path.h"
#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

using onem2m::ContentFormat;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponseStatusCode;

constexpr int kMaxResourceType = 65535;

// What is wrong with a request; status kOk: nothing.
struct Fault {
  ResponseStatusCode status = ResponseStatusCode::kOk;
  std::string text;
  explicit operator bool() const { return status != ResponseStatusCode::kOk; }
};

Fault BadRequest(std::string text) { return {ResponseStatusCode::kBadRequest, std::move(text)}; }

Fault ReadOperation(std::uint8_t code, RequestPrimitive& request) {
  switch (code) {
    case kGet:
      request.operation = Operation::kRetrieve;
      break;
    case kPost:
      // TS-0008 6.2.1: CREATE if there is a Resource Type, else NOTIFY.
      request.operation = request.resource_type ? Operation::kCreate : Operation::kNotify;
      break;
    case kPut:
      request.operation = Operation::kUpdate;
      break;
    case kDelete:
      request.operation = Operation::kDelete;
      break;
    default:
      return {ResponseStatusCode::kOperationNotAllowed, "this method is no oneM2M operation"};
  }
  if (request.resource_type && code != kPost) return BadRequest("oneM2M-TY is only for POST");
  return {};
}

Fault ReadParameters(const Parameters& parameters, RequestPrimitive& request) {
  request.from = parameters.Text(Parameter::kFrom);
  if (auto identifier = parameters.Text(Parameter::kRequestIdentifier)) {
    request.request_identifier = std::move(*identifier);
  }
  request.release_version = parameters.Text(Parameter::kReleaseVersion);
  request.originating_timestamp = parameters.Text(Parameter::kOriginatingTimestamp);
  request.request_expiration = parameters.Text(Parameter::kRequestExpiration);
  request.result_expiration = parameters.Text(Parameter::kResultExpiration);
  request.operation_execution_time = parameters.Text(Parameter::kOperationExecutionTime);
  request.group_request_identifier = parameters.Text(Parameter::kGroupRequestIdentifier);
  request.vendor_information = parameters.Text(Parameter::kVendorInformation);
  if (const auto uri = parameters.Text(Parameter::kResponseUri)) request.response_uris = {*uri};
  if (const auto category = parameters.Number(Parameter::kEventCategory)) {
    request.event_category = std::to_string(*category);
  }
  if (const auto type = parameters.Number(Parameter::kResourceType)) {
    request.resource_type = static_cast<int>(*type);
  }
  if (!parameters.fault().empty()) return BadRequest(parameters.fault());
  if (parameters.Has(Parameter::kResponseStatusCode)) {
    return BadRequest("oneM2M-RSC is no option of a request");
  }
  if (request.request_identifier.empty()) return BadRequest("oneM2M-RQI is missing");
  return {};
}

Fault ReadQuery(std::string_view value, RequestPrimitive& request) {
  constexpr std::size_t kUsual = 2;
  if (request.query.empty()) request.query.reserve(kUsual);
  if (request.query.size() == kMaxQueries) return BadRequest("too many Uri-Query options");
  if (value.size() > kMaxSegment || !IsText(value)) return BadRequest("Uri-Query has a bad value");
  const std::size_t equals = value.find('=');
  if (value.empty() || equals == 0) return BadRequest("Uri-Query without a name");
  request.query.emplace_back(value.substr(0, equals), equals == std::string_view::npos
                                                          ? std::string_view()
                                                          : value.substr(equals + 1));
  return {};
}

Fault ReadAccept(std::string_view value) {
  const auto number = ReadUint(value, 2);
  if (!number) return BadRequest("Accept has a bad value");
  const ContentFormat format = ToContentFormat(*number);
  if (format == ContentFormat::kJson || format == ContentFormat::kResponseJson) return {};
  return {ResponseStatusCode::kNotAcceptable, "only JSON (50, 10001) can be served"};
}

// The options of RFC 7252. Those that aren't named here are libcoap's business, which has refused
// the critical ones that nobody knows.
Fault ReadOptions(const MessageView& message, RequestPrimitive& request) {
  constexpr std::size_t kUsual = 8;
  boost::container::small_vector<std::string_view, kUsual> segments;
  int formats = 0;
  int accepts = 0;
  Fault not_acceptable;
  for (const OptionView& option : message.options) {
    Fault fault;
    if (option.number == kUriPath) {
      segments.push_back(option.value);
    } else if (option.number == kUriQuery) {
      fault = ReadQuery(option.value, request);
    } else if (option.number == kContentFormat) {
      const auto number = ReadUint(option.value, 2);
      if (!number || ++formats > 1) return BadRequest("Content-Format has a bad value");
      request.content_format = ToContentFormat(*number);
      if (request.content_format == ContentFormat::kOther) {
        fault = {ResponseStatusCode::kUnsupportedMediaType, "this Content-Format isn't known"};
      }
    } else if (option.number == kAccept) {
      if (++accepts > 1) return BadRequest("Accept is there twice");
      // "unless another error code takes precedence" (TS-0008 6.2.2.2).
      not_acceptable = ReadAccept(option.value);
    }
    if (fault) return fault;
  }
  auto to = FromSegments(segments);
  if (!to) return BadRequest("Uri-Path is no oneM2M address");
  request.to = std::move(*to);
  return not_acceptable;
}

Fault ReadContent(const MessageView& message, RequestPrimitive& request) {
  request.content = message.payload;
  if (request.content_format != ContentFormat::kCbor && !IsUtf8(request.content)) {
    return BadRequest("the content isn't UTF-8");
  }
  return {};
}

std::optional<std::uint32_t> ParseCategory(const std::string& text) {
  if (text.empty() || text.size() > 3 ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const int number = std::stoi(text);
  return number <= 255 ? std::optional<std::uint32_t>(number) : std::nullopt;
}

std::uint8_t MethodOf(Operation operation) {
  switch (operation) {
    case Operation::kRetrieve:
      return kGet;
    case Operation::kUpdate:
      return kPut;
    case Operation::kDelete:
      return kDelete;
    case Operation::kCreate:
    case Operation::kNotify:
      break;
  }
  return kPost;
}

bool WriteAddress(const RequestPrimitive& request, Message& message) {
  const auto segments = ToSegments(request.to);
  if (!segments || request.query.size() > kMaxQueries) return false;
  for (const std::string& segment : *segments) message.options.push_back({kUriPath, segment});
  for (const auto& [name, value] : request.query) {
    std::string text = name;
    if (!value.empty()) text.append("=").append(value);
    if (name.empty() || name.find('=') != std::string::npos || text.size() > kMaxSegment ||
        !IsText(text)) {
      return false;
    }
    message.options.push_back({kUriQuery, text});
  }
  return true;
}

bool WriteParameters(const RequestPrimitive& request, OptionSet set, Message& message) {
  ParameterWriter writer(message, set);
  writer.Text(Parameter::kFrom, request.from);
  if (set != OptionSet::kNone) {
    writer.Text(Parameter::kRequestIdentifier, request.request_identifier);
  }
  writer.Text(Parameter::kOriginatingTimestamp, request.originating_timestamp);
  writer.Text(Parameter::kRequestExpiration, request.request_expiration);
  writer.Text(Parameter::kResultExpiration, request.result_expiration);
  writer.Text(Parameter::kOperationExecutionTime, request.operation_execution_time);
  writer.Text(Parameter::kGroupRequestIdentifier, request.group_request_identifier);
  writer.Text(Parameter::kReleaseVersion, request.release_version);
  writer.Text(Parameter::kVendorInformation, request.vendor_information);
  // The option isn't repeatable (TS-0008 table 6.2.2.4.0-1), so one URI is all there can be.
  if (request.response_uris.size() > 1) return false;
  if (!request.response_uris.empty()) {
    writer.Text(Parameter::kResponseUri, request.response_uris.front());
  }
  if (request.event_category) {
    const auto category = ParseCategory(*request.event_category);
    if (!category) return false;
    writer.Number(Parameter::kEventCategory, category);
  }
  if (request.resource_type) {
    if (*request.resource_type < 0 || *request.resource_type > kMaxResourceType) return false;
    writer.Number(Parameter::kResourceType, static_cast<std::uint32_t>(*request.resource_type));
  }
  return writer.ok();
}

}  // namespace

std::variant<DecodedRequest, Refusal> DecodeRequest(const MessageView& message) {
  const Parameters parameters = Parameters::Read(message);
  std::variant<DecodedRequest, Refusal> decoded;
  RequestPrimitive& request = std::get<DecodedRequest>(decoded).request;
  Fault fault = ReadParameters(parameters, request);
  // The operation is needed for any answer, so it is read also from a request that is refused.
  if (Fault operation = ReadOperation(message.code, request); operation && !fault) {
    fault = std::move(operation);
  }
  if (!fault) fault = ReadOptions(message, request);
  if (!fault) fault = ReadContent(message, request);
  if (fault) {
    decoded = Refusal{fault.status, std::move(fault.text), parameters.set(), std::move(request)};
  } else {
    std::get<DecodedRequest>(decoded).set = parameters.set();
  }
  return decoded;
}

bindings::Result<Message> EncodeRequest(const RequestPrimitive& request, OptionSet set) {
  Message message;
  message.code = MethodOf(request.operation);
  // POST without TY would be a NOTIFY at the other end, and the other way round.
  if ((request.operation == Operation::kCreate) != request.resource_type.has_value()) {
    return bindings::Error::kBadRequest;
  }
  if (!WriteAddress(request, message) || !WriteParameters(request, set, message)) {
    return bindings::Error::kBadRequest;
  }
  if (!request.content.empty()) {
    message.options.push_back({kContentFormat, WriteUint(ToNumber(request.content_format))});
    message.payload = request.content;
  }
  return message;
}

}  // namespace saef::coap
