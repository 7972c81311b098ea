// SPDX-License-Identifier: GPL-3.0-or-later
//
// The header fields of oneM2M (TS-0009 6.4): their names, and how a value is read and written:
// once, not longer than its bound, printable ASCII.
#ifndef SAEF_BINDINGS_HTTP_HEADER_FIELDS_H_
#define SAEF_BINDINGS_HTTP_HEADER_FIELDS_H_

#include <boost/beast/http/fields.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/http/refusal.h"

namespace saef::http {

inline constexpr char kOriginField[] = "X-M2M-Origin";               // From
inline constexpr char kRequestIdentifierField[] = "X-M2M-RI";        // Request Identifier
inline constexpr char kReleaseVersionField[] = "X-M2M-RVI";          // Release Version Indicator
inline constexpr char kResponseStatusCodeField[] = "X-M2M-RSC";      // Response Status Code
inline constexpr char kOriginatingTimestampField[] = "X-M2M-OT";     // Originating Timestamp
inline constexpr char kRequestExpirationField[] = "X-M2M-RET";       // Request Expiration Timestamp
inline constexpr char kResultExpirationField[] = "X-M2M-RST";        // Result Expiration Timestamp
inline constexpr char kOperationExecutionTimeField[] = "X-M2M-OET";  // Operation Execution Time
inline constexpr char kResponseUrisField[] = "X-M2M-RTU";  // Response Type, notificationURI
inline constexpr char kEventCategoryField[] = "X-M2M-EC";  // Event Category
inline constexpr char kGroupRequestIdentifierField[] = "X-M2M-GID";  // Group Request Identifier
inline constexpr char kVendorInformationField[] = "X-M2M-VSI";       // Vendor Information

inline constexpr std::size_t kMaxFieldValue = 512;
inline constexpr std::size_t kMaxLongFieldValue = 4096;  // X-M2M-RTU, X-M2M-VSI, Content-Location

// Not empty, printable ASCII with inner spaces only, within the bound.
bool IsFieldValue(std::string_view text, std::size_t limit);

// The value of a field that may stand there once; none where it doesn't. 4000 where it is there
// twice or isn't a value as above.
Checked<std::optional<std::string>> ReadField(const boost::beast::http::fields& fields,
                                              const char* name, std::size_t limit = kMaxFieldValue);

// False if the value can't go on the wire.
bool WriteField(boost::beast::http::fields& fields, const char* name,
                const std::optional<std::string>& value, std::size_t limit = kMaxFieldValue);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_HEADER_FIELDS_H_
