// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeySource: the MAF's keys as the gate wants them (core-adapter/include/saef/gate.h), so that a
// handshake with a KeId waits for the MEF without holding up any other. An in-process table of
// plugin.h: what the gate calls is there (lookup, lookup_async, lookup_cancel, peek_identity,
// associate, dissociate), the rest refuses.
//
//   KmId of a client with a configured Km     the key
//   KmId that was assigned to an enrolled one  the key, until it expires: then denied
//   KeId of a configured MEF                   pending, until the MEF has answered
//   anything else                              unknown
//
// A session has no association: who is behind it, the Handler knows.
//
// Threads: any.
#ifndef SAEF_ROLES_MAF_KEY_SOURCE_H_
#define SAEF_ROLES_MAF_KEY_SOURCE_H_

#include <cstdint>
#include <string_view>

#include "bindings/server.h"
#include "onem2m/secret.h"
#include "roles/maf/client_table.h"
#include "roles/maf/enrolled_store.h"
#include "roles/maf/km_fetcher.h"
#include "saef/plugin.h"

namespace saef::maf {

class KeySource {
 public:
  // All of these must outlive it.
  KeySource(const onem2m::Fqdn& maf, const ClientTable& clients, EnrolledStore& store,
            KmFetcher& fetcher, const bindings::Log& log)
      : maf_(maf), clients_(clients), store_(store), fetcher_(fetcher), log_(log) {}
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  // For ServerOptions::keys; lives as long as this.
  bindings::PluginGate gate();

  // saef_api.lookup, lookup_async and lookup_cancel.
  std::int32_t Lookup(std::string_view identity, std::uint8_t* key, std::size_t* key_length);
  std::int32_t LookupAsync(std::string_view identity, saef_lookup_callback callback, void* context,
                           saef_ticket* ticket);
  std::int32_t LookupCancel(saef_ticket ticket);

 private:
  // What is known now; SAEF_KEY with `key`.
  std::int32_t Know(const onem2m::KeyIdentifier& identity, onem2m::Secret& key);
  std::int32_t KnowKmId(const onem2m::KmId& km_id, onem2m::Secret& key);

  const onem2m::Fqdn& maf_;
  const ClientTable& clients_;
  EnrolledStore& store_;
  KmFetcher& fetcher_;
  const bindings::Log& log_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KEY_SOURCE_H_
