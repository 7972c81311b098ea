// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/request_codec.h"

#include <array>

#include "bindings/http/header_fields.h"
#include "bindings/http/media_type.h"
#include "bindings/http/target.h"
#include "bindings/log.h"

namespace saef::http {
namespace {

namespace beast_http = boost::beast::http;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponseStatusCode;

struct RequestField {
  const char* name;
  std::optional<std::string> RequestPrimitive::*member;
  std::size_t limit;
};

constexpr std::array kRequestFields = {
    RequestField{kOriginField, &RequestPrimitive::from, kMaxFieldValue},
    RequestField{kReleaseVersionField, &RequestPrimitive::release_version, kMaxFieldValue},
    RequestField{kOriginatingTimestampField, &RequestPrimitive::originating_timestamp,
                 kMaxFieldValue},
    RequestField{kRequestExpirationField, &RequestPrimitive::request_expiration, kMaxFieldValue},
    RequestField{kResultExpirationField, &RequestPrimitive::result_expiration, kMaxFieldValue},
    RequestField{kOperationExecutionTimeField, &RequestPrimitive::operation_execution_time,
                 kMaxFieldValue},
    RequestField{kEventCategoryField, &RequestPrimitive::event_category, kMaxFieldValue},
    RequestField{kGroupRequestIdentifierField, &RequestPrimitive::group_request_identifier,
                 kMaxFieldValue},
    RequestField{kVendorInformationField, &RequestPrimitive::vendor_information,
                 kMaxLongFieldValue},
};

// TS-0009 6.4.11: the values are combined with '&'.
Checked<std::vector<std::string>> SplitUris(const std::string& text) {
  std::vector<std::string> uris;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = text.find('&', begin);
    uris.push_back(text.substr(begin, end - begin));
    if (uris.back().empty()) return BadRequest("X-M2M-RTU has an empty URI");
    if (end == std::string::npos) return uris;
    begin = end + 1;
  }
}

Checked<void> ReadFields(const beast_http::fields& fields, RequestPrimitive& request) {
  auto identifier = ReadField(fields, kRequestIdentifierField);
  if (!identifier) return identifier.error();
  // TS-0009 6.4.8; the Request Identifier is mandatory (TS-0004 7.2.1.1).
  if (!*identifier) return BadRequest("X-M2M-RI is missing");
  request.request_identifier = std::move(**identifier);
  for (const RequestField& field : kRequestFields) {
    auto value = ReadField(fields, field.name, field.limit);
    if (!value) return value.error();
    request.*field.member = std::move(*value);
  }
  const auto uris = ReadField(fields, kResponseUrisField, kMaxLongFieldValue);
  if (!uris) return uris.error();
  if (!*uris) return {};
  auto split = SplitUris(**uris);
  if (!split) return split.error();
  request.response_uris = std::move(*split);
  return {};
}

Checked<MediaType> ReadContentType(const HttpRequest& message) {
  const auto field = ReadField(message, "Content-Type");
  if (!field) return field.error();
  if (!*field) {
    // TS-0009 6.4.3: whatever includes a body says what it is.
    if (!message.body().empty()) return BadRequest("Content-Type is missing");
    return MediaType{};
  }
  Checked<MediaType> type = ParseMediaType(**field);
  if (type && type->format == onem2m::ContentFormat::kOther && !message.body().empty()) {
    return Refusal{ResponseStatusCode::kUnsupportedMediaType,
                   "Content-Type " + bindings::Quote(**field) + " is neither JSON nor CBOR"};
  }
  return type;
}

std::optional<Operation> ToOperation(beast_http::verb method, bool with_resource_type) {
  switch (method) {
    case beast_http::verb::post:
      return with_resource_type ? Operation::kCreate : Operation::kNotify;
    case beast_http::verb::get:
      return Operation::kRetrieve;
    case beast_http::verb::put:
      return Operation::kUpdate;
    case beast_http::verb::delete_:
      return Operation::kDelete;
    default:
      return std::nullopt;
  }
}

beast_http::verb ToMethod(Operation operation) {
  switch (operation) {
    case Operation::kCreate:
    case Operation::kNotify:
      return beast_http::verb::post;
    case Operation::kUpdate:
      return beast_http::verb::put;
    case Operation::kDelete:
      return beast_http::verb::delete_;
    case Operation::kRetrieve:
      break;
  }
  return beast_http::verb::get;
}

bindings::Result<void> WriteFields(const RequestPrimitive& request, HttpRequest& message) {
  bool good = WriteField(message, kRequestIdentifierField, request.request_identifier);
  for (const RequestField& field : kRequestFields) {
    good = good && WriteField(message, field.name, request.*field.member, field.limit);
  }
  if (!request.response_uris.empty()) {
    std::string joined;
    for (const std::string& uri : request.response_uris) {
      if (uri.empty() || uri.find('&') != std::string::npos) return bindings::Error::kBadRequest;
      if (!joined.empty()) joined += '&';
      joined += uri;
    }
    good = good && WriteField(message, kResponseUrisField, joined, kMaxLongFieldValue);
  }
  if (!good) return bindings::Error::kBadRequest;
  return {};
}

}  // namespace

Checked<RequestPrimitive> DecodeRequest(HttpRequest&& message) {
  RequestPrimitive request;
  if (const auto read = ReadFields(message, request); !read) return read.error();
  const Checked<MediaType> type = ReadContentType(message);
  if (!type) return type.error();
  const auto operation = ToOperation(message.method(), type->resource_type.has_value());
  if (!operation) {
    const auto name = message.method_string();
    return Refusal{ResponseStatusCode::kOperationNotAllowed,
                   "method " + bindings::Quote({name.data(), name.size()}) + " is no operation"};
  }
  const auto accept = ReadField(message, "Accept", kMaxLongFieldValue);
  if (!accept) return accept.error();
  if (*accept && !AcceptsJson(**accept)) {
    return Refusal{ResponseStatusCode::kNotAcceptable,
                   "Accept " + bindings::Quote(**accept) + " does not take JSON"};
  }
  Checked<Target> target = ParseTarget({message.target().data(), message.target().size()});
  if (!target) return target.error();

  request.operation = *operation;
  if (*operation == Operation::kCreate) request.resource_type = type->resource_type;
  request.to = std::move(target->to);
  request.query = std::move(target->query);
  request.content_format = type->format;
  request.content = std::move(message.body());
  return request;
}

bindings::Result<HttpRequest> EncodeRequest(RequestPrimitive&& request, const std::string& host) {
  const bool create = request.operation == Operation::kCreate;
  if (create != request.resource_type.has_value()) return bindings::Error::kBadRequest;
  Checked<std::string> target = WriteTarget({std::move(request.to), std::move(request.query)});
  if (!target) return bindings::Error::kBadRequest;
  HttpRequest message{ToMethod(request.operation), *target, 11};
  if (!IsFieldValue(host, kMaxFieldValue)) return bindings::Error::kBadRequest;
  message.set(beast_http::field::host, host);
  if (const auto written = WriteFields(request, message); !written) return written.error();
  message.set(beast_http::field::accept, "application/json, application/vnd.onem2m-res+json");
  if (create || !request.content.empty()) {
    message.set(beast_http::field::content_type,
                WriteMediaType(request.content_format, request.resource_type));
  }
  message.body() = std::move(request.content);
  message.prepare_payload();
  return message;
}

}  // namespace saef::http
