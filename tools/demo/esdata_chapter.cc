// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "onem2m/key_derivation.h"
#include "tools/demo/chapter.h"
#include "tools/demo/parties.h"
#include "tools/demo/steps.h"
#include "tools/maf_client.h"

namespace saef::tools {
namespace {

constexpr onem2m::Suid kUsage = onem2m::Suid::kMafEsData;
constexpr auto kNoPrivilege = onem2m::ResponseStatusCode::kOriginatorHasNoPrivilege;

// The chapter's End-Points: one source, two readers, a stranger.
class EsDataWalk {
 public:
  EsDataWalk(const Provisioning& provisioning, Account& account)
      : provisioning_(provisioning), account_(account) {}

  void Run() {
    if (!Register()) return;
    if (!Give("reader1", true)) return;
    Give("reader2", false);
    Update();
    Give("reader2", true);
    RefuseStranger();
    RefuseOtherUsage();
    Withdraw();
  }

 private:
  std::string IdOf(const std::string& name) const {
    return "//" + provisioning_.service_provider + "/S" + name;
  }
  std::optional<MafOfEntity> Open(const std::string& name) {
    auto opened = MafOfEntity::Open(provisioning_.folder / ("entity-" + name + ".json"));
    if (auto* error = std::get_if<std::string>(&opened)) {
      account_.Tell(Bad({*error}));
      return std::nullopt;
    }
    return std::get<MafOfEntity>(std::move(opened));
  }

  bool Register() {
    account_.Step("The source registers a key for ESData (SUID " +
                  std::to_string(static_cast<int>(kUsage)) + "), target " + IdOf("reader1"));
    const auto maf = Open("source");
    if (!maf) return false;
    auto key = entity_a::RegisterKeyFor(maf->at(), kUsage, {IdOf("reader1")}, std::nullopt);
    if (!key) return account_.Tell(Bad({key.error().text}));
    key_ = std::move(*key);
    return account_.Tell(Good({"KcId " + key_->kc_id.text()}));
  }

  // A retrieval by `name`, which must (or must not) get the source's key; then its two halves.
  bool Give(const std::string& name, bool expected) {
    account_.Step((expected ? "" : "Refused: ") + name + " retrieves it");
    const auto maf = Open(name);
    if (!maf) return false;
    const auto got = entity_a::RetrieveKey(maf->at(), key_->kc_id, kUsage);
    if (!expected) return account_.Tell(ExpectRefused(got, kNoPrivilege));
    if (!got) return account_.Tell(Bad({got.error().text}));
    const auto first = onem2m::FirstHalf(got->key);
    const auto second = onem2m::SecondHalf(got->key);
    const bool same =
        key_->kc.Equals(got->key.bytes()) && first && second && !first->Equals(second->bytes());
    return account_.Tell(
        {same,
         {"the source's own key, from " + got->source_id.value_or("nobody"),
          "a cipher with one key takes its first " + std::to_string(first ? first->size() : 0) +
              " octets, one with two keys both halves"}});
  }

  void Update() {
    account_.Step("The source adds reader2 to the list of targets");
    const auto maf = Open("source");
    if (!maf) return;
    const auto updated =
        entity_a::UpdateTargets(maf->at(), key_->kc_id, {IdOf("reader1"), IdOf("reader2")});
    account_.Tell(updated ? Good({"2004 UPDATED"}) : Bad({updated.error().text}));
  }

  void RefuseStranger() {
    account_.Step("Refused: a stranger takes reader1 off the list, which isn't its own");
    const auto maf = Open("stranger");
    if (!maf) return;
    const auto updated = entity_a::UpdateTargets(maf->at(), key_->kc_id, {IdOf("reader2")});
    account_.Tell(ExpectRefused(updated, kNoPrivilege));
  }

  void RefuseOtherUsage() {
    account_.Step("Refused: reader1 asks for the same key for an association (SUID 32)");
    const auto maf = Open("reader1");
    if (!maf) return;
    const auto got = entity_a::RetrieveKey(maf->at(), key_->kc_id, onem2m::Suid::kMafSaef);
    account_.Tell(ExpectRefused(got, kNoPrivilege));
  }

  void Withdraw() {
    account_.Step("The source takes the key back; nobody gets it any more");
    const auto maf = Open("source");
    if (!maf) return;
    if (const auto gone = entity_a::DeregisterKey(maf->at(), key_->kc_id); !gone) {
      account_.Tell(Bad({gone.error().text}));
      return;
    }
    const auto reader = Open("reader1");
    if (!reader) return;
    const auto got = entity_a::RetrieveKey(reader->at(), key_->kc_id, kUsage);
    account_.Tell(ExpectRefused(got, onem2m::ResponseStatusCode::kNotFound));
  }

  const Provisioning& provisioning_;
  Account& account_;
  std::optional<entity_a::RegisteredKey> key_;
};

}  // namespace

ExitCode RunEsDataChapter(const DemoOptions& options, Account& account) {
  account.Chapter("A key for many: End-to-End Security of Data (ESData)");
  Provisioning p = DemoProvisioning(options);
  p.entities.clear();
  const auto id = [&p](const std::string& name) { return "//" + p.service_provider + "/S" + name; };
  for (const char* name : {"source", "reader1", "reader2", "stranger"}) {
    ProvisionedEntity entity;
    entity.name = name;
    entity.entity_id = id(name);
    entity.may_register_for = {id("reader1"), id("reader2")};
    p.entities.push_back(entity);
  }
  const auto parties =
      StartAsStep(std::move(p), "A MAF, and End-Points that are its clients", account);
  if (!parties) return ExitCode::kUsage;
  EsDataWalk(parties->provisioning(), account).Run();
  return ExitCode::kDone;
}

}  // namespace saef::tools
