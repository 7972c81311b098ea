// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a certification path (onem2m/certificate.h) stops to be valid: an association that rests on
// it ends then. Threads: any; pure.
#ifndef SAEF_ONEM2M_CERTIFICATE_END_H_
#define SAEF_ONEM2M_CERTIFICATE_END_H_

#include <span>
#include <string>

#include "onem2m/error.h"
#include "onem2m/timestamp.h"

namespace saef::onem2m {

// Verifies the chain as VerifyCertificateChain does, with its errors, and gives the first moment at
// which one certificate of its path, the anchor's too, is no longer valid. Where it leads to more
// than one anchor, the path that is valid longest counts; what was sent beyond the anchor doesn't.
Result<Time> EndOfCertificateChain(std::span<const std::string> chain,
                                   std::span<const std::string> anchors, Time now);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_CERTIFICATE_END_H_
