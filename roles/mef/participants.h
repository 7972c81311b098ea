// SPDX-License-Identifier: GPL-3.0-or-later
//
// Participants: whom the MEF knows. Enrolees, with what they are to be told (TS-0003 8.3.2.1,
// Bootstrap Instruction Configuration), and Enrolment Targets, which fetch what is derived from an
// enrolee's Ke. Each is known by a pre-shared key or by a certificate.
//
// Threads: any; nothing changes after construction.
#ifndef SAEF_ROLES_MEF_PARTICIPANTS_H_
#define SAEF_ROLES_MEF_PARTICIPANTS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/session.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "onem2m/mef_interface.h"
#include "onem2m/secret.h"

namespace saef::mef {

// How somebody is recognised in a handshake: by psk_identity; by the Credential-ID of an AE-ID,
// CSE-ID, device or Node-ID certificate (TS-0003 10.4); or by the FQDN in a certificate.
struct ByPsk {
  std::string identity;
  onem2m::Secret key;
};
struct ByCertificateId {
  std::string credential_id;  // "31-…" to "34-…"
};
struct ByFqdnCertificate {};
using Recognition = std::variant<ByPsk, ByCertificateId, ByFqdnCertificate>;

struct Enrolee {
  Recognition recognition;
  // A name that stays: "10-<KpmId>" or the Credential-ID of the certificate.
  std::string name;
  std::optional<std::string> id;  // Absolute CSE-ID or AE-ID
  onem2m::EntityKind kind = onem2m::EntityKind::kAe;
  std::vector<onem2m::mef::MafInstructions> mafs;
  std::vector<std::string> kpsa_targets;  // Enrolee-B-IDs that may fetch Kpsa (SUID 22)
};

struct Target {
  Recognition recognition;
  // Exactly one of the two: a MAF (SUID 21), or Entity B (SUID 22).
  std::optional<onem2m::Fqdn> maf;
  std::optional<std::string> entity_b;  // Absolute, canonical

  std::string id() const { return maf ? maf->text() : *entity_b; }
};

class Participants {
 public:
  // Or a sentence: two of them can't be told apart.
  static std::variant<Participants, std::string> Make(std::vector<Enrolee> enrolees,
                                                      std::vector<Target> targets);

  // The key for a handshake with this psk_identity; kBadForm for who isn't known.
  onem2m::Result<onem2m::Secret> KeyOf(std::string_view psk_identity) const;
  // Is this certificate, whose chain has been verified, somebody's?
  bool Knows(std::string_view certificate) const;

  // Who shook hands in this session; null: nobody of that sort. Valid as long as the table.
  const Enrolee* FindEnrolee(const bindings::Session& session) const;
  const Target* FindTarget(const bindings::Session& session) const;
  // The enrolee that is called `name`, if it still is one.
  const Enrolee* FindEnroleeByName(std::string_view name) const;

 private:
  std::vector<Enrolee> enrolees_;
  std::vector<Target> targets_;
  std::map<std::string, const Recognition*, std::less<>> psks_;     // by psk_identity
  std::map<std::string, const Enrolee*, std::less<>> enrolees_by_;  // by psk_identity or name
  std::map<std::string, const Target*, std::less<>> targets_by_;    // the same
  std::vector<const Target*> by_fqdn_;
};

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_PARTICIPANTS_H_
