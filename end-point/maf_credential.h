// SPDX-License-Identifier: GPL-3.0-or-later
//
// MafCredential: by what an End-Point authenticates to a MAF (TS-0003 8.x.2): a pre-provisioned
// symmetric key (KmId, Km), a certificate, or nothing yet but what it enrols with at a MEF. Read
// from the blocks of saef.json and entity.json, which are the same (docs/configuration.md):
//
//   "kmId": "cse1@maf.example.com", "kmFile": "cse1.km"
//   "certificate": {"chainFile": …, "keyFile": …, "trustAnchorFiles": […]}
//   "enrolment": {"mef": {"fqdn": …, "uri": …, "kpmId" and "kpmFile" or "certificate"},
//                 "stateFile": …}
//
// Threads: any.
#ifndef SAEF_END_POINT_MAF_CREDENTIAL_H_
#define SAEF_END_POINT_MAF_CREDENTIAL_H_

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/client.h"
#include "bindings/configuration_file.h"
#include "bindings/credential.h"
#include "bindings/uri.h"
#include "onem2m/fqdn.h"

namespace saef::end_point {

// A certificate of one's own, and by whose CAs the other side's is judged.
struct CertificateAccess {
  bindings::CertificateCredential own;
  std::vector<std::string> trust_anchors;  // DER
};

using Access = std::variant<bindings::PskCredential, CertificateAccess>;

// Remote Security Provisioning (TS-0003 8.3.2).
struct Enrolment {
  onem2m::Fqdn mef;
  bindings::Uri uri;  // of the Enrolment Exchange; coaps or https, with a path
  Access access;      // to the MEF: KpmId and Kpm, or a certificate
  std::string state_file;
};

using MafCredential = std::variant<bindings::PskCredential, CertificateAccess, Enrolment>;

// kMemory of onem2m, as bindings::Error::kLibrary.
bindings::Result<Access> Clone(const Access& access);
bindings::Result<MafCredential> Clone(const MafCredential& credential);
// Fills credential, trust and SNI of a client of the party that is called `fqdn`.
bindings::Result<void> Apply(const Access& access, const onem2m::Fqdn& fqdn,
                             bindings::ClientOptions& options);

// `schema` with each "$mafCredential$" in it replaced by the properties of the blocks above, to
// stand among the other "properties" of the object that holds them; and each "$enrolment$" and
// "$certificate$" by the schema of such a block.
std::string InsertCredentialSchema(std::string_view schema);

// Each reads from `block`, whose types the schema has checked, or answers a sentence that begins
// with the place in the document (`where`, such as "/mafs/0", and the member).
//
// Exactly one of the three must be there. A KmId is of the MAF `maf`.
std::variant<MafCredential, std::string> ReadMafCredential(const bindings::ConfigurationFile& file,
                                                           const rapidjson::Value& block,
                                                           const std::string& where,
                                                           const onem2m::Fqdn& maf);
std::variant<Enrolment, std::string> ReadEnrolment(const bindings::ConfigurationFile& file,
                                                   const rapidjson::Value& block,
                                                   const std::string& where);
// Exactly one of `id_name` with `key_name`, and "certificate".
std::variant<Access, std::string> ReadAccess(const bindings::ConfigurationFile& file,
                                             const rapidjson::Value& block,
                                             const std::string& where, const char* id_name,
                                             const char* key_name);
std::variant<CertificateAccess, std::string> ReadCertificateAccess(
    const bindings::ConfigurationFile& file, const rapidjson::Value& block,
    const std::string& where);
// A secure URI with a path, without a slash at its end.
std::variant<bindings::Uri, std::string> ReadProcedureUri(const rapidjson::Value& value,
                                                          const std::string& where);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_MAF_CREDENTIAL_H_
