// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/certificates.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <variant>

#include "bindings/credential.h"
#include "onem2m/certificate.h"
#include "tools/doctor/certificate_fields.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr days kRenewWithin{30};

Finding BadCertificate(const fs::path& file, const std::string& what, std::string todo) {
  return BadFinding(ExitCode::kUsage, "certificate " + file.string() + ": " + what,
                    std::move(todo));
}

// What to do about what is wrong with a chain.
std::string TodoFor(const boost::system::error_code& error) {
  using onem2m::Error;
  if (error == Error::kUntrusted) {
    return "give the authority that issued it as trust anchor, and the certificates between in "
           "chainFile, own first";
  }
  if (error == Error::kNameConstraint)
    return "have it issued for a name that its authority may certify, or by another authority";
  if (error == Error::kWeakAlgorithm)
    return "have it issued on P-256, uncompressed, signed by ECDSA with SHA-256 (TS-0003 10.1.1)";
  if (error == Error::kKeyUsage)
    return "have it issued with key usage digitalSignature, a CA's with keyCertSign too";
  if (error == Error::kWildcard) return "have it issued for the full name: wildcards don't count";
  return "have it issued anew as TS-0003 10.1.1 demands";
}

// Whether the certificates of a file are alive, and whether they will be for a while.
void ExamineDates(const fs::path& file, const std::vector<std::string>& certificates,
                  onem2m::Time now, Findings* findings) {
  for (const std::string& certificate : certificates) {
    const auto dates = DatesOfCertificate(certificate);
    if (!dates) {
      findings->push_back(BadCertificate(file, "its dates can't be read",
                                         "have it issued anew; openssl x509 -text shows it"));
    } else if (now < dates->from) {
      findings->push_back(
          BadCertificate(file, "isn't valid before " + onem2m::FormatTimestamp(dates->from),
                         "check this machine's clock; else wait or have it issued anew"));
    } else if (now > dates->to) {
      findings->push_back(BadCertificate(file, "has expired, " + onem2m::FormatTimestamp(dates->to),
                                         "have it issued anew"));
    } else {
      const bool soon = dates->to - now < kRenewWithin;
      findings->push_back(GoodFinding(
          "certificate " + file.string() + ": is valid until " + onem2m::FormatTimestamp(dates->to),
          soon ? "have it issued anew soon" : ""));
    }
  }
}

void ExamineNames(const CertificateQuestion& question, const std::string& own, Findings* findings) {
  if (question.fqdn) {
    const auto fqdn = onem2m::Fqdn::Parse(*question.fqdn);
    if (!fqdn || !onem2m::CertificateNames(own, *fqdn)) {
      findings->push_back(BadCertificate(
          question.chain_file, "doesn't carry the name " + *question.fqdn,
          "have it issued with that dNSName in subjectAltName (the common name doesn't count)"));
    } else {
      findings->push_back(
          GoodFinding("certificate " + question.chain_file.string() + ": names " + *question.fqdn));
    }
    return;
  }
  const auto identity = onem2m::IdentityOfCertificate(own);
  if (!identity) {
    findings->push_back(BadCertificate(
        question.chain_file, "names no entity: " + identity.error().message(),
        "have it issued as a CSE-ID, AE-ID, device or Node-ID certificate (TS-0003 10.1.1)"));
    return;
  }
  const std::string told = identity->ae    ? identity->ae->Absolute()
                           : identity->cse ? identity->cse->Absolute()
                                           : std::string();
  if (question.entity_id && !told.empty() && told != *question.entity_id) {
    findings->push_back(BadCertificate(
        question.chain_file, "names " + told + ", and entityId is " + *question.entity_id,
        "make the two agree: the other side believes the certificate"));
    return;
  }
  findings->push_back(GoodFinding("certificate " + question.chain_file.string() +
                                  ": is of Credential-ID " + identity->credential_id.text()));
}

void ExamineProfile(const fs::path& file, const std::string& own, Findings* findings) {
  const auto spki = onem2m::PublicKeyOfCertificate(own);
  if (!spki || !onem2m::CheckPublicKey(*spki)) {
    findings->push_back(BadCertificate(file, "isn't on P-256 with an uncompressed point",
                                       TodoFor(make_error_code(onem2m::Error::kWeakAlgorithm))));
  }
  if (!MaySignHandshakes(own)) {
    findings->push_back(BadCertificate(file, "isn't for digital signatures",
                                       TodoFor(make_error_code(onem2m::Error::kKeyUsage))));
  }
}

// Reads all certificates of these files; those that can't be read are told.
std::vector<std::string> ReadAnchors(const std::vector<fs::path>& files, onem2m::Time now,
                                     Findings* findings) {
  std::vector<std::string> anchors;
  for (const fs::path& file : files) {
    Findings told = ExamineTrustAnchors(file, now);
    std::ranges::move(told, std::back_inserter(*findings));
    auto read = bindings::ReadCertificates(file.string());
    if (auto* certificates = std::get_if<std::vector<std::string>>(&read))
      std::ranges::move(*certificates, std::back_inserter(anchors));
  }
  return anchors;
}

void ExamineChain(const CertificateQuestion& question, const std::vector<std::string>& chain,
                  onem2m::Time now, Findings* findings) {
  std::vector<std::string> anchors = ReadAnchors(question.anchor_files, now, findings);
  if (!question.own_anchor_files.empty())
    anchors = ReadAnchors(question.own_anchor_files, now, findings);
  if (anchors.empty()) return;
  const std::string name = "certificate " + question.chain_file.string();
  const auto verified = onem2m::VerifyCertificateChain(chain, anchors, now);
  if (verified) {
    findings->push_back(GoodFinding(name + ": leads to a trust anchor"));
  } else if (verified.error() == onem2m::Error::kUntrusted && question.own_anchor_files.empty()) {
    findings->push_back(GoodFinding(
        name + ": isn't of the authorities that judge the other side, so its chain wasn't checked",
        "name its own authority with --anchor to have it checked"));
  } else {
    findings->push_back(
        BadCertificate(question.chain_file, verified.error().message(), TodoFor(verified.error())));
  }
}

}  // namespace

Findings ExamineCertificate(const CertificateQuestion& question, onem2m::Time now) {
  Findings findings;
  auto read = bindings::ReadCertificates(question.chain_file.string());
  if (const auto* error = std::get_if<std::string>(&read)) {
    findings.push_back(
        BadFinding(ExitCode::kUsage, *error, "name a PEM file with the certificate as chainFile"));
    return findings;
  }
  const auto& chain = std::get<std::vector<std::string>>(read);
  auto key = bindings::ReadPrivateKey(question.key_file.string());
  if (const auto* error = std::get_if<std::string>(&key)) {
    findings.push_back(BadFinding(ExitCode::kUsage, *error,
                                  "name the certificate's private key as keyFile, mode 0600"));
  } else if (const auto spki = onem2m::PublicKeyOfCertificate(chain.front());
             !spki || PublicKeyOfPrivate(std::get<onem2m::Secret>(key)) != *spki) {
    findings.push_back(BadCertificate(question.chain_file,
                                      "isn't of the private key " + question.key_file.string(),
                                      "name the two files that belong together"));
  } else {
    findings.push_back(GoodFinding("private key " + question.key_file.string() +
                                   ": is the certificate's, and only its owner can read it"));
  }
  ExamineDates(question.chain_file, chain, now, &findings);
  ExamineProfile(question.chain_file, chain.front(), &findings);
  ExamineNames(question, chain.front(), &findings);
  // What is wrong so far would be told a second time.
  if (Verdict(findings) == ExitCode::kDone) ExamineChain(question, chain, now, &findings);
  return findings;
}

Findings ExamineTrustAnchors(const fs::path& file, onem2m::Time now) {
  Findings findings;
  auto read = bindings::ReadCertificates(file.string());
  if (const auto* error = std::get_if<std::string>(&read)) {
    findings.push_back(
        BadFinding(ExitCode::kUsage, *error, "name a PEM file with the CA's certificate"));
    return findings;
  }
  const auto& certificates = std::get<std::vector<std::string>>(read);
  ExamineDates(file, certificates, now, &findings);
  for (const std::string& certificate : certificates) {
    if (!IsAuthority(certificate)) {
      findings.push_back(BadCertificate(file, "is no CA's, so it can't be a trust anchor",
                                        "name the certificate of the authority"));
    }
  }
  return findings;
}

Findings ExamineRawKeyPair(const fs::path& public_file, const fs::path& private_file) {
  auto spki = bindings::ReadPublicKey(public_file.string());
  if (auto* error = std::get_if<std::string>(&spki))
    return {BadFinding(ExitCode::kUsage, *error, "name a PEM file with a P-256 public key")};
  auto key = bindings::ReadPrivateKey(private_file.string());
  if (auto* error = std::get_if<std::string>(&key))
    return {BadFinding(ExitCode::kUsage, *error, "name its private key, mode 0600")};
  if (PublicKeyOfPrivate(std::get<onem2m::Secret>(key)) !=
      std::get<bindings::PublicKey>(spki).spki) {
    return {BadFinding(ExitCode::kUsage,
                       "raw public key " + public_file.string() + ": isn't of the private key " +
                           private_file.string(),
                       "name the two files that belong together")};
  }
  const auto id = onem2m::CredentialIdOfPublicKey(std::get<bindings::PublicKey>(spki).spki);
  return {GoodFinding("raw public key " + public_file.string() + ": is of Credential-ID " +
                      (id ? id->text() : std::string("?")))};
}

}  // namespace saef::tools
