// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "tools/demo/chapter.h"
#include "tools/demo/parties.h"
#include "tools/demo/steps.h"

namespace saef::tools {
namespace {

using entity_a::EntityA;
using onem2m::ResponseStatusCode;

constexpr std::chrono::seconds kShortLife{2};

// One binding's walk through the main job.
class MainWalk {
 public:
  MainWalk(const DemoParties& parties, Account& account, std::string scheme,
           std::string entity_name)
      : parties_(parties),
        account_(account),
        scheme_(std::move(scheme)),
        entity_name_(std::move(entity_name)),
        uri_(parties.CseUri(scheme_)) {}

  void Run() {
    auto opened = parties_.OpenEntity(entity_name_);
    if (const auto* error = std::get_if<std::string>(&opened)) {
      account_.Tell(Bad({*error}));
      return;
    }
    const auto entity = std::get<std::unique_ptr<EntityA>>(std::move(opened));
    AeSteps ae(account_, *entity, scheme_, entity_name_);
    if (!RegisterKey(*entity) || !Associate(*entity, ae.transport())) return;
    if (!ae.CreateAe() || !ae.StoreContent() || !ae.ReadContent()) return;
    ae.RefuseFrom("Canother", ResponseStatusCode::kOriginatorNotAuthenticated,
                  "From is not who is behind the association");
    RefuseUnknownKcId();
    RefuseKcIdForAnotherCse();
    RefuseExpiredKcId();
  }

 private:
  bool RegisterKey(EntityA& entity) {
    account_.Step("Entity A registers a key with the MAF: SUID 32, target " + parties_.cse_id());
    if (const auto registered = entity.Register(); !registered) {
      return account_.Tell(Bad({registered.error().text}));
    }
    const auto key = entity.key();
    if (!key) return account_.Tell(Bad({"the key can't be copied"}));
    return account_.Tell(
        Good({"KcId " + key->kc_id.text(), "Kc exported from that very session, until " +
                                               onem2m::FormatTimestamp(key->expires)}));
  }

  bool Associate(EntityA& entity, const std::string& transport) {
    account_.Step("It opens " + transport + " to the CSE at " + uri_ + ", psk_identity = KcId");
    const auto associated = entity.Associate(uri_);
    if (!associated) return account_.Tell(Bad({associated.error().text}));
    return account_.Tell(
        Good({"associated; saef.so fetched Kc from the MAF while the handshake waited"}));
  }

  // A handshake that must be refused. On the wire all refusals look alike; the reason stands in the
  // CSE's log.
  void ExpectRefusal(std::string_view kc_id, onem2m::Secret kc, std::string_view reason) {
    const StepOutcome refused =
        ExpectRefusedHandshake(parties_.Handshake(uri_, kc_id, std::move(kc)));
    if (!refused.good) {
      account_.Tell(refused);
      return;
    }
    const std::string line = parties_.PluginOnKey(kc_id);
    const bool told = line.find(reason) != std::string::npos;
    account_.Tell(
        {told,
         {"the handshake is refused (alert unknown_psk_identity); the CSE's log says why:",
          line.empty() ? "nothing" : line}});
  }

  void RefuseUnknownKcId() {
    account_.Step("Refused: a KcId that the MAF doesn't know");
    auto relative = onem2m::Secret::Random(16);
    auto kc = onem2m::Secret::Random(32);
    if (!relative || !kc) {
      account_.Tell(Bad({"no random octets"}));
      return;
    }
    ExpectRefusal(relative->ToHex() + "@" + parties_.maf_fqdn(), std::move(*kc), "unknown");
  }

  // Registers a key by a changed configuration, and answers it.
  std::optional<entity_a::RegisteredKey> OtherKey(
      const std::function<void(entity_a::Configuration&)>& change) {
    auto opened = parties_.OpenEntity(entity_name_, change);
    if (const auto* error = std::get_if<std::string>(&opened)) {
      account_.Tell(Bad({*error}));
      return std::nullopt;
    }
    EntityA& entity = *std::get<std::unique_ptr<EntityA>>(opened);
    if (const auto registered = entity.Register(); !registered) {
      account_.Tell(Bad({registered.error().text}));
      return std::nullopt;
    }
    return entity.key();
  }

  void RefuseKcIdForAnotherCse() {
    account_.Step("Refused: a KcId whose key is meant for another CSE, " + parties_.other_cse_id());
    auto key = OtherKey([this](entity_a::Configuration& configuration) {
      if (auto id = onem2m::CseId::ParseAbsolute(parties_.other_cse_id()))
        configuration.cse_id = std::move(*id);
    });
    if (key) ExpectRefusal(key->kc_id.text(), std::move(key->kc), "denied");
  }

  void RefuseExpiredKcId() {
    account_.Step("Refused: a KcId whose key lives 2 seconds, after 3");
    auto key = OtherKey(
        [](entity_a::Configuration& configuration) { configuration.lifetime = kShortLife; });
    if (!key) return;
    auto kc = key->kc.Clone();
    if (!kc) {
      account_.Tell(Bad({"the key can't be copied"}));
      return;
    }
    if (const auto before = parties_.Handshake(uri_, key->kc_id.text(), std::move(*kc)); !before) {
      account_.Tell(Bad({"refused while it still lives: " + before.error().message()}));
      return;
    }
    account_.Remark("while it lives, the handshake is done; waiting for its end");
    while (onem2m::Now() <= key->expires)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ExpectRefusal(key->kc_id.text(), std::move(key->kc), "expired");
  }

  const DemoParties& parties_;
  Account& account_;
  const std::string scheme_;
  const std::string entity_name_;
  const std::string uri_;
};

}  // namespace

ExitCode RunMainChapter(const DemoOptions& options, Account& account) {
  account.Chapter("The parties, each a process of its own, on loopback");
  Provisioning p = DemoProvisioning(options);
  p.other_cses = {"cse2"};
  for (ProvisionedEntity& entity : p.entities) {
    entity.may_register_for = {"//" + p.service_provider + "/cse1",
                               "//" + p.service_provider + "/cse2"};
  }
  const auto started = StartAsStep(
      std::move(p), "A MAF, and a CSE that loads " + options.module.filename().string(), account);
  if (!started) return ExitCode::kUsage;
  const DemoParties& parties = *started;
  account.Chapter("CoAP over DTLS 1.2");
  MainWalk(parties, account, "coaps", "sensor1").Run();
  account.Chapter("HTTP over TLS 1.2");
  MainWalk(parties, account, "https", "sensor2").Run();
  account.Chapter("What the CSE and the MAF have counted");
  account.Step("`saef top` asks them at the ports that they print when they start");
  account.Tell(ShowCounted(parties.statistics_uris()));
  return ExitCode::kDone;
}

}  // namespace saef::tools
