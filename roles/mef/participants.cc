// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/participants.h"

#include <algorithm>
#include <utility>

#include "bindings/log.h"
#include "onem2m/certificate.h"

namespace saef::mef {
namespace {

// By what the tables know somebody; empty: by an FQDN certificate.
std::string KeyOfTable(const Recognition& recognition) {
  if (const auto* const psk = std::get_if<ByPsk>(&recognition)) return "psk " + psk->identity;
  if (const auto* const id = std::get_if<ByCertificateId>(&recognition)) {
    return "certificate " + id->credential_id;
  }
  return {};
}

std::string KeyOfCertificate(std::string_view certificate) {
  const auto identity = onem2m::IdentityOfCertificate(certificate);
  return identity ? "certificate " + identity->credential_id.text() : std::string();
}

}  // namespace

std::variant<Participants, std::string> Participants::Make(std::vector<Enrolee> enrolees,
                                                           std::vector<Target> targets) {
  Participants made;
  made.enrolees_ = std::move(enrolees);
  made.targets_ = std::move(targets);
  for (const Enrolee& enrolee : made.enrolees_) {
    const std::string key = KeyOfTable(enrolee.recognition);
    if (!made.enrolees_by_.emplace(key, &enrolee).second) {
      return "two enrolees have the credential " + bindings::Quote(key);
    }
    if (std::holds_alternative<ByPsk>(enrolee.recognition)) {
      made.psks_.emplace(std::get<ByPsk>(enrolee.recognition).identity, &enrolee.recognition);
    }
  }
  for (const Target& target : made.targets_) {
    const std::string key = KeyOfTable(target.recognition);
    if (key.empty()) {
      made.by_fqdn_.push_back(&target);
      continue;
    }
    if (!made.targets_by_.emplace(key, &target).second) {
      return "two targets have the credential " + bindings::Quote(key);
    }
    const auto* const psk = std::get_if<ByPsk>(&target.recognition);
    if (psk != nullptr && !made.psks_.emplace(psk->identity, &target.recognition).second) {
      return "an enrolee and a target have the psk_identity " + bindings::Quote(psk->identity);
    }
  }
  return made;
}

onem2m::Result<onem2m::Secret> Participants::KeyOf(std::string_view psk_identity) const {
  const auto found = psks_.find(psk_identity);
  if (found == psks_.end()) return onem2m::Error::kBadForm;
  return std::get<ByPsk>(*found->second).key.Clone();
}

bool Participants::Knows(std::string_view certificate) const {
  const std::string key = KeyOfCertificate(certificate);
  if (!key.empty() && (enrolees_by_.contains(key) || targets_by_.contains(key))) return true;
  return std::ranges::any_of(by_fqdn_, [&](const Target* target) {
    return target->maf && onem2m::CertificateNames(certificate, *target->maf);
  });
}

namespace {

// What the tables are asked for about a session.
std::string KeyOfSession(const bindings::Session& session) {
  if (const std::string identity = session.psk_identity(); !identity.empty()) {
    return "psk " + identity;
  }
  const auto chain = session.peer_certificates();
  return chain.empty() ? std::string() : KeyOfCertificate(chain.front());
}

}  // namespace

const Enrolee* Participants::FindEnrolee(const bindings::Session& session) const {
  const auto found = enrolees_by_.find(KeyOfSession(session));
  return found == enrolees_by_.end() ? nullptr : found->second;
}

const Target* Participants::FindTarget(const bindings::Session& session) const {
  const std::string key = KeyOfSession(session);
  const auto found = targets_by_.find(key);
  if (found != targets_by_.end()) return found->second;
  if (key.starts_with("psk ")) return nullptr;
  const auto chain = session.peer_certificates();
  if (chain.empty()) return nullptr;
  const auto by_name = std::ranges::find_if(by_fqdn_, [&](const Target* target) {
    return target->maf && onem2m::CertificateNames(chain.front(), *target->maf);
  });
  return by_name == by_fqdn_.end() ? nullptr : *by_name;
}

const Enrolee* Participants::FindEnroleeByName(std::string_view name) const {
  const auto found = std::ranges::find(enrolees_, name, &Enrolee::name);
  return found == enrolees_.end() ? nullptr : &*found;
}

}  // namespace saef::mef
