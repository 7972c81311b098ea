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
class AeId {
 public:
  // "//fqdn/cse/C…" or "//fqdn/S…" only.
  static Result<AeId> ParseAbsolute(std::string_view text);
  // Any form; a stem and an SP-relative form are completed with the CSE's own identifier. kBadForm
  // where it is none of them (a C-stem directly under an SP, an S-stem under a CSE).
  static Result<AeId> Parse(std::string_view text, const CseId& registrar);

  const Fqdn& sp() const noexcept { return sp_; }
  // The name of the CSE that assigned a C-stem; none for an S-stem.
  const std::optional<std::string>& registrar() const noexcept { return cse_; }
  const std::string& stem() const noexcept { return stem_; }
  bool assigned_by_cse() const noexcept { return cse_.has_value(); }
  std::string Absolute() const;
  std::string SpRelative() const;
  friend bool operator==(const AeId&, const AeId&) = default;

 private:
  AeId(Fqdn sp, std::optional<std::string> cse, std::string stem)
      : sp_(std::move(sp)), cse_(std::move(cse)), stem_(std::move(stem)) {}
  Fqdn sp_;
  std::optional<std::string> cse_;
  std::string stem_;
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
