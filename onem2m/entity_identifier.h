// SPDX-License-Identifier: GPL-3.0-or-later
//
// Identifiers of CSEs and AEs in each form that From, To and the MAF's tables carry (TS-0001 7.2,
// TS-0004 6.2.3): AE-ID-Stem "C…" (assigned by the Registrar CSE) or "S…" (by the service
// provider); SP-relative "/cse/C…", "/S…"; Absolute "//fqdn/cse/C…", "//fqdn/S…"; CSE-ID "/cse",
// "//fqdn/cse".
//
// "//fqdn/Sx" may name an AE or a CSE: only the context tells (see EntityKind). The FQDN compares
// without case and is folded to lower case; stems and names keep theirs. Their characters are the
// unreserved ones of RFC 3986 2.3, 64 at most (a bound of ours), and "." and ".." are none of them,
// because a URI's path would lose them (RFC 3986 5.2.4). All of it is ASCII, so NFKC has nothing to
// do.
//
// Parse functions take any bytes. kEmpty, kTooLong, kBadCharacter, kBadForm, and those of
// Fqdn::Parse for the FQDN.
#ifndef SAEF_ONEM2M_ENTITY_IDENTIFIER_H_
#define SAEF_ONEM2M_ENTITY_IDENTIFIER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "onem2m/error.h"
#include "onem2m/fqdn.h"

namespace saef::onem2m {

enum class EntityKind { kAe, kCse };

inline constexpr std::size_t kMaxNameLength = 64;

// An Absolute CSE-ID, the canonical form: "//fqdn/cse".
class CseId {
 public:
  // "//fqdn/cse" only.
  static Result<CseId> ParseAbsolute(std::string_view text);
  // Also "/cse", completed with `sp`.
  static Result<CseId> Parse(std::string_view text, const Fqdn& sp);

  const Fqdn& sp() const noexcept { return sp_; }
  const std::string& name() const noexcept { return name_; }  // without slashes: "cse"
  std::string Absolute() const { return "//" + sp_.text() + "/" + name_; }
  std::string SpRelative() const { return "/" + name_; }
  friend bool operator==(const CseId&, const CseId&) = default;

 private:
  CseId(Fqdn sp, std::string name) : sp_(std::move(sp)), name_(std::move(name)) {}
  Fqdn sp_;
  std::string name_;
};

// An AE-ID in canonical form. A C-stem belongs to a Registrar CSE, an S-stem to a service provider.
// One text, in which the others are found: an association has one, and each check asks for it.
class AeId {
 public:
  // "//fqdn/cse/C…" or "//fqdn/S…" only.
  static Result<AeId> ParseAbsolute(std::string_view text);
  // Any form; a stem and an SP-relative form are completed with the CSE's own identifier. kBadForm
  // where it is none of them (a C-stem directly under an SP, an S-stem under a CSE).
  static Result<AeId> Parse(std::string_view text, const CseId& registrar);

  // Views and references are into the AeId. The FQDN is in lower case.
  std::string_view sp() const noexcept;
  // The name of the CSE that assigned a C-stem; none for an S-stem.
  std::optional<std::string_view> registrar() const noexcept;
  std::optional<std::string_view> registrar_id() const noexcept;  // its CSE-ID: "//fqdn/cse"
  std::string_view stem() const noexcept;
  // May this CSE be its Registrar: has it assigned the C-stem, or is it of the S-stem's service
  // provider?
  bool MayRegisterWith(const CseId& cse) const noexcept;
  bool assigned_by_cse() const noexcept { return stem_begin_ > sp_end_ + 1U; }
  const std::string& Absolute() const& noexcept { return absolute_; }
  std::string Absolute() && noexcept { return std::move(absolute_); }
  std::string_view SpRelative() const noexcept;  // "/cse/C…", "/S…"
  friend bool operator==(const AeId&, const AeId&) = default;

 private:
  AeId(std::string absolute, std::size_t sp_end, std::size_t stem_begin) noexcept
      : absolute_(std::move(absolute)),
        sp_end_(static_cast<std::uint16_t>(sp_end)),
        stem_begin_(static_cast<std::uint16_t>(stem_begin)) {}
  std::string absolute_;
  std::uint16_t sp_end_;  // where "/cse/C…" or "/S…" begins
  std::uint16_t stem_begin_;
};

// An AE-ID-Stem: 'C' or 'S' and at least one more unreserved character, 64 octets at most.
bool IsAeIdStem(std::string_view text) noexcept;

// What a From (or a target) looks like before anybody says what it is (TS-0004 7.3.2.1).
enum class OriginatorForm {
  kNone,             // absent or empty
  kJustC,            // "C": assign an AE-ID, please (registration only)
  kJustS,            // "S"
  kCStem,            // "C…"
  kSStem,            // "S…"
  kSpRelativeCStem,  // "/cse/C…"
  kSpRelativeSStem,  // "/S…" when known not to be a CSE; the parser reports kSpRelative
  kSpRelative,       // "/x": a CSE-ID, or an S-type AE-ID
  kAbsoluteCStem,    // "//fqdn/cse/C…"
  kAbsolute,         // "//fqdn/x": a CSE-ID, or an S-type AE-ID
  kOther,            // nothing that names an originator
};

struct Originator {
  OriginatorForm form = OriginatorForm::kNone;
  std::string_view sp;    // of the absolute forms
  std::string_view cse;   // the CSE's name of the forms that have one
  std::string_view stem;  // the AE-ID-Stem or the name: "Cae1", "Sx", "cse1"
};

// Total: every text has a form, and bytes that no grammar of ours has are kOther. The views point
// into `text`; an FQDN is as it came, so compare it as Fqdn::Parse(sp). Allocates nothing.
Originator ParseOriginator(std::string_view text) noexcept;

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_ENTITY_IDENTIFIER_H_
