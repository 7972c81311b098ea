// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mef: a MEF as the issuer of Kpsa (TS-0003 8.2.2.1 with 8.3.2.1): Entity A, which has enrolled
// there, comes with KeId as psk_identity; this CSE, the Enrolment Target, fetches Kpsa (SUID 22)
// while that handshake waits.
//
// Threads: any.
#ifndef SAEF_PLUGIN_MEF_H_
#define SAEF_PLUGIN_MEF_H_

#include <memory>

#include "end-point/credential_fetch.h"
#include "onem2m/entity_identifier.h"
#include "plugin/key_issuer.h"

namespace saef::plugin {

class Mef : public KeyIssuer {
 public:
  // Both outlive it; `own` is this CSE.
  Mef(const end_point::MefAccess& access, const onem2m::CseId& own) : access_(access), own_(own) {}

  const onem2m::Fqdn& fqdn() const override { return access_.fqdn; }
  std::string name() const override { return "the MEF " + fqdn().text(); }
  bool over_http() const override { return !access_.uri.coap(); }
  bool observable() const override { return false; }  // 8.3.2.1 has no word of it
  bindings::Result<std::unique_ptr<bindings::Client>> OpenSession(
      bindings::ClientOptions options) override;
  end_point::Outcome<std::unique_ptr<bindings::Client>> OpenNow(
      bindings::ClientOptions options) override;
  onem2m::Result<onem2m::RequestPrimitive> MakeRequest(const PskIdentity& identity) const override;
  FetchAnswer Check(onem2m::ResponsePrimitive& response,
                    const PskIdentity& identity) const override;
  std::uint64_t enrolments() const override { return 0; }

 private:
  const end_point::MefAccess& access_;
  const onem2m::CseId& own_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_MEF_H_
