// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/admission.h"

#include <algorithm>
#include <string>
#include <utility>

namespace saef::plugin {
namespace {

using bindings::LogLevel;

}  // namespace

// What the originator check asks, for one association.
class Admission::Questions : public OriginatorQuestions {
 public:
  Questions(const Admission& admission, std::string_view credential_id)
      : admission_(admission), credential_id_(credential_id) {}

  bool IsRegisteredAe(std::string_view stem) override {
    return admission_.surroundings_.host.IsRegisteredAe(stem);
  }
  bool IsRegistreeCse(std::string_view cse_id) override {
    return admission_.surroundings_.host.IsRegistreeCse(cse_id);
  }
  // An AE-ID that the configuration ties to a credential needs not have spoken first.
  bool IsSecured(const onem2m::AeId& ae) override {
    return admission_.associations_.IsSecured(ae) ||
           admission_.surroundings_.identities.IsOwned(ae);
  }
  bool IsAssignedToAnother(const onem2m::AeId& ae) override {
    return admission_.associations_.IsAssignedToAnother(ae, credential_id_) ||
           admission_.surroundings_.identities.IsAnothers(ae, credential_id_);
  }

 private:
  const Admission& admission_;
  const std::string_view credential_id_;
};

Admission::Admission(const Surroundings& surroundings)
    : surroundings_(surroundings), associations_(surroundings.configuration.max_associations) {}

[[gnu::hot, gnu::flatten]] std::int32_t Admission::Open(std::string_view name, PackedFacts&& facts,
                                                        saef_association* association) {
  if (facts.is_unresolved() && !Resolve(facts)) return SAEF_DENIED;
  const TimePoint expires = facts.expires();
  const saef_association opened = associations_.Open(name, std::move(facts));
  if (opened == SAEF_NO_ASSOCIATION) return SAEF_E_LIMIT;
  *association = opened;
  surroundings_.worker.WakeBy(expires);
  return SAEF_DONE;
}

// TS-0003 8.2.1: what the MAF, the MEF or the certificate says comes first; else the configuration.
[[gnu::noinline]] bool Admission::Resolve(PackedFacts& facts) const {
  const std::string_view credential_id = facts.credential_id();
  const Identities::Entry* const known = surroundings_.identities.Find(credential_id);
  if (known == nullptr) return true;
  if (Clock::now() >= known->expires) {
    surroundings_.log(LogLevel::kInfo, "the configured identity of " +
                                           bindings::Quote(credential_id) + " has expired");
    return false;
  }
  auto resolved = std::make_shared<Source>(*facts.MakeSource());
  resolved->entity = known->entity;
  facts = KeyFacts{std::move(resolved), std::min(facts.expires(), known->expires)};
  return true;
}

TimePoint Admission::EndDue(TimePoint now) {
  for (const saef_association association : associations_.TakeEnded(now)) {
    surroundings_.statistics.associations_ended.Add();
    surroundings_.host.EndAssociation(association);
  }
  return associations_.next_end();
}

std::optional<Associations::View> Admission::Describe(saef_association association) const {
  return associations_.Find(association, Clock::now());
}

std::optional<onem2m::AeId> Admission::ParseOwnAeId(std::string_view text) const {
  auto ae = onem2m::AeId::Parse(text, surroundings_.configuration.cse);
  if (!ae || !ae->MayRegisterWith(surroundings_.configuration.cse)) return std::nullopt;
  return std::move(*ae);
}

std::int32_t Admission::AssignAeId(saef_association association, std::string_view ae_id) {
  const auto ae = ParseOwnAeId(ae_id);
  if (!ae) return SAEF_INVALID;
  const auto view = Describe(association);
  if (view && surroundings_.identities.IsAnothers(*ae, view->source->credential_id)) {
    return SAEF_DENIED;
  }
  // What was asked for at registration was a stem of a kind; this is the stem that was chosen.
  const bool may_take =
      surroundings_.rules == nullptr || !view ||
      surroundings_.rules->AskForStem(view->source->credential_id, ae->stem(), Clock::now()) ==
          RuleBook::Answer::kAllowed ||
      surroundings_.configuration.require == Require::kWatch;
  if (!may_take) return SAEF_DENIED;
  switch (associations_.Assign(association, *ae, Clock::now())) {
    case Associations::Assigned::kDone:
      return SAEF_DONE;
    case Associations::Assigned::kDenied:
      return SAEF_DENIED;
    case Associations::Assigned::kNoSuchAssociation:
      return SAEF_E_HANDLE;
    case Associations::Assigned::kLimit:
      break;
  }
  return SAEF_E_LIMIT;
}

std::int32_t Admission::WithdrawAeId(std::string_view ae_id) {
  const auto ae = ParseOwnAeId(ae_id);
  if (!ae) return SAEF_INVALID;
  associations_.Withdraw(*ae);
  return SAEF_DONE;
}

[[gnu::hot, gnu::flatten]] std::int32_t Admission::Dissociate(saef_association association) {
  return associations_.Close(association) ? SAEF_DONE : SAEF_E_HANDLE;
}

std::int32_t Admission::Check(saef_association association, const OriginatorRequest& request) {
  std::optional<Associations::View> view;
  if (association != SAEF_NO_ASSOCIATION) {
    view = associations_.Find(association, Clock::now());
    if (!view) return SAEF_E_HANDLE;
    if (view->ended) view.reset();  // counts as none
  }
  OriginatorVerdict verdict = Judge(view, request);
  if (verdict.status == onem2m::ResponseStatusCode::kOk && request.registers_ae) {
    verdict = ApplyRules(view, request);
  }
  surroundings_.statistics.calls.Add(Call::kCheck);
  if (verdict.status == onem2m::ResponseStatusCode::kOk) return Number(verdict.status);
  surroundings_.statistics.checks_refused.Add();
  const bool watching = surroundings_.configuration.require == Require::kWatch;
  surroundings_.log(watching ? LogLevel::kWarning : LogLevel::kInfo,
                    "From " + bindings::Quote(request.from) + (watching ? " would be" : " is") +
                        " refused with " + std::to_string(Number(verdict.status)) + ": " +
                        std::string(verdict.reason));
  return Number(watching ? onem2m::ResponseStatusCode::kOk : verdict.status);
}

OriginatorVerdict Admission::Judge(const std::optional<Associations::View>& view,
                                   const OriginatorRequest& request) const {
  Speaker speaker;
  if (view) {
    speaker.aes = view->aes();
    speaker.cse = view->source->cse();
    speaker.kind = Speaker::Kind::kUnresolved;
    if (!speaker.aes.empty()) speaker.kind = Speaker::Kind::kAe;
    if (speaker.cse != nullptr) speaker.kind = Speaker::Kind::kCse;
  }
  Questions questions(*this, view ? std::string_view(view->source->credential_id) : "");
  const Configuration& configuration = surroundings_.configuration;
  return CheckOriginator(configuration.cse, configuration.require == Require::kAlways, speaker,
                         request, questions);
}

// TS-0001 10.2.2.2 step 003, TS-0004 7.3.2.7.
OriginatorVerdict Admission::ApplyRules(const std::optional<Associations::View>& view,
                                        const OriginatorRequest& request) const {
  using Status = onem2m::ResponseStatusCode;
  constexpr OriginatorVerdict kAllowed{Status::kOk, {}};
  if (surroundings_.rules == nullptr) return kAllowed;
  Registration registration{std::nullopt, request.app_id, request.from};
  if (view) registration.credential_id = view->source->credential_id;
  switch (surroundings_.rules->Ask(registration, Clock::now())) {
    case RuleBook::Answer::kAllowed:
      return kAllowed;
    case RuleBook::Answer::kRefused:
      return {Status::kAppRuleValidationFailed,
              "no application rule allows this App-ID and AE-ID for this credential"};
    case RuleBook::Answer::kUnknown:
      break;
  }
  return {Status::kServiceSubscriptionNotEstablished,
          "the application rules haven't been retrieved"};
}

}  // namespace saef::plugin
