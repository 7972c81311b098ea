// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fqdn: a fully qualified domain name in the form that oneM2M identifiers carry: lower case, no
// trailing dot, labels of 1 to 63 letters, digits and hyphens that neither begin nor end with a
// hyphen (RFC 1035 2.3.1, RFC 1123 2.1), 1 to 253 octets. One label is enough. The last label isn't
// all digits (RFC 1123 2.1), so that no IPv4 address passes for a name. Names in other scripts come
// in their ASCII form ("xn--…"), so Unicode normalisation (NFKC) never has anything to do here.
#ifndef SAEF_ONEM2M_FQDN_H_
#define SAEF_ONEM2M_FQDN_H_

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "onem2m/error.h"

namespace saef::onem2m {

class Fqdn {
 public:
  static constexpr std::size_t kMaxLength = 253;
  // A psk_identity may have 128 octets (RFC 4279 5.3); 32 hex digits and '@' leave 95.
  static constexpr std::size_t kMaxMafLength = 95;

  // Folds upper case to lower (names compare without case). Total. kEmpty; kTooLong for the name or
  // a label; kBadCharacter; kBadForm for empty labels, hyphens at a label's ends and IPv4
  // addresses.
  static Result<Fqdn> Parse(std::string_view text);
  // As Parse, but kUpperCase where folding would be needed: for configuration.
  static Result<Fqdn> ParseCanonical(std::string_view text);

  // Why Parse would fail; nothing where it would succeed. Allocates nothing.
  static std::optional<Error> Check(std::string_view text) noexcept;
  static bool IsValid(std::string_view text) noexcept { return !Check(text).has_value(); }

  const std::string& text() const noexcept { return text_; }
  friend auto operator<=>(const Fqdn&, const Fqdn&) = default;

 private:
  explicit Fqdn(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_FQDN_H_
