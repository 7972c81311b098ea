// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keys that oneM2M derives: the split of an exported key (TS-0003 10.3.1), Km from Ke (10.3.7;
// the seed's 10.3.x), Kpsa from Ke (10.3.3), and the halves of a distributed key (8.x.1 step 6).
// Pure; the export itself is the TLS session's (bindings/).
//
// TS-0003 wants identifiers in UTF-8, NFKC. Ours are FQDNs and other ASCII, which NFKC leaves
// alone; other bytes are refused (kBadCharacter), and so is an empty identifier (kEmpty). Ke has
// kKeyLength octets (kBadKeyLength). kMemory and kCryptography as in onem2m/secret.h.
#ifndef SAEF_ONEM2M_KEY_DERIVATION_H_
#define SAEF_ONEM2M_KEY_DERIVATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"
#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "onem2m/suid.h"

namespace saef::onem2m {

// RFC 5705 labels; no context is used (use_context = 0). TS-0003 10.3.1.
inline constexpr std::string_view kConnectionExportLabel = "EXPORTER-oneM2M-Connection";  // Kc
inline constexpr std::string_view kBootstrapExportLabel = "EXPORTER-oneM2M-Bootstrap";    // Ke
inline constexpr std::size_t kExportLength = 48;
inline constexpr std::size_t kKeyLength = 32;  // Kc, Ke, Km, Kpsa

struct ExportedKey {
  std::array<std::uint8_t, 16> relative_id;  // the first 16 octets: RelativeKcId or RelativeKeId
  Secret key;                                // the last 32: Kc or Ke
};

// kBadKeyLength unless there are 48 octets.
Result<ExportedKey> SplitExport(std::span<const std::uint8_t> exported);

// HMAC-SHA-256(Ke, "oneM2M Enrolment Key to Usage-Constrained Symmetric Key derivation" ‖ SUID as
// decimal text ‖ Enrolment-Target-ID). TS-0003 10.3.7. The identifier has 1024 octets at most
// (kTooLong).
Result<Secret> DeriveUsageConstrainedKey(const Secret& ke, Suid suid,
                                         std::string_view enrolment_target_id);

// HMAC-SHA-256(Ke, "oneM2M Enrolment Key to Provisioned Secure Connection Key derivation" ‖
// Enrolee-B-ID). 10.3.3.
Result<Secret> DeriveKpsa(const Secret& ke, std::string_view enrolee_b_id);

// For protocols that need one key: the first half; for two: both halves (TS-0003 8.x.1 step 6).
// kBadKeyLength unless the length is even and not 0.
Result<Secret> FirstHalf(const Secret& kc);
Result<Secret> SecondHalf(const Secret& kc);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_KEY_DERIVATION_H_
