// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chapters in which Entity A and the CSE authenticate each other without a MAF's key, or use a
// MAF by another credential than a pre-provisioned key: the day of an AE is the same in each.
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "tools/demo/chapter.h"
#include "tools/demo/parties.h"
#include "tools/demo/steps.h"

namespace saef::tools {
namespace {

using onem2m::ResponseStatusCode;

// What an AE does once it is associated, over one binding; `how` says how it is authenticated.
struct AeDay {
  std::string scheme;
  std::string entity;
  std::string from;  // of the CREATE <AE>
  std::string how;
};

void LiveDay(const DemoParties& parties, const AeDay& day, Account& account) {
  auto opened = parties.OpenEntity(day.entity);
  if (auto* error = std::get_if<std::string>(&opened)) {
    account.Tell(Bad({*error}));
    return;
  }
  entity_a::EntityA& entity = *std::get<0>(opened);
  AeSteps ae(account, entity, day.scheme, day.entity);
  const std::string uri = parties.CseUri(day.scheme);
  account.Step(day.entity + " opens " + ae.transport() + " to the CSE at " + uri);
  if (const auto associated = entity.Associate(uri); !associated) {
    account.Tell(Bad({associated.error().text}));
    return;
  }
  account.Tell(Good({day.how}));
  if (!ae.CreateAe(day.from) || !ae.StoreContent() || !ae.ReadContent()) return;
  ae.RefuseFrom("Canother", ResponseStatusCode::kOriginatorNotAuthenticated,
                "From is not who is behind the association");
}

// A handshake with the CSE by a PSK that nobody knows must fail.
void RefuseStranger(const DemoParties& parties, Account& account, const std::string& domain) {
  account.Step("Refused: somebody with another key");
  auto key = onem2m::Secret::Random(32);
  if (!key) {
    account.Tell(Bad({"no random octets"}));
    return;
  }
  const std::string identity = "stranger@" + domain;
  account.Tell(ExpectRefusedHandshake(
      parties.Handshake(parties.CseUri("coaps"), identity, std::move(*key))));
}

}  // namespace

ExitCode RunHttpsChapter(const DemoOptions& options, Account& account) {
  account.Chapter("The MAF over HTTP on TLS");
  Provisioning p = DemoProvisioning(options);
  p.maf_listen = {"https://127.0.0.1:0"};
  const auto parties =
      StartAsStep(std::move(p), "A MAF that listens for https alone, a CSE that asks it", account);
  if (!parties) return ExitCode::kUsage;
  const std::string how = "registered and associated; the MAF was asked over https by both";
  LiveDay(*parties, {"coaps", "sensor1", "C", how}, account);
  LiveDay(*parties, {"https", "sensor2", "C", how}, account);
  return ExitCode::kDone;
}

ExitCode RunKpsaChapter(const DemoOptions& options, Account& account) {
  account.Chapter("Provisioned symmetric keys, no MAF (TS-0003 8.2.2.1)");
  Provisioning p = DemoProvisioning(options);
  p.cse_credential = CseCredentialKind::kKpsa;
  const auto parties = StartAsStep(std::move(p), "A CSE that knows each AE's Kpsa", account);
  if (!parties) return ExitCode::kUsage;
  const std::string how = "psk_identity is KpsaId; saef.so has the key, nobody is asked";
  LiveDay(*parties, {"coaps", "sensor1", "C", how}, account);
  LiveDay(*parties, {"https", "sensor2", "C", how}, account);
  RefuseStranger(*parties, account, parties->provisioning().service_provider);
  return ExitCode::kDone;
}

ExitCode RunEnrolledKpsaChapter(const DemoOptions& options, Account& account) {
  account.Chapter("Provisioned symmetric keys through an MEF, no MAF (TS-0003 8.2.2.1, 8.3.2)");
  Provisioning p = DemoProvisioning(options);
  p.cse_credential = CseCredentialKind::kEnrolment;
  p.mef_listen = {"coaps://127.0.0.1:0"};
  const auto parties = StartAsStep(
      std::move(p), "An MEF that knows each AE's Kpm; a CSE that knows the MEF", account);
  if (!parties) return ExitCode::kUsage;
  const std::string how =
      "enrolled; psk_identity is KeId; saef.so fetched Kpsa while the handshake waited";
  LiveDay(*parties, {"coaps", "sensor1", "Ssensor1", how}, account);
  LiveDay(*parties, {"https", "sensor2", "Ssensor2", how}, account);
  RefuseStranger(*parties, account, parties->provisioning().mef_fqdn);
  return ExitCode::kDone;
}

ExitCode RunCertificatesChapter(const DemoOptions& options, Account& account) {
  account.Chapter("Certificates on both sides, no MAF (TS-0003 8.2.2.2)");
  {
    Provisioning p = DemoProvisioning(options);
    p.folder /= "association";
    p.cse_credential = CseCredentialKind::kCertificate;
    const auto parties = StartAsStep(
        std::move(p), "A CSE with a CSE-ID certificate; AEs with AE-ID certificates", account);
    if (!parties) return ExitCode::kUsage;
    const std::string how =
        "each side verified the other's certificate; subjectAltName names the AE";
    LiveDay(*parties, {"coaps", "sensor1", "Ssensor1", how}, account);
    LiveDay(*parties, {"https", "sensor2", "Ssensor2", how}, account);
    RefuseStranger(*parties, account, parties->provisioning().service_provider);
  }
  account.Chapter("Raw public keys on both sides (RFC 7250)");
  {
    Provisioning p = DemoProvisioning(options);
    p.folder /= "raw";
    p.cse_credential = CseCredentialKind::kRawPublicKey;
    const auto parties = StartAsStep(
        std::move(p), "A CSE with a raw public key, which knows the AEs' keys by Credential-ID",
        account);
    if (!parties) return ExitCode::kUsage;
    LiveDay(*parties, {"coaps", "sensor1", "Ssensor1", "each side knows the other's key"}, account);
  }
  return ExitCode::kDone;
}

ExitCode RunMafCertificatesChapter(const DemoOptions& options, Account& account) {
  account.Chapter("A MAF whose clients have certificates (TS-0003 8.x.4)");
  for (const char* scheme : {"coaps", "https"}) {
    Provisioning p = DemoProvisioning(options);
    p.folder /= std::string("maf-") + scheme;
    p.maf_credential = MafCredentialKind::kCertificate;
    p.maf_listen = {std::string(scheme) + "://127.0.0.1:0"};
    const auto parties = StartAsStep(
        std::move(p), "A MAF with an FQDN certificate, its clients with certificates", account);
    if (!parties) return ExitCode::kUsage;
    LiveDay(*parties,
            {scheme, "sensor1", "Ssensor1",
             "registered and associated: the MAF Handshake was one with certificates"},
            account);
  }
  return ExitCode::kDone;
}

}  // namespace saef::tools
