// SPDX-License-Identifier: GPL-3.0-or-later
//
// What maf.json says about Remote Security Provisioning (TS-0003 8.x.2): the clients that a MEF
// provisions. Such a client stands in the ClientTable like
// any other, with the KmId that this MAF assigns it (8.x.3) and without a Km, which is in the
// EnrolledStore once the client has come.
//
// The KmId is the same each time: it is derived from the MEF's FQDN and the Enrolee-ID, so that a
// client that enrols again stays who it was, and the keys that it registered stay its own.
//
// Threads: any; nothing changes after it was read.
#ifndef SAEF_ROLES_MAF_ENROLLED_CLIENTS_H_
#define SAEF_ROLES_MAF_ENROLLED_CLIENTS_H_

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "end-point/credential_fetch.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"

namespace saef::maf {

struct EnrolledClient {
  onem2m::Fqdn mef;
  std::string enrolee_id;  // Absolute, canonical
  onem2m::EntityKind kind = onem2m::EntityKind::kAe;
  onem2m::KmId km_id;  // as this MAF assigns it
};

// The schema of maf.json with "$mefs$" and "$enrolled$" replaced by the schemas of those members,
// and what end_point::InsertCredentialSchema replaces.
std::string InsertEnrolledSchema(std::string_view schema);

// "enrolled" of the client at `place`. Or a sentence.
std::variant<EnrolledClient, std::string> ReadEnrolledClient(
    const rapidjson::Value& client, const std::string& place,
    const std::vector<end_point::MefAccess>& mefs, const onem2m::Fqdn& maf);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_ENROLLED_CLIENTS_H_
