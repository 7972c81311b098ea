// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientTable: who may shake hands with this MAF (TS-0003 8.x.2: by symmetric key or certificate),
// which entity stands behind each Master Credential, and for which targets it may register keys
// (8.x.5 step 5, whose policy the standard leaves to the MAF).
//
// Threads: any; nothing changes after construction.
#ifndef SAEF_ROLES_MAF_CLIENT_TABLE_H_
#define SAEF_ROLES_MAF_CLIENT_TABLE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "onem2m/credential_id.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"
#include "onem2m/key_identifier.h"
#include "onem2m/secret.h"

namespace saef::maf {

// A CSE or an AE as the MAF knows it.
struct Entity {
  std::string id;  // Absolute CSE-ID or AE-ID, canonical
  onem2m::EntityKind kind = onem2m::EntityKind::kAe;
  friend bool operator==(const Entity&, const Entity&) = default;
};

struct Client {
  std::optional<onem2m::KmId> km_id;  // none: a certificate is its credential
  onem2m::Secret km;
  std::optional<Entity> entity;  // none: an AE known by its credential only
  std::vector<std::string> may_register_for;
  // TS-0003 8.x.5 step 7, ESData: the sources, as entities, whose keys' target lists this client
  // may update as well as they themselves.
  std::vector<std::string> may_update_targets_of;

  // TS-0003 10.4: "31-" to "34-" and what the certificate names; exactly where there is no KmId.
  std::optional<onem2m::CredentialId> certificate_id = std::nullopt;

  // credential_id(), if it has one: a ClientTable makes it once for all.
  std::optional<onem2m::CredentialId> known_id = std::nullopt;

  // What tables and the key store know it by: its KmId in canonical form, or its Credential-ID. A
  // KmId ends with this MAF's FQDN, which no Credential-ID of a certificate does.
  std::string Name() const;
  // Its Credential-ID (TS-0003 10.4): "11-" and KmId, or the certificate's.
  onem2m::Result<onem2m::CredentialId> credential_id() const;
  bool MayRegisterFor(std::string_view target) const;
  bool MayUpdateTargetsOf(const std::optional<Entity>& source) const;
};

class ClientTable {
 public:
  // Or a sentence: two clients have the same KmId or certificate.
  static std::variant<ClientTable, std::string> Make(std::vector<Client> clients);

  // By psk_identity, which is a KmId (TS-0003 8.x.4); its name compares without case (10.6). Any
  // bytes; null for who isn't known. Valid as long as the table.
  const Client* Find(std::string_view psk_identity) const;
  // By what its certificate says (onem2m/certificate.h).
  const Client* FindCertificate(const onem2m::CredentialId& id) const;
  // By Client::Name().
  const Client* FindName(std::string_view name) const;
  // Km, for the handshake. kBadForm for who isn't known.
  onem2m::Result<onem2m::Secret> KeyOf(std::string_view psk_identity) const;

  std::size_t size() const noexcept { return clients_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  template <typename T>
  using Table = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  Table<Client> clients_;  // by Client::Name()
  // By the KmId as it was configured, which is how it mostly comes.
  Table<const Client*> by_text_;
};

// The canonical form of a target: an Absolute CSE-ID or AE-ID, its FQDN in lower case.
onem2m::Result<std::string> CanonicalEntityId(std::string_view absolute);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_CLIENT_TABLE_H_
