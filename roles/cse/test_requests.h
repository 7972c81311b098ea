// SPDX-License-Identifier: GPL-3.0-or-later
//
// Short ways to write requests in this folder's tests.
#ifndef SAEF_ROLES_CSE_TEST_REQUESTS_H_
#define SAEF_ROLES_CSE_TEST_REQUESTS_H_

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/json.h"
#include "onem2m/primitive.h"

namespace saef::cse::test {

using Parameters = std::vector<std::pair<std::string, std::string>>;

inline onem2m::CseId Self() { return *onem2m::CseId::ParseAbsolute("//sp.example.com/cse1"); }

inline onem2m::RequestPrimitive Request(onem2m::Operation operation, std::string to,
                                        std::optional<std::string> from) {
  onem2m::RequestPrimitive request;
  request.operation = operation;
  request.to = std::move(to);
  request.from = std::move(from);
  request.request_identifier = "r1";
  return request;
}

inline onem2m::RequestPrimitive Create(std::string to, std::optional<std::string> from, int type,
                                       std::string content, Parameters query = {}) {
  auto request = Request(onem2m::Operation::kCreate, std::move(to), std::move(from));
  request.resource_type = type;
  request.content = std::move(content);
  request.query = std::move(query);
  return request;
}

inline onem2m::RequestPrimitive Retrieve(std::string to, std::optional<std::string> from,
                                         Parameters query = {}) {
  auto request = Request(onem2m::Operation::kRetrieve, std::move(to), std::move(from));
  request.query = std::move(query);
  return request;
}

inline onem2m::RequestPrimitive Update(std::string to, std::optional<std::string> from,
                                       std::string content) {
  auto request = Request(onem2m::Operation::kUpdate, std::move(to), std::move(from));
  request.content = std::move(content);
  return request;
}

inline onem2m::RequestPrimitive Delete(std::string to, std::optional<std::string> from) {
  return Request(onem2m::Operation::kDelete, std::move(to), std::move(from));
}

inline constexpr const char* kAe = R"({"m2m:ae":{"api":"N.org.test","rr":false}})";

// The member at a path such as "m2m:ae/aei" as JSON text; empty where there is none.
inline std::string Member(const std::string& json, const std::string& path) {
  auto document = onem2m::ParseJson(json);
  if (!document) {
    return "not JSON: " + json;
  }
  const rapidjson::Value* value = &*document;
  std::string rest = path;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string name = rest.substr(0, slash);
    if (!value->IsObject() || !value->HasMember(name)) {
      return {};
    }
    value = &(*value)[name];
    rest = slash == std::string::npos ? std::string() : rest.substr(slash + 1);
  }
  return onem2m::WriteJson(*value);
}

// Without the quotes.
inline std::string TextMember(const std::string& json, const std::string& path) {
  const std::string text = Member(json, path);
  return text.size() < 2 ? std::string() : text.substr(1, text.size() - 2);
}

}  // namespace saef::cse::test

#endif  // SAEF_ROLES_CSE_TEST_REQUESTS_H_
