// SPDX-License-Identifier: GPL-3.0-or-later
//
// The CSE's part of a provisioning: saef.json for the plugin, cse.json for the reference CSE, and
// the keys that Entity A and the CSE share.
#include <rapidjson/document.h>

#include <optional>
#include <utility>
#include <vector>

#include "bindings/credential.h"
#include "onem2m/certificate.h"
#include "onem2m/maf_interface.h"
#include "tools/provision/blocks.h"
#include "tools/provision/names.h"
#include "tools/provision/provision.h"
#include "tools/provision/writer.h"

namespace saef::tools {
namespace {

using rapidjson::Document;
using rapidjson::Value;

void AddMafs(Document& plugin, const Provisioning& p, const std::string& maf_uri,
             const std::string& mef_uri) {
  Value maf(rapidjson::kObjectType);
  AddMember(plugin, maf, "fqdn", p.maf_fqdn);
  AddMember(plugin, maf, "keyRetrieval", maf_uri + std::string(onem2m::maf::kKeyRetrievalPath));
  AddMafCredential(plugin, maf, p, p.cse, mef_uri);
  Value mafs(rapidjson::kArrayType);
  mafs.PushBack(maf, plugin.GetAllocator());
  AddMember(plugin, plugin, "mafs", std::move(mafs));
}

// A credential that the plugin is told the owner of (TS-0003 8.2.1: configured by the service
// provider).
Value IdentityBlock(Document& plugin, const std::string& credential_id, const Provisioning& p,
                    const ProvisionedEntity& entity) {
  Value identity(rapidjson::kObjectType);
  AddMember(plugin, identity, "credentialId", credential_id);
  AddMember(plugin, identity, "entityId", EntityIdOf(p, entity));
  AddMember(plugin, identity, "entityType", entity.type);
  return identity;
}

void AddProvisionedKeys(Document& plugin, const Provisioning& p, ProvisionWriter& writer) {
  Value keys(rapidjson::kArrayType);
  for (const ProvisionedEntity& entity : p.entities) {
    Value key(rapidjson::kObjectType);
    AddMember(plugin, key, "kpsaId", KpsaIdOf(p, entity.name));
    AddMember(plugin, key, "kpsaFile", entity.name + ".kpsa");
    if (const std::string id = EntityIdOf(p, entity); !id.empty()) {
      AddMember(plugin, key, "entityId", id);
      AddMember(plugin, key, "entityType", entity.type);
    }
    writer.WriteKey(entity.name + ".kpsa");
    keys.PushBack(key, plugin.GetAllocator());
  }
  AddMember(plugin, plugin, "provisionedKeys", std::move(keys));
}

void AddCertificates(Document& plugin, const Provisioning& p) {
  std::vector<std::string> anchors = {kAuthorityFile};
  if (p.ae_certificate == AeCertificateKind::kNodeId) anchors.emplace_back(kNodeAuthorityFile);
  Value certificates(rapidjson::kObjectType);
  AddMember(plugin, certificates, "trustAnchorFiles", anchors);
  AddMember(plugin, plugin, "certificates", std::move(certificates));
  if (p.ae_certificate == AeCertificateKind::kAeId) return;  // they name their AEs themselves
  Value identities(rapidjson::kArrayType);
  for (const ProvisionedEntity& entity : p.entities) {
    if (entity.type != "AE") continue;
    Value identity(rapidjson::kObjectType);
    AddMember(plugin, identity, "credentialId", CertificateIdOf(p, entity));
    AddMember(plugin, identity, "entityIds",
              std::vector<std::string>{AbsoluteAeIdOf(p, entity.name)});
    AddMember(plugin, identity, "entityType", entity.type);
    identities.PushBack(identity, plugin.GetAllocator());
  }
  AddMember(plugin, plugin, "identities", std::move(identities));
}

void AddRawPublicKeys(Document& plugin, const Provisioning& p, ProvisionWriter& writer) {
  Value identities(rapidjson::kArrayType);
  for (const ProvisionedEntity& entity : p.entities) {
    auto read = bindings::ReadPublicKey((p.folder / RawPublicKeyFile(entity.name)).string());
    if (auto* error = std::get_if<std::string>(&read)) return writer.Fail(std::move(*error));
    const auto id = onem2m::CredentialIdOfPublicKey(std::get<bindings::PublicKey>(read).spki);
    if (!id) return writer.Fail(entity.name + ": " + id.error().message());
    ProvisionedEntity named = entity;
    if (!named.entity_id) named.entity_id = AbsoluteAeIdOf(p, entity.name);
    identities.PushBack(IdentityBlock(plugin, id->text(), p, named), plugin.GetAllocator());
  }
  AddMember(plugin, plugin, "identities", std::move(identities));
}

void WriteCse(const Provisioning& p, ProvisionWriter& writer) {
  Document cse;
  cse.SetObject();
  AddMember(cse, cse, "id", "/" + p.cse);
  AddMember(cse, cse, "serviceProvider", p.service_provider);
  AddMember(cse, cse, "resourceName", std::string("base"));
  AddMember(cse, cse, "listen", p.cse_listen);
  AddStatistics(cse, p, 0);
  if (p.cse_credential == CseCredentialKind::kCertificate) {
    AddMember(cse, cse, "certificate", CertificateBlock(cse, p.cse, false));
  } else if (p.cse_credential == CseCredentialKind::kRawPublicKey) {
    Value raw(rapidjson::kObjectType);
    AddMember(cse, raw, "publicKeyFile", RawPublicKeyFile(p.cse));
    AddMember(cse, raw, "keyFile", RawPrivateKeyFile(p.cse));
    AddMember(cse, cse, "rawPublicKey", std::move(raw));
  }
  Value module(rapidjson::kObjectType);
  AddMember(cse, module, "module", p.plugin_module);
  AddMember(cse, module, "config", std::string("saef.json"));
  Value modules(rapidjson::kArrayType);
  modules.PushBack(module, cse.GetAllocator());
  AddMember(cse, cse, "plugins", std::move(modules));
  AddMember(cse, cse, "refusal", p.refusal);
  if (!p.remote_cses.empty()) {
    Value remotes(rapidjson::kArrayType);
    for (const std::string& entity : p.remote_cses) {
      Value remote(rapidjson::kObjectType);
      AddMember(cse, remote, "entity", entity);
      const bool registrar = p.first_remote_is_registrar && entity == p.remote_cses.front();
      AddMember(cse, remote, "register", Value(registrar));
      remotes.PushBack(remote, cse.GetAllocator());
    }
    AddMember(cse, cse, "remoteCses", std::move(remotes));
  }
  writer.WriteDocument("cse.json", cse);
}

}  // namespace

Written ProvisionCse(const Provisioning& provisioning, const std::string& maf_uri,
                     const std::string& mef_uri) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  ProvisionWriter writer(provisioning.folder);
  Document plugin;
  plugin.SetObject();
  Value self(rapidjson::kObjectType);
  AddMember(plugin, self, "id", "/" + provisioning.cse);
  AddMember(plugin, self, "serviceProvider", provisioning.service_provider);
  AddMember(plugin, plugin, "cse", std::move(self));
  switch (provisioning.cse_credential) {
    case CseCredentialKind::kMaf:
      AddMafs(plugin, provisioning, maf_uri, mef_uri);
      break;
    case CseCredentialKind::kKpsa:
      AddProvisionedKeys(plugin, provisioning, writer);
      break;
    case CseCredentialKind::kEnrolment:
      AddMefs(plugin, provisioning, mef_uri);
      break;
    case CseCredentialKind::kCertificate:
      AddCertificates(plugin, provisioning);
      break;
    case CseCredentialKind::kRawPublicKey:
      AddRawPublicKeys(plugin, provisioning, writer);
      break;
  }
  writer.WriteDocument("saef.json", plugin);
  WriteCse(provisioning, writer);
  return std::move(writer).Result();
}

}  // namespace saef::tools
