// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "tools/demo/chapter.h"
#include "tools/demo/parties.h"
#include "tools/demo/steps.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using entity_a::EntityA;
using onem2m::ResponseStatusCode;

constexpr std::chrono::seconds kPatience{60};

ProvisionedEntity Party(const Provisioning& p, const std::string& name, bool cse,
                        const std::string& registers_with) {
  ProvisionedEntity entity;
  entity.name = name;
  if (cse) {
    entity.type = "CSE";
    entity.entity_id = "//" + p.service_provider + "/" + name;
  }
  entity.may_register_for = {"//" + p.service_provider + "/" + registers_with};
  return entity;
}

// A MAF, the CSEs in and mn, an AE at each. Each CSE is Entity B for its AE and for the other CSE,
// and Entity A towards the other CSE.
class TwoCses {
 public:
  static std::variant<TwoCses, std::string> Start(const DemoOptions& options) {
    TwoCses site(DemoProvisioning(options));
    if (auto wrong = site.StartAll()) return std::move(*wrong);
    return std::variant<TwoCses, std::string>(std::move(site));
  }

  std::variant<std::unique_ptr<EntityA>, std::string> Open(const std::string& name) const {
    return EntityA::Open((in_plan_.folder / ("entity-" + name + ".json")).string(),
                         bindings::Log());
  }
  std::vector<std::string> Lines() const {
    return {in_plan_.maf_fqdn + " at " + maf_->uris().front(),
            "//" + in_plan_.service_provider + "/in at " + in_->uris().front(),
            "//" + in_plan_.service_provider + "/mn at " + mn_->uris().front()};
  }

 private:
  explicit TwoCses(Provisioning plan) : in_plan_(std::move(plan)) {}

  // What a step of the start answered, if it went wrong.
  static std::optional<std::string> Wrong(const Written& written) {
    const auto* error = std::get_if<std::string>(&written);
    return error == nullptr ? std::nullopt : std::optional(*error);
  }
  static std::optional<std::string> Run(const fs::path& folder, const std::string& party,
                                        std::optional<ChildProcess>* place) {
    auto started = StartParty(folder, party, party);
    if (auto* error = std::get_if<std::string>(&started)) return std::move(*error);
    *place = std::get<ChildProcess>(std::move(started));
    return std::nullopt;
  }

  std::optional<std::string> StartAll() {
    Provisioning& p = in_plan_;
    p.cse = "in";
    p.cse_may_register_for = {"//" + p.service_provider + "/mn"};
    p.remote_cses = {"entity-in.json"};
    p.entities = {Party(p, "ain", false, "in"), Party(p, "mn", true, "in"),
                  Party(p, "amn", false, "mn")};
    if (auto wrong = Wrong(ProvisionMaf(p))) return wrong;
    if (auto wrong = Run(p.folder, "maf", &maf_)) return wrong;
    const std::string maf_uri = maf_->uris().front();
    // IN as Entity A towards MN, whose <remoteCSE> will say where it is.
    Provisioning to_mn = p;
    to_mn.cse = "mn";
    to_mn.entities = {Party(p, "in", true, "mn")};
    if (auto wrong = Wrong(ProvisionEntities(to_mn, maf_uri, {"coaps://127.0.0.1:1"})))
      return wrong;
    if (auto wrong = Wrong(ProvisionCse(p, maf_uri))) return wrong;
    if (auto wrong = Run(p.folder, "cse", &in_)) return wrong;
    p.entities.pop_back();  // amn is no entity of this CSE's
    if (auto wrong = Wrong(ProvisionEntities(p, maf_uri, in_->uris()))) return wrong;
    return StartMn(maf_uri);
  }

  std::optional<std::string> StartMn(const std::string& maf_uri) {
    Provisioning mn = in_plan_;
    mn.folder /= "mn";
    mn.cse = "mn";
    mn.remote_cses = {"../entity-mn.json"};
    mn.first_remote_is_registrar = true;
    if (auto wrong = Wrong(ProvisionCse(mn, maf_uri))) return wrong;
    std::error_code error;
    fs::copy_file(in_plan_.folder / "mn.km", mn.folder / "mn.km", error);
    if (error) return "mn.km can't be copied: " + error.message();
    if (auto wrong = Run(mn.folder, "cse", &mn_)) return wrong;
    Provisioning at_mn = mn;
    at_mn.folder = in_plan_.folder;
    at_mn.entities = {Party(mn, "amn", false, "mn")};
    return Wrong(ProvisionEntities(at_mn, maf_uri, mn_->uris()));
  }

  Provisioning in_plan_;
  std::optional<ChildProcess> maf_;
  std::optional<ChildProcess> in_;
  std::optional<ChildProcess> mn_;
};

// Asks until the answer is OK: the CSEs find each other by themselves.
bool Reaches(EntityA& entity, const std::string& to, const std::string& from) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    onem2m::RequestPrimitive request = MakeRetrieve(to);
    request.from = from;
    const auto response = entity.Send(std::move(request));
    if (response && response->status == ResponseStatusCode::kOk) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

// An AE at one CSE reads the other CSE's <CSEBase>, through its own.
bool ReadAcross(AeSteps& ae, EntityA& entity, const std::string& to, const std::string& hop,
                Account& account) {
  account.Step("It reads " + to + "/base through its own CSE: the hop is " + hop);
  if (!Reaches(entity, to + "/base", ae.ae_id())) {
    return account.Tell(Bad({"the other CSE isn't reached"}));
  }
  onem2m::RequestPrimitive request = MakeRetrieve(to + "/base");
  request.from = ae.ae_id();
  return ae.Expect(std::move(request), ResponseStatusCode::kOk,
                   [&to](const onem2m::ResponsePrimitive& response) {
                     const std::string id = MemberOf(response, "m2m:cb", "csi");
                     return id == to ? "csi is " + id : std::string();
                   });
}

void LiveAt(const TwoCses& site, const std::string& name, const std::string& to,
            const std::string& hop, Account& account) {
  auto opened = site.Open(name);
  if (auto* error = std::get_if<std::string>(&opened)) {
    account.Tell(Bad({*error}));
    return;
  }
  EntityA& entity = *std::get<0>(opened);
  AeSteps ae(account, entity, "coaps", name);
  if (!ae.CreateAe() || !ReadAcross(ae, entity, to, hop, account)) return;
  account.Step("Refused: the same, in another AE's name (From: Canother)");
  onem2m::RequestPrimitive request = MakeRetrieve(to + "/base");
  request.from = "Canother";
  ae.Expect(std::move(request), ResponseStatusCode::kOriginatorNotAuthenticated,
            [](const onem2m::ResponsePrimitive&) {
              return std::string("its own CSE stops it: From is not who is behind the association");
            });
}

}  // namespace

ExitCode RunCseToCseChapter(const DemoOptions& options, Account& account) {
  account.Chapter("Two CSEs: each hop has an association of its own");
  account.Step("A MAF, the CSE in, and the CSE mn that registers with it");
  auto started = TwoCses::Start(options);
  if (auto* error = std::get_if<std::string>(&started)) {
    account.Tell(Bad({*error}));
    return ExitCode::kUsage;
  }
  const auto& site = std::get<TwoCses>(started);
  account.Tell(Good(site.Lines()));
  account.Chapter("An AE of mn: the Registree is the originator of the hop");
  LiveAt(site, "amn", "/in", "mn (Entity A) to in (Entity B)", account);
  account.Chapter("An AE of in: the Registrar is the originator of the hop");
  LiveAt(site, "ain", "/mn", "in (Entity A) to mn (Entity B)", account);
  return ExitCode::kDone;
}

}  // namespace saef::tools
