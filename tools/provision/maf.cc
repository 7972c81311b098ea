// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MAF's part of a provisioning: maf.json, the store key, and its clients' keys.
#include <rapidjson/document.h>

#include <utility>

#include "tools/provision/blocks.h"
#include "tools/provision/names.h"
#include "tools/provision/provision.h"
#include "tools/provision/writer.h"

namespace saef::tools {
namespace {

using rapidjson::Document;
using rapidjson::Value;

// A MAF client of maf.json.
Value MafClientBlock(Document& document, const Provisioning& p, const ProvisionedEntity& entity) {
  Value client(rapidjson::kObjectType);
  switch (p.maf_credential) {
    case MafCredentialKind::kPsk:
      AddMember(document, client, "kmId", KmIdOf(p, entity.name));
      AddMember(document, client, "kmFile", entity.name + ".km");
      break;
    case MafCredentialKind::kCertificate:
      AddMember(document, client, "certificateId", CertificateIdOf(p, entity));
      break;
    case MafCredentialKind::kEnrolment: {
      Value enrolled(rapidjson::kObjectType);
      AddMember(document, enrolled, "mef", p.mef_fqdn);
      AddMember(document, enrolled, "enroleeId", EntityIdOf(p, entity));
      AddMember(document, client, "enrolled", std::move(enrolled));
      break;
    }
  }
  const std::string id = EntityIdOf(p, entity);
  // Of who enrols the MEF tells it.
  if (p.maf_credential != MafCredentialKind::kEnrolment && !id.empty())
    AddMember(document, client, "entityId", id);
  AddMember(document, client, "entityType", entity.type);
  AddMember(document, client, "mayRegisterFor", entity.may_register_for);
  return client;
}

}  // namespace

Written ProvisionMaf(const Provisioning& provisioning, const std::string& mef_uri) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  ProvisionWriter writer(provisioning.folder);
  if (!NeedsMaf(provisioning)) return std::move(writer).Result();
  Document document;
  document.SetObject();
  AddMember(document, document, "fqdn", provisioning.maf_fqdn);
  AddMember(document, document, "listen", provisioning.maf_listen);
  AddStatistics(document, provisioning, 1);
  AddMember(document, document, "store", std::string("maf.sqlite"));
  AddMember(document, document, "storeKeyFile", std::string("store.key"));
  writer.WriteKey("store.key");
  if (NeedsCertificates(provisioning))
    AddMember(document, document, "certificate", CertificateBlock(document, "maf", true));

  if (NeedsMef(provisioning)) AddMefs(document, provisioning, mef_uri);

  Value clients(rapidjson::kArrayType);
  const auto add = [&](const ProvisionedEntity& entity) {
    if (provisioning.maf_credential == MafCredentialKind::kPsk)
      writer.WriteKey(entity.name + ".km");
    clients.PushBack(MafClientBlock(document, provisioning, entity), document.GetAllocator());
  };
  ProvisionedEntity own = TargetCse(provisioning, provisioning.cse);
  own.may_register_for = provisioning.cse_may_register_for;
  add(own);
  for (const std::string& cse : provisioning.other_cses) add(TargetCse(provisioning, cse));
  for (ProvisionedEntity entity : provisioning.entities) {
    if (entity.may_register_for.empty()) {
      entity.may_register_for = {AbsoluteCseId(provisioning, provisioning.cse)};
    }
    add(entity);
  }
  AddMember(document, document, "clients", std::move(clients));
  writer.WriteDocument("maf.json", document);
  return std::move(writer).Result();
}

}  // namespace saef::tools
