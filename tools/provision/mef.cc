// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MEF's part of a provisioning: mef.json, the key of its store, Kpm of each enrolee, and the
// key between it and its Enrolment Target.
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

// The instructions for the MAF.
Value MafsBlock(Document& document, const Provisioning& p, const std::string& maf_uri) {
  Value maf(rapidjson::kObjectType);
  AddMember(document, maf, "fqdn", p.maf_fqdn);
  AddMember(document, maf, "keyRegistration",
            maf_uri + std::string(onem2m::maf::kKeyRegistrationPath));
  AddMember(document, maf, "keyRetrieval", maf_uri + std::string(onem2m::maf::kKeyRetrievalPath));
  AddMember(document, maf, "kmIdRetrieval", maf_uri + std::string(onem2m::maf::kKmIdRetrievalPath));
  Value mafs(rapidjson::kArrayType);
  mafs.PushBack(maf, document.GetAllocator());
  return mafs;
}

Value EnroleeBlock(Document& document, const Provisioning& p, const ProvisionedEntity& entity,
                   const std::string& maf_uri) {
  Value enrolee(rapidjson::kObjectType);
  AddMember(document, enrolee, "kpmId", KpmIdOf(p, entity.name));
  AddMember(document, enrolee, "kpmFile", entity.name + ".kpm");
  AddMember(document, enrolee, "entityId", EntityIdOf(p, entity));
  AddMember(document, enrolee, "entityType", entity.type);
  if (NeedsMaf(p)) {
    AddMember(document, enrolee, "mafs", MafsBlock(document, p, maf_uri));
  } else {
    AddMember(document, enrolee, "kpsaTargets", std::vector<std::string>{AbsoluteCseId(p, p.cse)});
  }
  return enrolee;
}

// Who enrols: with a MAF, its targets as well.
std::vector<ProvisionedEntity> EnroleesOf(const Provisioning& p) {
  std::vector<ProvisionedEntity> enrolees;
  if (NeedsMaf(p)) {
    enrolees.push_back(TargetCse(p, p.cse));
    for (const std::string& cse : p.other_cses) enrolees.push_back(TargetCse(p, cse));
  }
  enrolees.insert(enrolees.end(), p.entities.begin(), p.entities.end());
  return enrolees;
}

// Who fetches what is derived from the enrolees' Ke: the MAF Km (TS-0003 8.x.2), the CSE Kpsa
// (8.2.2.1).
Value TargetBlock(Document& document, const Provisioning& p) {
  Value target(rapidjson::kObjectType);
  if (NeedsMaf(p)) {
    AddMember(document, target, "fqdn", p.maf_fqdn);
  } else {
    AddMember(document, target, "entityId", AbsoluteCseId(p, p.cse));
  }
  AddMember(document, target, "kmId", TargetIdAtMef(p));
  AddMember(document, target, "kmFile", TargetKeyFile(p));
  return target;
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
  AddStatistics(document, provisioning, 2);
  AddMember(document, document, "store", std::string("mef.sqlite"));
  AddMember(document, document, "storeKeyFile", std::string("mef-store.key"));
  writer.WriteKey("mef-store.key");
  Value enrolees(rapidjson::kArrayType);
  for (const ProvisionedEntity& entity : EnroleesOf(provisioning)) {
    writer.WriteKey(entity.name + ".kpm");
    enrolees.PushBack(EnroleeBlock(document, provisioning, entity, maf_uri),
                      document.GetAllocator());
  }
  AddMember(document, document, "enrolees", std::move(enrolees));
  writer.WriteKey(TargetKeyFile(provisioning));
  Value targets(rapidjson::kArrayType);
  targets.PushBack(TargetBlock(document, provisioning), document.GetAllocator());
  AddMember(document, document, "targets", std::move(targets));
  writer.WriteDocument("mef.json", document);
  return std::move(writer).Result();
}

}  // namespace saef::tools
