// SPDX-License-Identifier: GPL-3.0-or-later
//
// How `saef register` shows a key: KcId, Kc and its expiry, as text for a person, as JSON, or as
// shell variables for eval.
#ifndef SAEF_TOOLS_KEY_REPORT_H_
#define SAEF_TOOLS_KEY_REPORT_H_

#include <string>

#include "roles/entity-a/key_registration.h"

namespace saef::tools {

enum class ReportFormat { kText, kJson, kShell };

// Holds Kc: onem2m::Wipe() it after use. Kc is told in hexadecimal; and as text too where all of it
// is printable and needs no quoting (coap-client -k).
std::string ReportKey(const entity_a::RegisteredKey& key, ReportFormat format);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_KEY_REPORT_H_
