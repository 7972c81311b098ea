// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyRetrieval: the MAF's side of MAF Key Retrieval (TS-0003 8.x.6 steps 3 to 5). The handshake and
// the end of the session (step 7) are the caller's.
//
// What a Target End-Point learns: a key that it may have; 4004 for one that isn't there (any more);
// and for one that is there but not for it, or for another usage, 4103 and not a word more.
//
// Threads: any; it waits for `keys` alone.
#ifndef SAEF_ROLES_MAF_KEY_RETRIEVAL_H_
#define SAEF_ROLES_MAF_KEY_RETRIEVAL_H_

#include <string>
#include <string_view>
#include <variant>

#include "bindings/log.h"
#include "onem2m/fqdn.h"
#include "onem2m/primitive.h"
#include "onem2m/timestamp.h"
#include "roles/maf/client_table.h"
#include "roles/maf/key_store.h"

namespace saef::maf {

class KeyRetrieval {
 public:
  // All of these must outlive it.
  KeyRetrieval(const onem2m::Fqdn& fqdn, const ClientTable& clients, const bindings::Log& log)
      : fqdn_(fqdn), clients_(clients), log_(log) {}

  // `relative_id`, from the path, is canonical; `target` is who was authenticated in the session.
  onem2m::ResponsePrimitive Retrieve(const onem2m::RequestPrimitive& request,
                                     std::string_view relative_id, const Client& target,
                                     KeyReader& keys, onem2m::Time now) const;

 private:
  // The request's SUID, or what is wrong with its parameters.
  std::variant<onem2m::Suid, std::string> ReadParameters(const onem2m::RequestPrimitive& request,
                                                         std::string_view relative_id) const;
  // Status and content of the answer about a key that is there.
  void Judge(const KeyView& key, onem2m::Suid suid, const Client& target, onem2m::Time now,
             onem2m::ResponsePrimitive& response) const;
  // The client that registered the key, if it still is one and still the same entity.
  const Client* SourceOf(const KeyView& key) const;

  const onem2m::Fqdn& fqdn_;
  const ClientTable& clients_;
  const bindings::Log& log_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KEY_RETRIEVAL_H_
