// SPDX-License-Identifier: GPL-3.0-or-later
//
// KmIdRetrieval: the MAF's side of KmId Retrieval (TS-0003 8.x.3 steps 3 to 5). The handshake with
// KeId (step 1) is the caller's.
//
// Threads: any; calls may wait for the store.
#ifndef SAEF_ROLES_MAF_KM_ID_RETRIEVAL_H_
#define SAEF_ROLES_MAF_KM_ID_RETRIEVAL_H_

#include <string_view>

#include "bindings/log.h"
#include "bindings/session.h"
#include "onem2m/primitive.h"
#include "roles/maf/enrolled_store.h"
#include "roles/maf/km_fetcher.h"

namespace saef::maf {

class KmIdRetrieval {
 public:
  // All of these must outlive it.
  KmIdRetrieval(EnrolledStore& store, KmFetcher& fetcher, const bindings::Log& log)
      : store_(store), fetcher_(fetcher), log_(log) {}

  // Was this session made with a KeId? Such a one is for nothing but this procedure.
  bool IsSession(const bindings::Session& session) const;
  onem2m::ResponsePrimitive Answer(const onem2m::RequestPrimitive& request,
                                   bindings::Session& session);

 private:
  EnrolledStore& store_;
  KmFetcher& fetcher_;
  const bindings::Log& log_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KM_ID_RETRIEVAL_H_
