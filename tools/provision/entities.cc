// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Entity As' part of a provisioning: entity-<name>.json.
#include <rapidjson/document.h>

#include <utility>
#include <vector>

#include "onem2m/maf_interface.h"
#include "tools/provision/blocks.h"
#include "tools/provision/names.h"
#include "tools/provision/provision.h"
#include "tools/provision/writer.h"

namespace saef::tools {
namespace {

using rapidjson::Document;
using rapidjson::Value;

// How the entity authenticates to the CSE itself, where no MAF helps.
void AddCredential(Document& document, const Provisioning& p, const ProvisionedEntity& entity,
                   const std::string& mef_uri) {
  Value credential(rapidjson::kObjectType);
  if (p.cse_credential == CseCredentialKind::kKpsa) {
    AddMember(document, credential, "kpsaId", KpsaIdOf(p, entity.name));
    AddMember(document, credential, "kpsaFile", entity.name + ".kpsa");
  } else if (p.cse_credential == CseCredentialKind::kEnrolment) {
    AddMember(document, credential, "enrolment", EnrolmentBlock(document, p, entity.name, mef_uri));
  } else if (p.cse_credential == CseCredentialKind::kCertificate) {
    AddMember(document, credential, "certificate", CertificateBlock(document, entity.name, true));
  } else {
    Value raw(rapidjson::kObjectType);
    AddMember(document, raw, "publicKeyFile", RawPublicKeyFile(entity.name));
    AddMember(document, raw, "keyFile", RawPrivateKeyFile(entity.name));
    AddMember(document, raw, "csePublicKeyFiles",
              std::vector<std::string>{RawPublicKeyFile(p.cse)});
    AddMember(document, credential, "rawPublicKey", std::move(raw));
  }
  AddMember(document, document, "credential", std::move(credential));
}

}  // namespace

Written ProvisionEntities(const Provisioning& provisioning, const std::string& maf_uri,
                          const std::vector<std::string>& cse_uris, const std::string& mef_uri) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  ProvisionWriter writer(provisioning.folder);
  for (const ProvisionedEntity& entity : provisioning.entities) {
    Document document;
    document.SetObject();
    if (const std::string id = EntityIdOf(provisioning, entity); !id.empty())
      AddMember(document, document, "entityId", id);
    if (entity.type == "CSE") AddMember(document, document, "entityType", entity.type);
    if (NeedsMaf(provisioning)) {
      Value maf(rapidjson::kObjectType);
      AddMember(document, maf, "fqdn", provisioning.maf_fqdn);
      AddMember(document, maf, "keyRegistration",
                maf_uri + std::string(onem2m::maf::kKeyRegistrationPath));
      AddMafCredential(document, maf, provisioning, entity.name, mef_uri);
      AddMember(document, document, "maf", std::move(maf));
    } else {
      AddCredential(document, provisioning, entity, mef_uri);
    }
    Value cse(rapidjson::kObjectType);
    AddMember(document, cse, "id", AbsoluteCseId(provisioning, provisioning.cse));
    AddMember(document, cse, "uris", cse_uris);
    AddMember(document, document, "cse", std::move(cse));
    if (NeedsMaf(provisioning)) AddMember(document, document, "kc", entity.kc);
    writer.WriteDocument("entity-" + entity.name + ".json", document);
  }
  return std::move(writer).Result();
}

}  // namespace saef::tools
