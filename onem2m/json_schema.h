// SPDX-License-Identifier: GPL-3.0-or-later
//
// A configuration document, checked against a JSON schema; every error has its path in the document
// ("/mafs/0/fqdn") and what would be right. Used by each program's and the plugin's configuration.
#ifndef SAEF_ONEM2M_JSON_SCHEMA_H_
#define SAEF_ONEM2M_JSON_SCHEMA_H_

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <variant>

#include "onem2m/error.h"

namespace saef::onem2m {

// Either the document or a sentence for a person: "/mafs/0/fqdn: must match ^[a-z0-9.-]+$; the
// MAF's FQDN, lower case". Where the text isn't JSON: "line 3, column 7: …". The sentence never
// quotes the document's values, so it may be logged.
//
// `schema` is a JSON Schema (draft 4, as RapidJSON has it) whose parts may carry "description",
// which the sentence quotes as what would be right. Its patterns have no \d, \w, \s: RapidJSON
// would take such a pattern for none, so a schema with one is refused. A document with NUL in a
// string or a name is refused as well, because RapidJSON's patterns stop there. Pure: text in.
std::variant<rapidjson::Document, std::string> CheckAgainstSchema(std::string_view text,
                                                                  std::string_view schema);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_JSON_SCHEMA_H_
