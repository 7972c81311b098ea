// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entity A's configuration, entity.json (docs/configuration.md), read and checked as a whole.
#ifndef SAEF_ROLES_ENTITY_A_CONFIGURATION_H_
#define SAEF_ROLES_ENTITY_A_CONFIGURATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/uri.h"
#include "end-point/maf_credential.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "roles/entity-a/cse_credential.h"

namespace saef::entity_a {

// Where Kc comes from (TS-0003 8.x.5 step 2). kPrintable: self-generated too, of characters of
// base64, for clients that take a key as text.
enum class KeySource { kExported, kSelfGenerated, kPrintable };

struct Configuration {
  std::optional<std::string> entity_id;   // IdA: Absolute, canonical
  std::optional<std::string> originator;  // what it sends as From: its AE-ID-Stem, or "/cse"
  // Without a MAF: by what it authenticates to the CSE. Else this is nothing, and the MAF's members
  // are there.
  std::optional<CseCredential> cse_credential;
  std::optional<onem2m::Fqdn> maf_fqdn;
  // coaps or https, with a path; none: the MEF tells it, so the credential is an enrolment
  std::optional<bindings::Uri> key_registration;
  // By what it authenticates to the MAF (TS-0003 8.x.2).
  std::optional<end_point::MafCredential> maf_credential;
  onem2m::CseId cse_id;                 // IdB
  std::vector<bindings::Uri> cse_uris;  // coaps or https, at least one
  KeySource key_source = KeySource::kExported;
  std::optional<std::chrono::seconds> lifetime;  // the wish; none: as the MAF likes
  std::chrono::milliseconds timeout{10000};      // of a handshake, and of a registration

  // The CSE's public domain name, which SNI carries (TS-0001 6.5.1.1): "cse1.sp.example.com".
  std::string cse_server_name() const { return cse_id.name() + "." + cse_id.sp().text(); }
};

// Or a sentence for a person.
std::variant<Configuration, std::string> ReadConfiguration(const std::string& path);

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_CONFIGURATION_H_
