// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MEF's two procedures (TS-0003 8.3.2.1): the Enrolment Exchange, and the fetch of credentials
// by an Enrolment Target. Others learn nothing: an enrolee that asks for a credential, a target
// that asks for what isn't for it, a stranger, all get the same failure.
//
// Threads: any; calls may wait for the store.
#ifndef SAEF_ROLES_MEF_PROCEDURES_H_
#define SAEF_ROLES_MEF_PROCEDURES_H_

#include <string_view>

#include "bindings/log.h"
#include "bindings/session.h"
#include "onem2m/primitive.h"
#include "onem2m/timestamp.h"
#include "roles/mef/configuration.h"
#include "roles/mef/enrolment_store.h"

namespace saef::mef {

class Procedures {
 public:
  // Both must outlive it.
  Procedures(const Configuration& configuration, EnrolmentStore& store, bindings::Log log)
      : configuration_(configuration), store_(store), log_(std::move(log)) {}

  // Any request that came in a session.
  onem2m::ResponsePrimitive Answer(const onem2m::RequestPrimitive& request,
                                   bindings::Session& session, onem2m::Time now);

 private:
  onem2m::ResponsePrimitive Enrol(const onem2m::RequestPrimitive& request, const Enrolee& enrolee,
                                  bindings::Session& session, onem2m::Time now);
  onem2m::ResponsePrimitive Fetch(const onem2m::RequestPrimitive& request, std::string_view path,
                                  const Target& target, onem2m::Time now);
  bool MayFetch(const Target& target, const Enrolee& enrolee, onem2m::Suid suid) const;

  const Configuration& configuration_;
  EnrolmentStore& store_;
  const bindings::Log log_;
};

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_PROCEDURES_H_
