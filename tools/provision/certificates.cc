// SPDX-License-Identifier: GPL-3.0-or-later
//
// The certificates of a provisioning: one provisional authority for its domains, an FQDN
// certificate for the MAF and the MEF, a CSE-ID certificate for each CSE, and what the AEs are to
// have.
#include <chrono>
#include <memory>
#include <utility>

#include "onem2m/timestamp.h"
#include "tools/certificate_authority.h"
#include "tools/provision/names.h"
#include "tools/provision/provision.h"
#include "tools/provision/writer.h"

namespace saef::tools {
namespace {

// Issues into the folder; the first failure is the writer's.
class Issuer {
 public:
  Issuer(const Provisioning& provisioning, ProvisionWriter& writer)
      : provisioning_(provisioning), writer_(writer) {
    // Clocks of devices are a little off.
    validity_.from = onem2m::Now() - std::chrono::hours(1);
    validity_.to = onem2m::Now() + std::chrono::days(provisioning.certificate_days);
  }

  void MakeAuthority(const std::string& file, const NameConstraints& names) {
    auto made = CertificateAuthority::Make("SAEF provisional authority", names, validity_);
    if (auto* error = std::get_if<std::string>(&made)) return writer_.Fail(std::move(*error));
    authority_ =
        std::make_unique<CertificateAuthority>(std::get<CertificateAuthority>(std::move(made)));
    writer_.WritePem(file, "CERTIFICATE", authority_->certificate());
    // Kept, so that the site can issue more with it: ca.key.pem.
    writer_.WritePrivateKey(file.substr(0, file.rfind('.')) + ".key.pem",
                            authority_->private_key());
  }

  void Issue(const std::string& name, const SubjectAltName& names) {
    if (writer_.failed()) return;
    auto issued = authority_->Issue(name, names, validity_);
    if (auto* error = std::get_if<std::string>(&issued)) return writer_.Fail(std::move(*error));
    const auto& certificate = std::get<IssuedCertificate>(issued);
    writer_.WritePem(CertificateFile(name), "CERTIFICATE", certificate.certificate);
    writer_.WritePrivateKey(PrivateKeyFile(name), certificate.private_key);
  }

  // A dNSName alone: a MAF, an MEF, a CSE.
  void IssueDns(const std::string& name, const std::string& domain) {
    SubjectAltName names;
    if (!names.AddDns(domain)) return writer_.Fail(domain + " can't stand in a certificate");
    Issue(name, names);
  }

  void IssueEntity(const ProvisionedEntity& entity) {
    SubjectAltName names;
    bool named = false;
    switch (provisioning_.ae_certificate) {
      case AeCertificateKind::kAeId:
        named = names.AddUri("m2m:" + EntityIdOf(provisioning_, entity));
        break;
      case AeCertificateKind::kDevice:
        named = names.AddDevice(kHardwareType, SerialNumberOf(provisioning_, entity));
        break;
      case AeCertificateKind::kNodeId:
        named = names.AddUri(NodeIdOf(entity));
        break;
    }
    if (!named) return writer_.Fail("what names " + entity.name + " can't stand in a certificate");
    Issue(entity.name, names);
  }

 private:
  const Provisioning& provisioning_;
  ProvisionWriter& writer_;
  Validity validity_;
  std::unique_ptr<CertificateAuthority> authority_;
};

void WriteRawKeyPair(const std::string& name, ProvisionWriter& writer) {
  auto made = MakeRawKeyPair();
  if (auto* error = std::get_if<std::string>(&made)) return writer.Fail(std::move(*error));
  const auto& pair = std::get<RawKeyPair>(made);
  writer.WritePem(RawPublicKeyFile(name), "PUBLIC KEY", pair.public_key);
  writer.WritePrivateKey(RawPrivateKeyFile(name), pair.private_key);
}

void WriteCertificates(const Provisioning& p, ProvisionWriter& writer) {
  Issuer issuer(p, writer);
  issuer.MakeAuthority(kAuthorityFile,
                       {{p.service_provider, p.maf_fqdn, p.mef_fqdn}, {p.service_provider}});
  if (NeedsMaf(p)) issuer.IssueDns("maf", p.maf_fqdn);
  issuer.IssueDns(p.cse, CseDomain(p, p.cse));
  for (const std::string& cse : p.other_cses) issuer.IssueDns(cse, CseDomain(p, cse));
  for (const ProvisionedEntity& entity : p.entities) {
    if (entity.type == "CSE") issuer.IssueDns(entity.name, CseDomain(p, entity.name));
  }
  if (p.ae_certificate == AeCertificateKind::kNodeId)
    issuer.MakeAuthority(kNodeAuthorityFile, {{p.service_provider}, {}});
  for (const ProvisionedEntity& entity : p.entities) {
    if (entity.type == "AE") issuer.IssueEntity(entity);
  }
}

}  // namespace

Written ProvisionCertificates(const Provisioning& provisioning) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  ProvisionWriter writer(provisioning.folder);
  if (!NeedsMaf(provisioning) && provisioning.cse_credential == CseCredentialKind::kRawPublicKey) {
    WriteRawKeyPair(provisioning.cse, writer);
    for (const ProvisionedEntity& entity : provisioning.entities)
      WriteRawKeyPair(entity.name, writer);
  } else if (NeedsCertificates(provisioning)) {
    WriteCertificates(provisioning, writer);
  }
  return std::move(writer).Result();
}

}  // namespace saef::tools
