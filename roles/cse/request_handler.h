// SPDX-License-Identifier: GPL-3.0-or-later
//
// RequestHandler: one request's way through the CSE: the originator check before anything else,
// then what every request must have. One for another CSE goes to the forwarder; else the resource
// tree answers, and the plugin is told which AE-IDs were assigned and withdrawn.
//
// Threads: any, several at a time. It answers before it returns, but for what goes on to another
// CSE: that is answered from a thread of the link to it. It never waits.
#ifndef SAEF_ROLES_CSE_REQUEST_HANDLER_H_
#define SAEF_ROLES_CSE_REQUEST_HANDLER_H_

#include <memory>

#include "bindings/log.h"
#include "bindings/server.h"
#include "onem2m/entity_identifier.h"
#include "roles/cse/forwarder.h"
#include "roles/cse/originator_check.h"
#include "roles/cse/resource_service.h"

namespace saef::cse {

class RequestHandler : public bindings::RequestHandler {
 public:
  // `service`, the plugin behind `check` and `forwarder`, which may be null, outlive this object;
  // and it outlives what the forwarder has under way.
  RequestHandler(onem2m::CseId self, OriginatorCheck check, ResourceService& service,
                 bindings::Log log, Forwarder* forwarder = nullptr);

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override;

  // Tells the plugin of <AE>s that have gone; after ResourceService::Sweep as well.
  void WithdrawRemoved();

 private:
  // Answers at once, or hands the request on.
  void Route(onem2m::RequestPrimitive request, saef_association association, Answered done);
  onem2m::ResponsePrimitive Answer(const onem2m::RequestPrimitive& request, const Peer& peer,
                                   saef_association association);

  const onem2m::CseId self_;
  const OriginatorCheck check_;
  ResourceService& service_;
  const bindings::Log log_;
  Forwarder* const forwarder_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_REQUEST_HANDLER_H_
