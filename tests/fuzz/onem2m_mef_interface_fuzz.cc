// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes into every parser of the MEF interface and of KmId Retrieval. What parses must write a
// text that parses to what writes the same text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "onem2m/maf_interface.h"
#include "onem2m/mef_interface.h"

namespace {

using namespace saef::onem2m;

void Demand(bool condition) {
  if (!condition) std::abort();
}

template <typename Parse>
void CheckRoundTrip(std::string_view text, Parse parse) {
  const auto value = parse(text);
  if (!value) return;
  const std::string written = Write(*value);
  const auto again = parse(written);
  Demand(again.has_value());
  Demand(Write(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckRoundTrip(text, mef::ParseEnrolmentRequest);
  CheckRoundTrip(text, mef::ParseEnrolmentResponse);
  CheckRoundTrip(text, mef::ParseFetchedCredential);
  CheckRoundTrip(text, mef::ParseFetchFailure);
  CheckRoundTrip(text, maf::ParseKmIdRetrievalResponse);
  if (const auto target = mef::ParseFetchCredentialsPath(text)) {
    const auto path = mef::FetchCredentialsPath(target->ke_id, target->suid);
    const auto again = mef::ParseFetchCredentialsPath(path);
    Demand(again.has_value() && again->ke_id == target->ke_id && again->suid == target->suid);
  }
  return 0;
}
