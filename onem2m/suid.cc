// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/suid.h"

namespace saef::onem2m {

Result<Suid> ToSuid(long long number) {
  // Every enumerator has two digits; a larger number would lose digits in the cast.
  if (number < 10 || number > 99) return Error::kOutOfRange;
  const auto suid = static_cast<Suid>(number);
  if (Describe(suid).empty()) return Error::kOutOfRange;
  return suid;
}

std::string_view Describe(Suid suid) noexcept {
  switch (suid) {
    case Suid::kPreProvisionedMef:
      return "pre-provisioned key, MEF";
    case Suid::kPreProvisionedMaf:
      return "pre-provisioned key, MAF";
    case Suid::kPreProvisionedSaef:
      return "pre-provisioned key, SAEF";
    case Suid::kPreProvisionedEsPrim:
      return "pre-provisioned key, ESPrim";
    case Suid::kPreProvisionedEsData:
    case Suid::kPreProvisionedEsDataOther:
      return "pre-provisioned key, ESData";
    case Suid::kRspfMaf:
      return "remotely provisioned key, MAF";
    case Suid::kRspfSaef:
      return "remotely provisioned key, SAEF";
    case Suid::kRspfEsPrim:
      return "remotely provisioned key, ESPrim";
    case Suid::kRspfEsData:
    case Suid::kRspfEsDataOther:
      return "remotely provisioned key, ESData";
    case Suid::kMafSaef:
      return "MAF-distributed key, SAEF";
    case Suid::kMafEsPrim:
      return "MAF-distributed key, ESPrim";
    case Suid::kMafEsData:
    case Suid::kMafEsDataOther:
      return "MAF-distributed key, ESData";
    case Suid::kCertificate40:
    case Suid::kCertificate41:
    case Suid::kCertificate42:
    case Suid::kCertificate43:
    case Suid::kCertificate44:
    case Suid::kCertificate45:
      return "certificate";
  }
  return {};
}

bool IsDistributedByMaf(Suid suid) noexcept {
  return suid == Suid::kMafSaef || suid == Suid::kMafEsPrim || AllowsSeveralTargets(suid);
}

bool AllowsSeveralTargets(Suid suid) noexcept {
  return suid == Suid::kMafEsData || suid == Suid::kMafEsDataOther;
}

}  // namespace saef::onem2m
