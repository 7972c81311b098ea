// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <variant>

#include "tools/demo/chapter.h"
#include "tools/demo/parties.h"
#include "tools/demo/steps.h"
#include "tools/maf_client.h"

namespace saef::tools {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Far more than a notification takes, for machines that are busy.
constexpr std::chrono::seconds kPatience{10};

// Until the CSE's log says that the association of this key has ended; how long that took.
std::optional<milliseconds> WaitForEnd(const DemoParties& parties, const std::string& kc_id) {
  const auto begin = steady_clock::now();
  while (steady_clock::now() - begin < kPatience) {
    const auto refused = parties.PluginOnKey(kc_id).find("withdrawn") != std::string::npos;
    if (refused) {
      return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return std::nullopt;
}

void RunWithdrawal(const DemoParties& parties, entity_a::EntityA& entity, Account& account) {
  AeSteps ae(account, entity, "coaps", "sensor1");
  account.Step("Entity A registers a key and associates with the CSE");
  if (const auto associated = entity.Associate(parties.CseUri("coaps")); !associated) {
    account.Tell(Bad({associated.error().text}));
    return;
  }
  const auto key = entity.key();
  if (!key) {
    account.Tell(Bad({"the key can't be copied"}));
    return;
  }
  account.Tell(Good({"KcId " + key->kc_id.text()}));
  if (!ae.CreateAe() || !ae.StoreContent()) return;

  account.Step("The key is taken back at the MAF (DELETE), in the middle of the session");
  auto maf = MafOfEntity::Open(parties.provisioning().folder / "entity-sensor1.json");
  if (auto* error = std::get_if<std::string>(&maf)) {
    account.Tell(Bad({*error}));
    return;
  }
  const auto gone = entity_a::DeregisterKey(std::get<MafOfEntity>(maf).at(), key->kc_id);
  if (!gone) {
    account.Tell(Bad({gone.error().text}));
    return;
  }
  const auto took = WaitForEnd(parties, key->kc_id.text());
  if (!took) {
    account.Tell(Bad({"the CSE hasn't learnt it within 10 s"}));
    return;
  }
  account.Tell(Good({"the CSE, which observes the key, ended the association after " +
                         std::to_string(took->count()) + " ms; its log says:",
                     parties.PluginOnKey(key->kc_id.text())}));

  account.Step("Refused: a new handshake with the same key");
  auto copy = key->kc.Clone();
  if (!copy) {
    account.Tell(Bad({"the key can't be copied"}));
    return;
  }
  account.Tell(ExpectRefusedHandshake(
      parties.Handshake(parties.CseUri("coaps"), key->kc_id.text(), std::move(*copy))));

  account.Step("Entity A is refused, registers a fresh key by itself, and goes on");
  if (!ae.ReadContent()) return;
  const auto fresh = entity.key();
  account.Tell(fresh && fresh->kc_id.text() != key->kc_id.text()
                   ? Good({"KcId " + fresh->kc_id.text()})
                   : Bad({"it still has the old key"}));
}

}  // namespace

ExitCode RunWithdrawalChapter(const DemoOptions& options, Account& account) {
  account.Chapter("A key is withdrawn while its session stands");
  const auto parties = StartAsStep(
      DemoProvisioning(options), "A MAF, and a CSE that observes the keys it has fetched", account);
  if (!parties) return ExitCode::kUsage;
  auto opened = parties->OpenEntity("sensor1");
  if (auto* error = std::get_if<std::string>(&opened)) {
    account.Tell(Bad({*error}));
    return ExitCode::kUsage;
  }
  RunWithdrawal(*parties, *std::get<0>(opened), account);
  return ExitCode::kDone;
}

}  // namespace saef::tools
