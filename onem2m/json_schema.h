// SPDX-License-Identifier: GPL-3.0-or-later
//
// A configuration document, read from a file and checked against a JSON schema; every error has its
// path in the document ("/mafs/0/fqdn") and what would be right. Used by each program's and the
// plugin's configuration.
#ifndef SAEF_ONEM2M_JSON_SCHEMA_H_
#define SAEF_ONEM2M_JSON_SCHEMA_H_

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <variant>

#include "onem2m/error.h"

namespace saef::onem2m {

// Either the document or a sentence for a person: "/mafs/0/fqdn: must match ^[a-z0-9.-]+$ …".
// `schema` is a JSON Schema (draft 4, as RapidJSON has it) whose properties may carry
// "description", which the error quotes as what would be right. Pure: text in.
std::variant<rapidjson::Document, std::string> CheckAgainstSchema(std::string_view text,
                                                                  std::string_view schema);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_JSON_SCHEMA_H_
