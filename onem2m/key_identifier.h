// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyIdentifier: the shape that KcId (TS-0003 10.3.5), KeId (10.3.4), KmId (10.6) and KpsaId (10.5)
// share: relative identifier '@' FQDN. Only the FQDN and the receiver's own tables tell them apart.
//
// The relative part has letters, digits, '.', '_', '-' (12.2 sec:relKeyID), 1 to 94 octets; the
// whole has at most 128 (RFC 4279 5.3). Split at the last '@'. Compared without case in both parts:
// the FQDN is folded to lower case; the relative part is kept as given and folded only by
// Canonical(). All of it is ASCII, so NFKC has nothing to do.
#ifndef SAEF_ONEM2M_KEY_IDENTIFIER_H_
#define SAEF_ONEM2M_KEY_IDENTIFIER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "onem2m/error.h"
#include "onem2m/fqdn.h"

namespace saef::onem2m {

class KeyIdentifier {
 public:
  static constexpr std::size_t kMaxLength = 128;
  static constexpr std::size_t kMaxRelativeLength = 94;

  // Strict and total: any bytes in, a KeyIdentifier or an error out. No allocation beyond the
  // result. kEmpty (the text or a part), kTooLong, kBadForm (no '@'), kBadCharacter, and those of
  // Fqdn::Parse.
  static Result<KeyIdentifier> Parse(std::string_view text);
  static Result<KeyIdentifier> Make(std::string_view relative, const Fqdn& fqdn);
  // From the first 16 octets of an exported key: upper-case hexBinary (TS-0003 10.3.4, 10.3.5).
  static Result<KeyIdentifier> FromExport(std::span<const std::uint8_t, 16> relative,
                                          const Fqdn& fqdn);

  const std::string& relative() const noexcept { return relative_; }
  const Fqdn& fqdn() const noexcept { return fqdn_; }
  std::string text() const { return relative_ + "@" + fqdn_.text(); }
  // For tables: upper-case relative part '@' lower-case FQDN.
  std::string Canonical() const;
  friend bool operator==(const KeyIdentifier& a, const KeyIdentifier& b);

 private:
  KeyIdentifier(std::string relative, Fqdn fqdn)
      : relative_(std::move(relative)), fqdn_(std::move(fqdn)) {}
  std::string relative_;
  Fqdn fqdn_;
};

// Is `text` a relative key identifier (TS-0003 12.2 sec:relKeyID)?
bool IsRelativeKeyIdentifier(std::string_view text) noexcept;

// The names under which the standard knows one shape.
using KcId = KeyIdentifier;
using KmId = KeyIdentifier;
using KeId = KeyIdentifier;
using KpsaId = KeyIdentifier;

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_KEY_IDENTIFIER_H_
