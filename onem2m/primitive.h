// SPDX-License-Identifier: GPL-3.0-or-later
//
// Request and response primitives (TS-0004 6.4), the form in which requests travel between bindings
// and roles. Content is kept as the JSON text that came or goes; who needs its members parses it
// (onem2m/json.h).
#ifndef SAEF_ONEM2M_PRIMITIVE_H_
#define SAEF_ONEM2M_PRIMITIVE_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "onem2m/error.h"
#include "onem2m/response_status_code.h"

namespace saef::onem2m {

enum class Operation { kCreate = 1, kRetrieve = 2, kUpdate = 3, kDelete = 4, kNotify = 5 };

enum class ResourceType {
  kAccessControlPolicy = 1,
  kAe = 2,
  kContainer = 3,
  kContentInstance = 4,
  kCseBase = 5,
  kM2mServiceSubscriptionProfile = 11,
  kRemoteCse = 16,
  kServiceSubscribedAppRule = 19,
  kServiceSubscribedNode = 20,
};

enum class ContentFormat {
  kJson,
  kResponseJson /* application/vnd.onem2m-res+json */,
  kCbor,
  kOther
};

struct RequestPrimitive {
  Operation operation = Operation::kRetrieve;
  // To: CSE-relative "x/y", SP-relative "/cse/x", absolute "//fqdn/cse/x" (TS-0001 7.2).
  std::string to;
  std::optional<std::string> from;
  std::string request_identifier;                       // RQI, X-M2M-RI
  std::optional<std::string> release_version;           // RVI
  std::optional<int> resource_type;                     // TY, of a CREATE
  std::optional<std::string> originating_timestamp;     // OT
  std::optional<std::string> request_expiration;        // RQET
  std::optional<std::string> result_expiration;         // RSET
  std::optional<std::string> operation_execution_time;  // OET
  std::vector<std::string> response_uris;               // RTURI
  std::optional<std::string> event_category;            // EC
  std::optional<std::string> group_request_identifier;  // GID
  std::optional<std::string> vendor_information;        // X-M2M-VSI (HTTP only)
  std::vector<std::pair<std::string, std::string>>
      query;  // filter criteria and the like, decoded, in order
  ContentFormat content_format = ContentFormat::kJson;
  std::string content;  // empty: none
};

struct ResponsePrimitive {
  ResponseStatusCode status = ResponseStatusCode::kInternalServerError;
  std::string request_identifier;
  std::optional<std::string> release_version;
  std::optional<std::string> originating_timestamp;
  std::optional<std::string> result_expiration;  // RSET
  std::optional<std::string> event_category;     // EC
  std::optional<std::string> vendor_information;
  std::optional<std::string> location;  // Content-Location / Location-Path of what was created
  ContentFormat content_format = ContentFormat::kJson;
  std::string content;
};

// A response to `request` with its identifier and release version carried over.
ResponsePrimitive RespondTo(const RequestPrimitive& request, ResponseStatusCode status);
// The same with {"m2m:dbg": "<text>"} (TS-0004, debugInfo) as content: what is wrong, for a person.
// Where `text` isn't UTF-8, octets outside ASCII are written as '?'.
ResponsePrimitive RespondWithText(const RequestPrimitive& request, ResponseStatusCode status,
                                  std::string_view text);

Result<Operation> ToOperation(long long number);      // kOutOfRange
std::string_view Name(Operation operation) noexcept;  // "CREATE"

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_PRIMITIVE_H_
