// SPDX-License-Identifier: GPL-3.0-or-later
//
// Blocks that stand in several configurations: how a party authenticates (docs/configuration.md).
#ifndef SAEF_TOOLS_PROVISION_BLOCKS_H_
#define SAEF_TOOLS_PROVISION_BLOCKS_H_

#include <rapidjson/document.h>

#include <string>

#include "tools/provision/provision.h"

namespace saef::tools {

// {"chainFile":…,"keyFile":…}, and the authority as "trustAnchorFiles" where the other side's
// certificate is judged by it.
rapidjson::Value CertificateBlock(rapidjson::Document& document, const std::string& name,
                                  bool with_trust_anchors);

// Adds to `object` how `name` authenticates to the MAF: "kmId" and "kmFile", "certificate", or
// "enrolment".
void AddMafCredential(rapidjson::Document& document, rapidjson::Value& object,
                      const Provisioning& provisioning, const std::string& name,
                      const std::string& mef_uri);

// Adds "statistics": where a party tells what it counts, on the port so many after the CSE's.
void AddStatistics(rapidjson::Document& document, const Provisioning& provisioning, int after_cse);

// {"mef":…,"stateFile":…}: how `name` enrols.
rapidjson::Value EnrolmentBlock(rapidjson::Document& document, const Provisioning& provisioning,
                                const std::string& name, const std::string& mef_uri);

// Adds "mefs": where, and as whom, an Enrolment Target fetches.
void AddMefs(rapidjson::Document& document, const Provisioning& provisioning,
             const std::string& mef_uri);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_PROVISION_BLOCKS_H_
