// SPDX-License-Identifier: GPL-3.0-or-later
//
// Security Usage Identifier (TS-0004 6.3.4.2.39): what a key may be used for.
#ifndef SAEF_ONEM2M_SUID_H_
#define SAEF_ONEM2M_SUID_H_

#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

enum class Suid {
  kPreProvisionedMef = 10,
  kPreProvisionedMaf = 11,
  kPreProvisionedSaef = 12,
  kPreProvisionedEsPrim = 13,
  kPreProvisionedEsData = 14,
  kPreProvisionedEsDataOther = 15,
  kRspfMaf = 21,
  kRspfSaef = 22,
  kRspfEsPrim = 23,
  kRspfEsData = 24,
  kRspfEsDataOther = 25,
  kMafSaef = 32,
  kMafEsPrim = 33,
  kMafEsData = 34,
  kMafEsDataOther = 35,
  kCertificate40 = 40,
  kCertificate41 = 41,
  kCertificate42 = 42,
  kCertificate43 = 43,
  kCertificate44 = 44,
  kCertificate45 = 45,
};

Result<Suid> ToSuid(long long number);  // kOutOfRange for numbers that the standard doesn't have
std::string_view Describe(Suid suid) noexcept;  // for people: "MAF-distributed key, SAEF"
// Is the key distributed by a MAF (32 to 35), so that Key Registration may carry it
// (TS-0003 8.x.5)?
bool IsDistributedByMaf(Suid suid) noexcept;
// TS-0003 table 8.x.1-1: exactly one target for SAEF and ESPrim, one or more for ESData.
bool AllowsSeveralTargets(Suid suid) noexcept;

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_SUID_H_
