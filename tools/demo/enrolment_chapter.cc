// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <utility>
#include <variant>

#include "tools/demo/chapter.h"
#include "tools/demo/parties.h"
#include "tools/demo/steps.h"

namespace saef::tools {

ExitCode RunEnrolmentChapter(const DemoOptions& options, Account& account) {
  account.Chapter("Nothing but an enrolment credential (TS-0003 8.3, 8.x.2, 8.x.3)");
  Provisioning p = DemoProvisioning(options);
  p.maf_credential = MafCredentialKind::kEnrolment;
  p.mef_listen = {"coaps://127.0.0.1:0"};
  const auto parties = StartAsStep(
      std::move(p), "An MEF, a MAF that fetches Km from it, a CSE that has Kpm alone", account);
  if (!parties) return ExitCode::kUsage;
  for (const auto& [scheme, name] :
       {std::pair{"coaps", "sensor1"}, std::pair{"https", "sensor2"}}) {
    auto opened = parties->OpenEntity(name);
    if (auto* error = std::get_if<std::string>(&opened)) {
      account.Tell(Bad({*error}));
      return ExitCode::kUsage;
    }
    entity_a::EntityA& entity = *std::get<0>(opened);
    account.Step(std::string(name) +
                 " enrols with the MEF, gets its KmId from the MAF, registers a key");
    if (const auto registered = entity.Register(); !registered) {
      account.Tell(Bad({registered.error().text}));
      return ExitCode::kDone;
    }
    const auto key = entity.key();
    account.Tell(Good({"Km is derived from Ke on both sides and never sent to the End-Point",
                       "what it got is kept in " + std::string(name) + ".state (0600)",
                       "KcId " + (key ? key->kc_id.text() : std::string("?"))}));
    AeSteps ae(account, entity, scheme, name);
    account.Step("It associates with the CSE, whose plugin enrols likewise");
    if (const auto associated = entity.Associate(parties->CseUri(scheme)); !associated) {
      account.Tell(Bad({associated.error().text}));
      return ExitCode::kDone;
    }
    account.Tell(Good({"associated"}));
    if (!ae.CreateAe("S" + std::string(name)) || !ae.StoreContent() || !ae.ReadContent())
      return ExitCode::kDone;
  }
  return ExitCode::kDone;
}

}  // namespace saef::tools
