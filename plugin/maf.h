// SPDX-License-Identifier: GPL-3.0-or-later
//
// Maf: a MAF as the issuer of Kc, by Key Retrieval (TS-0003 8.x.6), with whatever credential this
// CSE has at it; where that comes from an enrolment, requests wait for it
// (end-point/enrolling_client.h).
//
// Threads: any.
#ifndef SAEF_PLUGIN_MAF_H_
#define SAEF_PLUGIN_MAF_H_

#include <chrono>
#include <memory>

#include "bindings/log.h"
#include "end-point/maf_access.h"
#include "onem2m/entity_identifier.h"
#include "plugin/configuration.h"
#include "plugin/key_issuer.h"

namespace saef::plugin {

class Maf : public KeyIssuer {
 public:
  // `configuration` and `own`, which is this CSE, outlive it. `timeout` is that of each handshake
  // and exchange of an enrolment.
  static bindings::Result<std::unique_ptr<KeyIssuer>> Make(const MafConfiguration& configuration,
                                                           const onem2m::CseId& own,
                                                           std::chrono::milliseconds timeout,
                                                           bindings::Log log);

  const onem2m::Fqdn& fqdn() const override { return configuration_.fqdn; }
  std::string name() const override { return "the MAF " + fqdn().text(); }
  // Of what the MEF will tell it isn't known yet.
  bool over_http() const override {
    return configuration_.key_retrieval && !configuration_.key_retrieval->coap();
  }
  bool observable() const override { return !over_http(); }  // RFC 7641 is CoAP's
  bindings::Result<std::unique_ptr<bindings::Client>> OpenSession(
      bindings::ClientOptions options) override;
  end_point::Outcome<std::unique_ptr<bindings::Client>> OpenNow(
      bindings::ClientOptions options) override;
  onem2m::Result<onem2m::RequestPrimitive> MakeRequest(const PskIdentity& identity) const override;
  FetchAnswer Check(onem2m::ResponsePrimitive& response,
                    const PskIdentity& identity) const override;
  std::uint64_t enrolments() const override { return access_->enrolments(); }

 private:
  Maf(const MafConfiguration& configuration, const onem2m::CseId& own,
      std::shared_ptr<end_point::MafAccess> access)
      : configuration_(configuration), own_(own), access_(std::move(access)) {}

  const MafConfiguration& configuration_;
  const onem2m::CseId& own_;
  const std::shared_ptr<end_point::MafAccess> access_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_MAF_H_
