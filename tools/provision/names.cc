// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/provision/names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"

namespace saef::tools {
namespace {

// What is wrong with the domain name of a MAF or MEF; empty: nothing.
std::string CheckFunction(const std::string& what, const std::string& fqdn) {
  if (onem2m::Fqdn::ParseCanonical(fqdn) && fqdn.size() <= onem2m::Fqdn::kMaxMafLength) return {};
  return "the " + what + "'s FQDN \"" + fqdn +
         "\" must be a domain name in lower case of at most 95 characters, such as "
         "maf.example.com";
}

std::string HexOf(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char octet : octets) {
    text += kDigits[static_cast<std::uint8_t>(octet) >> 4];
    text += kDigits[static_cast<std::uint8_t>(octet) & 0x0f];
  }
  return text;
}

// An entity of this name in a list, by position: serial numbers must differ.
std::size_t PositionOf(const Provisioning& p, const ProvisionedEntity& entity) {
  const auto found = std::ranges::find_if(
      p.entities, [&entity](const ProvisionedEntity& other) { return other.name == entity.name; });
  return static_cast<std::size_t>(found - p.entities.begin());
}

}  // namespace

bool NeedsMaf(const Provisioning& p) { return p.cse_credential == CseCredentialKind::kMaf; }

bool NeedsMef(const Provisioning& p) {
  return NeedsMaf(p) ? p.maf_credential == MafCredentialKind::kEnrolment
                     : p.cse_credential == CseCredentialKind::kEnrolment;
}

bool NeedsCertificates(const Provisioning& p) {
  if (NeedsMaf(p)) return p.maf_credential == MafCredentialKind::kCertificate;
  return p.cse_credential == CseCredentialKind::kCertificate ||
         p.cse_credential == CseCredentialKind::kRawPublicKey;
}

std::string AbsoluteCseId(const Provisioning& p, const std::string& cse) {
  return "//" + p.service_provider + "/" + cse;
}

std::string AbsoluteAeIdOf(const Provisioning& p, const std::string& name) {
  return "//" + p.service_provider + "/S" + name;
}

std::string CseDomain(const Provisioning& p, const std::string& cse) {
  return cse + "." + p.service_provider;
}

std::string KmIdOf(const Provisioning& p, const std::string& name) {
  return name + "@" + p.maf_fqdn;
}

std::string KpmIdOf(const Provisioning& p, const std::string& name) {
  return name + "@" + p.mef_fqdn;
}

std::string TargetIdAtMef(const Provisioning& p) {
  return (NeedsMaf(p) ? "maf" : p.cse) + "@" + p.mef_fqdn;
}

std::string TargetKeyFile(const Provisioning& p) {
  return (NeedsMaf(p) ? "maf" : p.cse) + "-mef.km";
}

std::string KpsaIdOf(const Provisioning& p, const std::string& name) {
  return name + "@" + p.service_provider;
}

std::string EntityIdOf(const Provisioning& p, const ProvisionedEntity& entity) {
  if (entity.entity_id) return *entity.entity_id;
  if (NeedsMef(p)) return AbsoluteAeIdOf(p, entity.name);  // the MEF tells it
  const bool certified = NeedsMaf(p) ? p.maf_credential == MafCredentialKind::kCertificate
                                     : p.cse_credential == CseCredentialKind::kCertificate;
  if (!certified || p.ae_certificate != AeCertificateKind::kAeId) return {};
  return AbsoluteAeIdOf(p, entity.name);
}

std::string SerialNumberOf(const Provisioning& p, const ProvisionedEntity& entity) {
  const std::size_t number = PositionOf(p, entity) + 1;
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

std::string NodeIdOf(const ProvisionedEntity& entity) { return "urn:saef:node:" + entity.name; }

std::string CertificateIdOf(const Provisioning& p, const ProvisionedEntity& entity) {
  if (entity.type == "CSE") return "32-" + *entity.entity_id;
  switch (p.ae_certificate) {
    case AeCertificateKind::kDevice:
      return std::string("31-") + kHardwareType + ":" + HexOf(SerialNumberOf(p, entity));
    case AeCertificateKind::kNodeId:
      return "34-" + NodeIdOf(entity);
    case AeCertificateKind::kAeId:
      break;
  }
  return "33-" + EntityIdOf(p, entity);
}

ProvisionedEntity TargetCse(const Provisioning& p, const std::string& cse) {
  ProvisionedEntity target;
  target.name = cse;
  target.type = "CSE";
  target.entity_id = AbsoluteCseId(p, cse);
  return target;
}

std::string CheckNames(const Provisioning& p) {
  if (std::string wrong = CheckFunction("MAF", p.maf_fqdn); !wrong.empty()) return wrong;
  if (std::string wrong = CheckFunction("MEF", p.mef_fqdn); !wrong.empty()) return wrong;
  if (!onem2m::Fqdn::ParseCanonical(p.service_provider)) {
    return "the service provider \"" + p.service_provider +
           "\" must be a domain name in lower case, such as sp.example.com";
  }
  std::vector<std::string> cses = p.other_cses;
  cses.push_back(p.cse);
  for (const std::string& cse : cses) {
    if (!onem2m::CseId::ParseAbsolute(AbsoluteCseId(p, cse))) {
      return "the CSE \"" + cse + "\" must be a CSE-ID without its slash, such as cse1";
    }
  }
  const auto maf = onem2m::Fqdn::ParseCanonical(p.maf_fqdn);
  for (const ProvisionedEntity& entity : p.entities) {
    if (!onem2m::KeyIdentifier::Make(entity.name, maf.value())) {
      return "the entity \"" + entity.name +
             "\" must have letters, digits, '.', '_' and '-' only: it becomes a KmId";
    }
  }
  return {};
}

}  // namespace saef::tools
