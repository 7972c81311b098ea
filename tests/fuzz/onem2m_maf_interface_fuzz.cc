// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes into every parser of the MAF interface and into the JSON reader beneath. What parses
// must write a text that parses to what writes the same text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "onem2m/json.h"
#include "onem2m/json_schema.h"
#include "onem2m/maf_interface.h"

namespace {

using namespace saef::onem2m;

void Demand(bool condition) {
  if (!condition) std::abort();
}

template <typename Parse>
void CheckRoundTrip(std::string_view text, Parse parse) {
  const auto value = parse(text);
  if (!value) return;
  const std::string written = maf::Write(*value);
  const auto again = parse(written);
  Demand(again.has_value());
  Demand(maf::Write(*again) == written);
}

// Two readers of one grammar, and a writer that they both understand.
void CheckJson(std::string_view text) {
  const auto document = ParseJson(text);
  const auto sensitive = SensitiveJson::Parse(text);
  Demand(document.has_value() == sensitive.has_value());
  if (!document) return;
  const std::string written = WriteJson(*document);
  Demand(WriteJson(sensitive->root()) == written);
  Demand(ParseJson(written).has_value());
}

void CheckSchema(std::string_view text) {
  constexpr std::string_view kSchema = R"({
    "type": "object", "additionalProperties": false, "required": ["suid"],
    "properties": {
      "suid": {"type": "integer", "minimum": 32, "maximum": 35},
      "status": {"enum": ["OK"]},
      "targetIDs": {"type": "array", "uniqueItems": true,
                    "items": {"type": "string", "pattern": "^//[a-z.]+/[A-Za-z0-9]+$"}}
    }})";
  const auto result = CheckAgainstSchema(text, kSchema);
  if (const auto* const sentence = std::get_if<std::string>(&result)) Demand(!sentence->empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckRoundTrip(text, maf::ParseKeyRegistrationRequest);
  CheckRoundTrip(text, maf::ParseKeyRegistrationResponse);
  CheckRoundTrip(text, maf::ParseKeyRetrievalResponse);
  CheckRoundTrip(text, maf::ParseTargetListUpdate);
  CheckJson(text);
  CheckSchema(text);
  return 0;
}
