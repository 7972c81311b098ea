// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MEF's part of a provisioning: mef.json, the key of its store, Kpm of each enrolee, and the
// key between it and the MAF.
#include <rapidjson/document.h>

#include <utility>
#include <vector>

#include "onem2m/maf_interface.h"
#include "tools/provision/names.h"
#include "tools/provision/provision.h"
#include "tools/provision/writer.h"

namespace saef::tools {
namespace {

using rapidjson::Document;
using rapidjson::Value;

Value EnroleeBlock(Document& document, const Provisioning& p, const ProvisionedEntity& entity,
                   const std::string& maf_uri) {
  Value maf(rapidjson::kObjectType);
  AddMember(document, maf, "fqdn", p.maf_fqdn);
  AddMember(document, maf, "keyRegistration",
            maf_uri + std::string(onem2m::maf::kKeyRegistrationPath));
  AddMember(document, maf, "keyRetrieval", maf_uri + std::string(onem2m::maf::kKeyRetrievalPath));
  AddMember(document, maf, "kmIdRetrieval", maf_uri + std::string(onem2m::maf::kKmIdRetrievalPath));
  Value mafs(rapidjson::kArrayType);
  mafs.PushBack(maf, document.GetAllocator());
  Value enrolee(rapidjson::kObjectType);
  AddMember(document, enrolee, "kpmId", KpmIdOf(p, entity.name));
  AddMember(document, enrolee, "kpmFile", entity.name + ".kpm");
  AddMember(document, enrolee, "entityId", EntityIdOf(p, entity));
  AddMember(document, enrolee, "entityType", entity.type);
  AddMember(document, enrolee, "mafs", std::move(mafs));
  return enrolee;
}

}  // namespace

Written ProvisionMef(const Provisioning& provisioning, const std::string& maf_uri) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  ProvisionWriter writer(provisioning.folder);
  if (!NeedsMef(provisioning)) return std::move(writer).Result();
  Document document;
  document.SetObject();
  AddMember(document, document, "fqdn", provisioning.mef_fqdn);
  AddMember(document, document, "listen", provisioning.mef_listen);
  AddMember(document, document, "store", std::string("mef.sqlite"));
  AddMember(document, document, "storeKeyFile", std::string("mef-store.key"));
  writer.WriteKey("mef-store.key");
  Value enrolees(rapidjson::kArrayType);
  std::vector<ProvisionedEntity> all = {TargetCse(provisioning, provisioning.cse)};
  for (const std::string& cse : provisioning.other_cses)
    all.push_back(TargetCse(provisioning, cse));
  all.insert(all.end(), provisioning.entities.begin(), provisioning.entities.end());
  for (const ProvisionedEntity& entity : all) {
    writer.WriteKey(entity.name + ".kpm");
    enrolees.PushBack(EnroleeBlock(document, provisioning, entity, maf_uri),
                      document.GetAllocator());
  }
  AddMember(document, document, "enrolees", std::move(enrolees));
  // The MAF fetches Km here (TS-0003 8.x.2).
  writer.WriteKey(kMafAtMefKeyFile);
  Value target(rapidjson::kObjectType);
  AddMember(document, target, "fqdn", provisioning.maf_fqdn);
  AddMember(document, target, "kmId", MafIdAtMef(provisioning));
  AddMember(document, target, "kmFile", std::string(kMafAtMefKeyFile));
  Value targets(rapidjson::kArrayType);
  targets.PushBack(target, document.GetAllocator());
  AddMember(document, document, "targets", std::move(targets));
  writer.WriteDocument("mef.json", document);
  return std::move(writer).Result();
}

}  // namespace saef::tools
