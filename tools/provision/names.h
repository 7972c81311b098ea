// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the files and identifiers of a provisioning are called. Pure; threads: any.
#ifndef SAEF_TOOLS_PROVISION_NAMES_H_
#define SAEF_TOOLS_PROVISION_NAMES_H_

#include <string>

#include "tools/provision/provision.h"

namespace saef::tools {

inline constexpr const char* kAuthorityFile = "ca.pem";
// Where AEs have Node-ID certificates these have an authority of their own: RFC 5280 4.2.1.10 lets
// no URI without a host pass where URIs are constrained, and a Node-ID is a URN.
inline constexpr const char* kNodeAuthorityFile = "node-ca.pem";
// The kind of hardware of a device certificate: an M2M Device Indication ID (TS-0001 H.2.1, the
// standard's own example), manufacturer and model.
inline constexpr const char* kHardwareType = "0.2.481.1.100.1";

inline std::string CertificateFile(const std::string& name) { return name + ".pem"; }
inline std::string PrivateKeyFile(const std::string& name) { return name + ".key.pem"; }
inline std::string RawPublicKeyFile(const std::string& name) { return name + ".raw.pem"; }
inline std::string RawPrivateKeyFile(const std::string& name) { return name + ".raw.key.pem"; }

// "//sp.example.com/cse1"
std::string AbsoluteCseId(const Provisioning& provisioning, const std::string& cse);
// "//sp.example.com/Sae1": the AE-ID that a service provider would assign to the AE of this name.
std::string AbsoluteAeIdOf(const Provisioning& provisioning, const std::string& name);
// "cse1.sp.example.com", the CSE-ID's public domain name (TS-0001 6.5.1.1)
std::string CseDomain(const Provisioning& provisioning, const std::string& cse);
std::string KmIdOf(const Provisioning& provisioning, const std::string& name);
// The Enrolment Target as the MEF knows it, and the key between the two: the MAF, or the CSE where
// there is no MAF.
std::string TargetIdAtMef(const Provisioning& provisioning);
std::string TargetKeyFile(const Provisioning& provisioning);
// Of a key for enrolment at the MEF.
std::string KpmIdOf(const Provisioning& provisioning, const std::string& name);
// KpsaId (TS-0003 10.5): the issuer is the service provider.
std::string KpsaIdOf(const Provisioning& provisioning, const std::string& name);

// The entity's identifier: its own, or the one that its certificate gives it; empty: none yet.
std::string EntityIdOf(const Provisioning& provisioning, const ProvisionedEntity& entity);
// The Credential-ID (TS-0003 10.4) of its certificate, e.g. "33-//sp.example.com/Sae1".
std::string CertificateIdOf(const Provisioning& provisioning, const ProvisionedEntity& entity);
// What stands for the entity in a device or Node-ID certificate.
std::string SerialNumberOf(const Provisioning& provisioning, const ProvisionedEntity& entity);
std::string NodeIdOf(const ProvisionedEntity& entity);

// A CSE as a Target End-Point: it registers for nobody.
ProvisionedEntity TargetCse(const Provisioning& provisioning, const std::string& cse);

// What is wrong with the names, before anything is written; empty: nothing.
std::string CheckNames(const Provisioning& provisioning);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_PROVISION_NAMES_H_
