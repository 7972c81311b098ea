// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/certificate_end.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "onem2m/certificate.h"
#include "onem2m/parsed_certificate.h"

namespace saef::onem2m {
namespace {

// notAfter is the last second of its validity (RFC 5280 4.1.2.5).
Result<Time> EndOfOneCertificate(const std::string& der) {
  const auto parsed = ParsedCertificate::Parse(der);
  if (!parsed) return parsed.error();
  return parsed->not_after() + std::chrono::seconds(1);
}

// The shortest part of the chain that leads to this anchor; nothing where none does.
std::optional<Time> EndOfPath(std::span<const std::string> chain, const std::string& anchor,
                              Time now) {
  for (std::size_t length = 1; length <= chain.size(); ++length) {
    const auto path = chain.first(length);
    if (!VerifyCertificateChain(path, {&anchor, 1}, now)) continue;
    auto end = EndOfOneCertificate(anchor);
    for (const std::string& certificate : path) {
      const auto its_end = EndOfOneCertificate(certificate);
      if (!end || !its_end) return std::nullopt;
      end = std::min(*end, *its_end);
    }
    return *end;
  }
  return std::nullopt;
}

}  // namespace

Result<Time> EndOfCertificateChain(std::span<const std::string> chain,
                                   std::span<const std::string> anchors, Time now) {
  if (const auto verified = VerifyCertificateChain(chain, anchors, now); !verified) {
    return verified.error();
  }
  std::optional<Time> last;
  for (const std::string& anchor : anchors) {
    const auto end = EndOfPath(chain, anchor, now);
    if (end && (!last || *end > *last)) last = end;
  }
  if (!last) return Error::kUntrusted;
  return *last;
}

}  // namespace saef::onem2m
