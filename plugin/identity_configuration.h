// SPDX-License-Identifier: GPL-3.0-or-later
//
// IdentityConfiguration: the parts of saef.json that say who is behind a credential that no MAF
// vouches for: "provisionedKeys" (TS-0003 8.2.2.1), "certificates" (8.2.2.2), "identities" and
// "applicationRules" (8.2.1). docs/configuration.md describes them for people.
#ifndef SAEF_PLUGIN_IDENTITY_CONFIGURATION_H_
#define SAEF_PLUGIN_IDENTITY_CONFIGURATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/configuration_file.h"
#include "onem2m/credential_id.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/key_identifier.h"
#include "onem2m/secret.h"
#include "onem2m/timestamp.h"
#include "plugin/key_record.h"

namespace saef::plugin {

struct ProvisionedKeyConfiguration {
  onem2m::KpsaId kpsa_id;
  onem2m::Secret kpsa;
  std::optional<onem2m::Time> expires;  // nothing: never
};

struct ConfiguredIdentity {
  onem2m::CredentialId credential_id;
  Source::Entity entity;  // never nothing, but for a raw public key whose AE-ID is found later
  std::optional<onem2m::Time> expires;
};

struct ApplicationRulesConfiguration {
  std::string node;  // address of this CSE's <serviceSubscribedNode>
  std::chrono::seconds refresh{300};
};

struct IdentityConfiguration {
  std::vector<ProvisionedKeyConfiguration> provisioned_keys;
  std::vector<std::string> trust_anchors;  // CA certificates, DER; none: certificates are nobody's
  // Also those that stand with the provisioned keys: a CSE's must, an AE's may be found at
  // registration. No two have the same credential.
  std::vector<ConfiguredIdentity> identities;
  std::optional<ApplicationRulesConfiguration> rules;
};

// The members of the schema that ReadIdentityConfiguration reads, each followed by a comma.
extern const std::string_view kIdentitySchemaMembers;

// Of a file that the schema has checked. Or a sentence for a person.
std::variant<IdentityConfiguration, std::string> ReadIdentityConfiguration(
    const bindings::ConfigurationFile& file, const onem2m::CseId& own);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_IDENTITY_CONFIGURATION_H_
