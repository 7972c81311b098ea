// SPDX-License-Identifier: GPL-3.0-or-later
//
// Single fields of a certificate, read apart from any judgement of it, so that the doctor can say
// exactly what is wrong. DER in; pure. Threads: any.
#ifndef SAEF_TOOLS_DOCTOR_CERTIFICATE_FIELDS_H_
#define SAEF_TOOLS_DOCTOR_CERTIFICATE_FIELDS_H_

#include <optional>
#include <string>
#include <string_view>

#include "onem2m/secret.h"
#include "tools/certificate_authority.h"

namespace saef::tools {

std::optional<Validity> DatesOfCertificate(std::string_view certificate);
// keyUsage has digitalSignature.
bool MaySignHandshakes(std::string_view certificate);
// basicConstraints says CA.
bool IsAuthority(std::string_view certificate);

// The DER SubjectPublicKeyInfo that belongs to a private key (DER, EC on P-256); empty if it isn't
// one.
std::string PublicKeyOfPrivate(const onem2m::Secret& key);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DOCTOR_CERTIFICATE_FIELDS_H_
