// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/client_table.h"

#include <algorithm>
#include <utility>

namespace saef::maf {

std::string Client::Name() const {
  if (km_id) {
    return km_id->Canonical();
  }
  return certificate_id ? certificate_id->text() : std::string();
}

onem2m::Result<onem2m::CredentialId> Client::credential_id() const {
  if (known_id) {
    return *known_id;
  }
  if (km_id) {
    return onem2m::CredentialId::Make(onem2m::CredentialType::kKmId, km_id->text());
  }
  return certificate_id ? onem2m::Result<onem2m::CredentialId>(*certificate_id)
                        : onem2m::Result<onem2m::CredentialId>(onem2m::Error::kEmpty);
}

bool Client::MayRegisterFor(std::string_view target) const {
  return std::find(may_register_for.begin(), may_register_for.end(), target) !=
         may_register_for.end();
}

bool Client::MayUpdateTargetsOf(const std::optional<Entity>& source) const {
  return source && std::find(may_update_targets_of.begin(), may_update_targets_of.end(),
                             source->id) != may_update_targets_of.end();
}

std::variant<ClientTable, std::string> ClientTable::Make(std::vector<Client> clients) {
  ClientTable table;
  for (Client& client : clients) {
    std::string key = client.Name();
    std::string text = client.km_id
                           ? "KmId " + client.km_id->text() + " (names compare without case)"
                           : "certificate " + key;
    const auto [place, is_new] = table.clients_.emplace(std::move(key), std::move(client));
    if (!is_new) {
      return "two clients have the " + text;
    }
    Client& known = place->second;
    if (auto id = known.credential_id()) {
      known.known_id = std::move(*id);
    }
    if (known.km_id) {
      table.by_text_.emplace(known.km_id->text(), &known);
    }
  }
  return table;
}

const Client* ClientTable::Find(std::string_view psk_identity) const {
  if (const auto found = by_text_.find(psk_identity); found != by_text_.end()) {
    return found->second;
  }
  const auto km_id = onem2m::KmId::Parse(psk_identity);
  if (!km_id) {
    return nullptr;
  }
  return FindName(km_id->Canonical());
}

const Client* ClientTable::FindCertificate(const onem2m::CredentialId& id) const {
  const Client* const client = FindName(id.text());
  return client != nullptr && client->certificate_id ? client : nullptr;
}

const Client* ClientTable::FindName(std::string_view name) const {
  const auto found = clients_.find(name);
  return found == clients_.end() ? nullptr : &found->second;
}

onem2m::Result<onem2m::Secret> ClientTable::KeyOf(std::string_view psk_identity) const {
  const Client* client = Find(psk_identity);
  if (client == nullptr) {
    return onem2m::Error::kBadForm;
  }
  return client->km.Clone();
}

onem2m::Result<std::string> CanonicalEntityId(std::string_view absolute) {
  if (const auto cse = onem2m::CseId::ParseAbsolute(absolute)) {
    return cse->Absolute();
  }
  const auto ae = onem2m::AeId::ParseAbsolute(absolute);
  if (!ae) {
    return ae.error();
  }
  return ae->Absolute();
}

}  // namespace saef::maf
