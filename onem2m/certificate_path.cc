// SPDX-License-Identifier: GPL-3.0-or-later
//
// The certification path: RFC 5280 6.1, with what TS-0003 8.1.2.2 and 10.1.1 add.
#include <algorithm>
#include <vector>

#include "onem2m/certificate.h"
#include "onem2m/name_constraint.h"
#include "onem2m/parsed_certificate.h"

namespace saef::onem2m {
namespace {

using Path = std::vector<ParsedCertificate>;  // the peer's own first, the anchor last

// Tags of GeneralName (RFC 5280 4.2.1.6).
constexpr std::uint8_t kTagDns = 0x82;
constexpr std::uint8_t kTagDirectory = 0xa4;
constexpr std::uint8_t kTagUri = 0x86;
constexpr std::uint8_t kTypeMask = 0x0f;

// ---- What a certificate must be by itself

// `is_ca`: it stands above another one in the path.
Result<void> CheckUse(const ParsedCertificate& certificate, bool is_ca) {
  // TS-0003 10.1.1.1: keyUsage is there; RFC 5280 4.2.1.3 says which bit each use needs.
  if (!certificate->extKeyUsageSet) return Error::kKeyUsage;
  const unsigned needed = is_ca ? KEYUSE_KEY_CERT_SIGN : KEYUSE_DIGITAL_SIG;
  if ((certificate->extKeyUsage & needed) == 0) return Error::kKeyUsage;
  // RFC 5280 6.1.4 (k). wolfSSL's parser already refuses keyCertSign on what isn't a CA.
  if (is_ca) return certificate->isCA ? Result<void>() : Error::kBadCertificate;
  constexpr unsigned kForTls = EXTKEYUSE_CLIENT_AUTH | EXTKEYUSE_SERVER_AUTH | EXTKEYUSE_ANY;
  if (certificate->extExtKeyUsageSet && (certificate->extExtKeyUsage & kForTls) == 0) {
    return Error::kKeyUsage;
  }
  return {};
}

// RFC 5280 6.1.3 (a) (2)
Result<void> CheckDates(const ParsedCertificate& certificate, Time now) {
  if (now < certificate.not_before()) return Error::kNotYetValid;
  if (now > certificate.not_after()) return Error::kExpired;
  return {};
}

// TS-0003 10.1.1.5 to 10.1.1.8: no wildcards.
bool HasWildcard(const ParsedCertificate& certificate) {
  std::string_view rest = certificate.subject_alt_name();
  while (const auto name = TakeDer(rest)) {
    if ((name->tag == kTagDns || name->tag == kTagUri) &&
        name->content.find('*') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// ---- Name constraints (RFC 5280 4.2.1.10)

std::vector<GeneralName> NamesOf(const ParsedCertificate& certificate) {
  std::vector<GeneralName> names;
  if (!certificate.subject().empty()) names.push_back({ASN_DIR_TYPE, certificate.subject()});
  if (certificate->subjectEmail != nullptr && certificate->subjectEmailLen > 0) {
    names.push_back(
        {ASN_RFC822_TYPE,
         {certificate->subjectEmail, static_cast<std::size_t>(certificate->subjectEmailLen)}});
  }
  std::string_view rest = certificate.subject_alt_name();
  while (const auto name = TakeDer(rest)) {
    std::string_view text = name->content;
    if (name->tag == kTagDirectory) {
      const auto directory = TakeDer(text);
      text = directory ? directory->content : std::string_view();
    }
    names.push_back({name->tag & kTypeMask, text});
  }
  return names;
}

struct Constraint {
  bool is_there = false;  // for names of this type
  bool holds = false;     // the name lies within one of them
};

Constraint Look(const GeneralName& name, const Base_entry* entries) {
  Constraint found;
  for (; entries != nullptr; entries = entries->next) {
    if (entries->type != name.type) continue;
    found.is_there = true;
    const std::string_view base(entries->name, static_cast<std::size_t>(entries->nameSz));
    found.holds = found.holds || LiesWithin(name, base);
  }
  return found;
}

bool MayCertify(const ParsedCertificate& ca, const GeneralName& name) {
  if (Look(name, ca->excludedNames).holds) return false;
  const Constraint permitted = Look(name, ca->permittedNames);
  return !permitted.is_there || permitted.holds;
}

// RFC 5280 6.1.3 (b) and (c): each CA's constraints hold for all that is below it, but not for CA
// certificates that it issued to itself.
Result<void> CheckNames(const Path& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (HasWildcard(path[i])) return Error::kWildcard;
    if (i > 0 && path[i].self_issued()) continue;
    for (const GeneralName& name : NamesOf(path[i])) {
      const auto above = path.begin() + static_cast<std::ptrdiff_t>(i) + 1;
      if (!std::all_of(above, path.end(),
                       [&name](const ParsedCertificate& ca) { return MayCertify(ca, name); })) {
        return Error::kNameConstraint;
      }
    }
  }
  return {};
}

// ---- The path

// RFC 5280 6.1.4 (l), (m): so many CA certificates, but for self-issued ones, stand below this one.
Result<void> CheckPathLength(const Path& path, std::size_t ca) {
  // The peer's own may be that of a CA, too, with nothing below it.
  if (ca == 0 || !path[ca]->pathLengthSet) return {};
  const auto below =
      std::count_if(path.begin() + 1, path.begin() + static_cast<std::ptrdiff_t>(ca),
                    [](const ParsedCertificate& between) { return !between.self_issued(); });
  return below > path[ca]->pathLength ? Result<void>(Error::kUntrusted) : Result<void>();
}

Result<void> CheckPath(const Path& path, Time now) {
  for (std::size_t i = path.size(); i-- > 0;) {
    if (const auto dates = CheckDates(path[i], now); !dates) return dates;
    if (const auto use = CheckUse(path[i], i > 0); !use) return use;
    if (const auto length = CheckPathLength(path, i); !length) return length;
    // RFC 5280 6.1.3 (a) (4) and (1); the anchor is trusted without.
    if (i + 1 == path.size()) continue;
    if (path[i].issuer() != path[i + 1].subject()) return Error::kUntrusted;
    if (const auto signature = path[i].VerifySignature(path[i + 1]); !signature) return signature;
  }
  return CheckNames(path);
}

bool IsAnchor(std::string_view certificate, std::span<const std::string> anchors) {
  return std::any_of(anchors.begin(), anchors.end(),
                     [certificate](const std::string& anchor) { return certificate == anchor; });
}

// Which of two reasons to tell: the one of the anchor that got further than "not signed by it".
boost::system::error_code Better(boost::system::error_code left, boost::system::error_code right) {
  return left == make_error_code(Error::kUntrusted) ? right : left;
}

}  // namespace

Result<void> VerifyCertificateChain(std::span<const std::string> chain,
                                    std::span<const std::string> anchors, Time now) {
  if (chain.empty() || chain.size() > kMaxPathLength) return Error::kBadCertificate;
  Path path;
  path.reserve(chain.size() + 1);
  for (const std::string& certificate : chain) {
    auto parsed = ParsedCertificate::Parse(certificate);
    if (!parsed) return parsed.error();
    path.push_back(std::move(*parsed));
    // What stands above an anchor is nobody's concern.
    if (path.size() > 1 && IsAnchor(certificate, anchors)) return CheckPath(path, now);
  }
  boost::system::error_code reason = Error::kUntrusted;
  for (const std::string& anchor : anchors) {
    auto parsed = ParsedCertificate::Parse(anchor);
    if (!parsed || parsed->subject() != path.back().issuer()) continue;
    path.push_back(std::move(*parsed));
    const auto checked = CheckPath(path, now);
    if (checked) return {};
    reason = Better(reason, checked.error());
    path.pop_back();
  }
  return reason;
}

}  // namespace saef::onem2m
