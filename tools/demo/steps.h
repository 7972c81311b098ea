// SPDX-License-Identifier: GPL-3.0-or-later
//
// Steps that several chapters take: what an AE does once it is associated, and how a response is
// told.
#ifndef SAEF_TOOLS_DEMO_STEPS_H_
#define SAEF_TOOLS_DEMO_STEPS_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "onem2m/primitive.h"
#include "roles/entity-a/entity_a.h"
#include "tools/account.h"

namespace saef::tools {

inline StepOutcome Good(std::vector<std::string> lines) { return {true, std::move(lines)}; }
inline StepOutcome Bad(std::vector<std::string> lines) { return {false, std::move(lines)}; }

// What must be refused: good only if the peer refused our credential, whatever else may fail.
StepOutcome ExpectRefusedHandshake(const bindings::Result<void>& handshake);
// The same of what a MAF was asked, which must have refused it with this status.
template <typename T>
StepOutcome ExpectRefused(const entity_a::Outcome<T>& outcome,
                          onem2m::ResponseStatusCode expected) {
  if (outcome) return Bad({"it was not refused"});
  return {outcome.error().status == expected, {outcome.error().text}};
}

onem2m::RequestPrimitive MakeCreate(std::string to, onem2m::ResourceType type, std::string content);
onem2m::RequestPrimitive MakeRetrieve(std::string to);

// The text of a member of the resource that the response holds ("m2m:ae", "aei"); empty: none.
std::string MemberOf(const onem2m::ResponsePrimitive& response, const char* resource,
                     const char* member);

// What the parties that tell it at these URIs have counted, as `saef top` shows it.
StepOutcome ShowCounted(const std::vector<std::string>& statistics_uris);

// An AE and what it does through its association, over one binding.
class AeSteps {
 public:
  // `account` and `entity` must outlive it. `scheme`: "coaps" or "https".
  AeSteps(Account& account, entity_a::EntityA& entity, std::string scheme, std::string name)
      : account_(account), entity_(entity), scheme_(std::move(scheme)), name_(std::move(name)) {}

  // Creates the <AE> with `from` as originator, a <container> and a <contentInstance> in it, and
  // reads it back. False as soon as one of them didn't come as it should.
  bool CreateAe(const std::string& from = "C");
  bool StoreContent();
  bool ReadContent();
  // A request through the same association in another's name must be refused with `expected`.
  bool RefuseFrom(const std::string& from, onem2m::ResponseStatusCode expected,
                  std::string_view why);

  // Sends a request and expects a status; `found` looks at the response and says what it shows, or
  // nothing if that isn't as it should be.
  bool Expect(onem2m::RequestPrimitive request, onem2m::ResponseStatusCode expected,
              const std::function<std::string(const onem2m::ResponsePrimitive&)>& found);
  // "2001 CREATED (CoAP 2.01)"
  std::string Describe(const onem2m::ResponsePrimitive& response,
                       onem2m::Operation operation) const;

  const std::string& ae_id() const { return ae_id_; }
  bool coap() const { return scheme_ == "coaps"; }
  std::string transport() const { return coap() ? "DTLS" : "TLS"; }

 private:
  Account& account_;
  entity_a::EntityA& entity_;
  const std::string scheme_;
  const std::string name_;
  std::string ae_id_;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DEMO_STEPS_H_
