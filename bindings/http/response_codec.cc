// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/response_codec.h"

#include <array>
#include <charconv>

#include "bindings/http/header_fields.h"
#include "bindings/http/media_type.h"
#include "bindings/http/status_code.h"
#include "bindings/http/target.h"

namespace saef::http {
namespace {

namespace beast_http = boost::beast::http;
using bindings::Error;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

struct ResponseField {
  const char* name;
  std::optional<std::string> ResponsePrimitive::*member;
  std::size_t limit;
};

constexpr std::array kResponseFields = {
    ResponseField{kReleaseVersionField, &ResponsePrimitive::release_version, kMaxFieldValue},
    ResponseField{kOriginatingTimestampField, &ResponsePrimitive::originating_timestamp,
                  kMaxFieldValue},
    ResponseField{kResultExpirationField, &ResponsePrimitive::result_expiration, kMaxFieldValue},
    ResponseField{kEventCategoryField, &ResponsePrimitive::event_category, kMaxFieldValue},
    ResponseField{kVendorInformationField, &ResponsePrimitive::vendor_information,
                  kMaxLongFieldValue},
};

constexpr char kLocationField[] = "Content-Location";

bool WriteFields(const ResponsePrimitive& response, HttpResponse& message) {
  if (!response.request_identifier.empty() &&
      !WriteField(message, kRequestIdentifierField, response.request_identifier)) {
    return false;
  }
  for (const ResponseField& field : kResponseFields) {
    if (!WriteField(message, field.name, response.*field.member, field.limit)) return false;
  }
  if (!response.location) return true;
  const Checked<std::string> location = WriteTarget({*response.location, {}});
  return location && WriteField(message, kLocationField, *location, kMaxLongFieldValue);
}

void WriteStatus(ResponseStatusCode status, HttpResponse& message) {
  message.result(ToHttpStatus(status));
  message.set(kResponseStatusCodeField, std::to_string(Number(status)));
}

bindings::Result<ResponseStatusCode> ParseStatus(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() != 4) {
    return Error::kBadResponse;
  }
  if (const auto status = onem2m::ToResponseStatusCode(number)) return *status;
  if (number >= 4000 && number < 5000) return ResponseStatusCode::kBadRequest;
  if (number >= 5000 && number < 6000) return ResponseStatusCode::kInternalServerError;
  return Error::kBadResponse;
}

bindings::Result<ResponseStatusCode> ReadStatus(const HttpResponse& message) {
  const auto from_http = FromHttpStatus(message.result_int());
  const auto field = ReadField(message, kResponseStatusCodeField);
  if (!from_http || !field) return Error::kBadResponse;
  if (!*field) return *from_http;
  const auto status = ParseStatus(**field);
  if (!status) return status.error();
  const bool good = IsSuccess(*status) || *status == ResponseStatusCode::kAccepted;
  const bool good_http = message.result_int() < 300;
  if (good != good_http) return Error::kBadResponse;
  return *status;
}

}  // namespace

HttpResponse EncodeResponse(ResponsePrimitive&& response) {
  HttpResponse message;
  message.version(11);
  if (WriteFields(response, message)) {
    WriteStatus(response.status, message);
  } else {
    message.clear();
    WriteField(message, kRequestIdentifierField, response.request_identifier);
    WriteStatus(ResponseStatusCode::kInternalServerError, message);
    response.content.clear();
  }
  if (!response.content.empty()) {
    message.set(beast_http::field::content_type,
                WriteMediaType(response.content_format, std::nullopt));
  }
  message.body() = std::move(response.content);
  message.prepare_payload();
  return message;
}

bindings::Result<ResponsePrimitive> DecodeResponse(HttpResponse&& message) {
  ResponsePrimitive response;
  const auto status = ReadStatus(message);
  if (!status) return status.error();
  response.status = *status;
  const auto identifier = ReadField(message, kRequestIdentifierField);
  if (!identifier) return Error::kBadResponse;
  response.request_identifier = identifier->value_or("");
  for (const ResponseField& field : kResponseFields) {
    auto value = ReadField(message, field.name, field.limit);
    if (!value) return Error::kBadResponse;
    response.*field.member = std::move(*value);
  }
  const auto location = ReadField(message, kLocationField, kMaxLongFieldValue);
  if (!location) return Error::kBadResponse;
  if (*location) {
    Checked<Target> target = ParseTarget(**location);
    if (!target) return Error::kBadResponse;
    response.location = std::move(target->to);
  }
  const auto type_text = ReadField(message, "Content-Type");
  if (!type_text) return Error::kBadResponse;
  if (*type_text) {
    const Checked<MediaType> type = ParseMediaType(**type_text);
    if (!type) return Error::kBadResponse;
    response.content_format = type->format;
  } else if (!message.body().empty()) {
    response.content_format = onem2m::ContentFormat::kOther;
  }
  response.content = std::move(message.body());
  return response;
}

}  // namespace saef::http
