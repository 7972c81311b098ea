// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/peer_check.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "onem2m/certificate.h"
#include "onem2m/certificate_end.h"
#include "plugin/abi_arguments.h"

namespace saef::plugin {
namespace {

using onem2m::CredentialType;

PeerCheck::Verdict Refuse(std::string reason) { return {SAEF_DENIED, {}, std::move(reason)}; }

}  // namespace

PeerCheck::PeerCheck(const onem2m::CseId& own, const std::vector<std::string>& trust_anchors,
                     const Identities& identities)
    : own_(own), trust_anchors_(trust_anchors) {
  for (const Identities::Entry& entry : identities.all()) {
    if (entry.credential_id.type() == CredentialType::kRawPublicKey) {
      public_keys_.push_back(&entry);
    }
  }
}

PeerCheck::Verdict PeerCheck::Judge(const saef_peer& peer, TimePoint now,
                                    onem2m::Time calendar_now) const {
  if (peer.certificate_count > 0) return JudgeChain(peer, now, calendar_now);
  return JudgePublicKey(View(peer.public_key), now);
}

PeerCheck::Verdict PeerCheck::JudgeChain(const saef_peer& peer, TimePoint now,
                                         onem2m::Time calendar_now) const {
  if (trust_anchors_.empty()) return {};
  std::vector<std::string> chain;
  for (const saef_bytes& certificate : std::span(peer.certificates, peer.certificate_count)) {
    chain.emplace_back(View(certificate));
  }
  const auto end = onem2m::EndOfCertificateChain(chain, trust_anchors_, calendar_now);
  if (!end) return Refuse("the certificate chain isn't valid: " + end.error().message());
  auto identity = onem2m::IdentityOfCertificate(chain.front());
  if (!identity) return Refuse("the certificate names nobody: " + identity.error().message());

  auto source = std::make_shared<Source>();
  source->credential_id = identity->credential_id.text();
  source->suid = onem2m::Suid::kCertificate42;
  // TS-0003 8.2.2.2: a CSE-ID certificate and an AE-ID certificate name the entity themselves; of
  // the others the Credential-ID is all that is known.
  if (identity->cse) {
    if (*identity->cse == own_) return Refuse("the certificate is this CSE's own");
    source->entity = std::move(*identity->cse);
  } else if (identity->ae) {
    source->entity = std::move(*identity->ae);
  }
  return {SAEF_DONE, {std::move(source), OnTheClock(*end, now, calendar_now)}, {}};
}

PeerCheck::Verdict PeerCheck::JudgePublicKey(std::string_view public_key, TimePoint now) const {
  if (public_keys_.empty()) return {};
  if (const auto checked = onem2m::CheckPublicKey(public_key); !checked) {
    return Refuse("the raw public key isn't of the profile: " + checked.error().message());
  }
  const auto names_it = [public_key](const Identities::Entry* entry) {
    return onem2m::CredentialIdNamesPublicKey(entry->credential_id, public_key);
  };
  const auto known = std::find_if(public_keys_.begin(), public_keys_.end(), names_it);
  if (known == public_keys_.end()) return Refuse("the raw public key isn't configured");
  const Identities::Entry& entry = **known;
  if (now >= entry.expires) {
    return Refuse("the configured identity of the raw public key has expired");
  }
  auto source = std::make_shared<Source>();
  source->credential_id = entry.credential_id.text();
  source->suid = onem2m::Suid::kCertificate42;
  source->entity = entry.entity;
  return {SAEF_DONE, {std::move(source), entry.expires}, {}};
}

}  // namespace saef::plugin
