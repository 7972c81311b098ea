// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/primitive.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace saef::onem2m {
namespace {

// Empty where `text` isn't UTF-8.
std::string WriteDebugInfo(std::string_view text) {
  using Buffer = rapidjson::StringBuffer;
  Buffer buffer;
  rapidjson::Writer<Buffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator,
                    rapidjson::kWriteValidateEncodingFlag>
      writer(buffer);
  // The writer's check of a UTF-8 sequence that the text breaks off reads up to three octets more.
  std::string padded(text);
  padded.append(3, '\0');
  writer.StartObject();
  writer.Key("m2m:dbg");
  if (!writer.String(padded.data(), static_cast<rapidjson::SizeType>(text.size()))) return {};
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

ResponsePrimitive RespondTo(const RequestPrimitive& request, ResponseStatusCode status) {
  ResponsePrimitive response;
  response.status = status;
  response.request_identifier = request.request_identifier;
  response.release_version = request.release_version;
  return response;
}

ResponsePrimitive RespondWithText(const RequestPrimitive& request, ResponseStatusCode status,
                                  std::string_view text) {
  ResponsePrimitive response = RespondTo(request, status);
  response.content = WriteDebugInfo(text);
  if (response.content.empty()) {
    std::string ascii(text);
    for (char& c : ascii) {
      if (static_cast<unsigned char>(c) > 0x7F) c = '?';
    }
    response.content = WriteDebugInfo(ascii);
  }
  return response;
}

Result<Operation> ToOperation(long long number) {
  if (number < 1 || number > 5) return Error::kOutOfRange;
  return static_cast<Operation>(number);
}

std::string_view Name(Operation operation) noexcept {
  switch (operation) {
    case Operation::kCreate:
      return "CREATE";
    case Operation::kRetrieve:
      return "RETRIEVE";
    case Operation::kUpdate:
      return "UPDATE";
    case Operation::kDelete:
      return "DELETE";
    case Operation::kNotify:
      return "NOTIFY";
  }
  return {};
}

}  // namespace saef::onem2m
