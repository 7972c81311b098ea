// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/provision/blocks.h"

#include <utility>

#include "onem2m/mef_interface.h"
#include "tools/provision/names.h"
#include "tools/provision/writer.h"

namespace saef::tools {

using rapidjson::Document;
using rapidjson::Value;

Value CertificateBlock(Document& document, const std::string& name, bool with_trust_anchors) {
  Value block(rapidjson::kObjectType);
  AddMember(document, block, "chainFile", CertificateFile(name));
  AddMember(document, block, "keyFile", PrivateKeyFile(name));
  if (with_trust_anchors) {
    AddMember(document, block, "trustAnchorFiles", std::vector<std::string>{kAuthorityFile});
  }
  return block;
}

void AddMafCredential(Document& document, Value& object, const Provisioning& p,
                      const std::string& name, const std::string& mef_uri) {
  switch (p.maf_credential) {
    case MafCredentialKind::kPsk:
      AddMember(document, object, "kmId", KmIdOf(p, name));
      AddMember(document, object, "kmFile", name + ".km");
      return;
    case MafCredentialKind::kCertificate:
      AddMember(document, object, "certificate", CertificateBlock(document, name, true));
      return;
    case MafCredentialKind::kEnrolment:
      AddMember(document, object, "enrolment", EnrolmentBlock(document, p, name, mef_uri));
      return;
  }
}

void AddStatistics(Document& document, const Provisioning& p, int after_cse) {
  Value statistics(rapidjson::kObjectType);
  const int port = p.statistics_port == 0 ? 0 : p.statistics_port + after_cse;
  AddMember(document, statistics, "port", Value(port));
  AddMember(document, document, "statistics", std::move(statistics));
}

Value EnrolmentBlock(Document& document, const Provisioning& p, const std::string& name,
                     const std::string& mef_uri) {
  Value mef(rapidjson::kObjectType);
  AddMember(document, mef, "fqdn", p.mef_fqdn);
  AddMember(document, mef, "uri", mef_uri + std::string(onem2m::mef::kEnrolmentPath));
  AddMember(document, mef, "kpmId", KpmIdOf(p, name));
  AddMember(document, mef, "kpmFile", name + ".kpm");
  Value enrolment(rapidjson::kObjectType);
  AddMember(document, enrolment, "mef", std::move(mef));
  AddMember(document, enrolment, "stateFile", name + ".state");
  return enrolment;
}

void AddMefs(Document& document, const Provisioning& p, const std::string& mef_uri) {
  Value mef(rapidjson::kObjectType);
  AddMember(document, mef, "fqdn", p.mef_fqdn);
  AddMember(document, mef, "uri", mef_uri);
  AddMember(document, mef, "kmId", TargetIdAtMef(p));
  AddMember(document, mef, "kmFile", TargetKeyFile(p));
  Value mefs(rapidjson::kArrayType);
  mefs.PushBack(mef, document.GetAllocator());
  AddMember(document, document, "mefs", std::move(mefs));
}

}  // namespace saef::tools
