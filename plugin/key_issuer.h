// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyIssuer: who is asked for the keys whose identifiers carry its FQDN: a MAF for Kc (TS-0003
// 8.x.6), a MEF for Kpsa (8.3.2.1). What to ask it, how to reach it, and what its answer comes to.
//
// Threads: any.
#ifndef SAEF_PLUGIN_KEY_ISSUER_H_
#define SAEF_PLUGIN_KEY_ISSUER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "bindings/client.h"
#include "end-point/failure.h"
#include "onem2m/error.h"
#include "onem2m/fqdn.h"
#include "onem2m/primitive.h"
#include "plugin/fetch_answer.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

class KeyIssuer {
 public:
  KeyIssuer() = default;
  virtual ~KeyIssuer() = default;
  KeyIssuer(const KeyIssuer&) = delete;
  KeyIssuer& operator=(const KeyIssuer&) = delete;

  virtual const onem2m::Fqdn& fqdn() const = 0;
  // For the log: "the MAF maf.example.com".
  virtual std::string name() const = 0;
  // Is it asked over HTTP, as far as that is known yet? Else over CoAP.
  virtual bool over_http() const = 0;
  // May an answer be observed (RFC 7641)?
  virtual bool observable() const = 0;

  // The client of the session that is kept; `options` lack URI, credential, trust and the bound on
  // contents. No packet is sent yet.
  virtual bindings::Result<std::unique_ptr<bindings::Client>> OpenSession(
      bindings::ClientOptions options) = 0;
  // The same for a session that is needed at once; blocks where a credential must be got first.
  virtual end_point::Outcome<std::unique_ptr<bindings::Client>> OpenNow(
      bindings::ClientOptions options) = 0;
  // To whom and for what: all but the request identifier. The errors of KeyIdentifier::Parse.
  virtual onem2m::Result<onem2m::RequestPrimitive> MakeRequest(
      const PskIdentity& identity) const = 0;
  // `response.content`, which may hold a key, is wiped.
  virtual FetchAnswer Check(onem2m::ResponsePrimitive& response,
                            const PskIdentity& identity) const = 0;
  // How often we enrolled to be able to ask, so far.
  virtual std::uint64_t enrolments() const = 0;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_ISSUER_H_
