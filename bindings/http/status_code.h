// SPDX-License-Identifier: GPL-3.0-or-later
//
// Response status codes as HTTP status codes (TS-0009 6.3.2, table 6.3.2-1): the one place.
#ifndef SAEF_BINDINGS_HTTP_STATUS_CODE_H_
#define SAEF_BINDINGS_HTTP_STATUS_CODE_H_

#include <optional>

#include "onem2m/response_status_code.h"

namespace saef::http {

// Total: what the table doesn't have is 500.
unsigned ToHttpStatus(onem2m::ResponseStatusCode status) noexcept;

// What an answer without X-M2M-RSC means, from a server that holds the content as a plain resource.
// None for informational answers and redirections.
std::optional<onem2m::ResponseStatusCode> FromHttpStatus(unsigned status) noexcept;

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_STATUS_CODE_H_
