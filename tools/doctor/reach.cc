// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/reach.h"

#include <string>
#include <utility>

#include "bindings/client.h"
#include "end-point/open_client.h"
#include "onem2m/json.h"
#include "tools/maf_client.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using rapidjson::Value;

// One MAF or MEF, as a block of a configuration names it.
struct Destination {
  std::string name;  // "MAF maf.example.com"
  std::string fqdn;
  std::string uri;
};

Finding Shake(const Destination& to, const Value& block, const fs::path& folder,
              std::chrono::milliseconds timeout) {
  const std::string name = to.name + " at " + to.uri;
  const auto uri = bindings::Uri::Parse(to.uri);
  const auto fqdn = onem2m::Fqdn::Parse(to.fqdn);
  if (!uri || !fqdn) {
    return BadFinding(ExitCode::kUsage, name + ": is no address of a party",
                      "give a coaps or https URI and the FQDN");
  }
  bindings::ClientOptions options;
  options.uri = *uri;
  options.server_name = to.fqdn;
  options.trust.name = *fqdn;
  options.handshake_timeout = timeout;
  if (const auto error = TakeCredential(block, folder, options))
    return BadFinding(ExitCode::kUsage, name + ": " + *error, "mend the credential's files");
  auto client = end_point::OpenClient(std::move(options));
  if (!client) {
    return BadFinding(ExitCode::kUsage, name + ": " + client.error().message(),
                      "mend the URI and the credential");
  }
  const auto connected = (*client)->Connect();
  if (connected) return GoodFinding(name + ": accepts our credential, and is who it should be");
  if (connected.error() == bindings::Error::kUnreachable ||
      connected.error() == bindings::Error::kTimeout) {
    return BadFinding(ExitCode::kUnreachable,
                      name + ": can't be reached: " + connected.error().message(),
                      "check the address and the port, the party itself, and that UDP (coaps) or "
                      "TCP (https) passes");
  }
  return BadFinding(ExitCode::kRefused,
                    name + ": no session could be made: " + connected.error().message(),
                    "check that both sides have the same key, or that each has the authority of "
                    "the other's certificate as trust anchor");
}

void TryBlock(const std::string& kind, const Value& block, const char* uri_member,
              const fs::path& folder, std::chrono::milliseconds timeout, Findings* findings) {
  if (!block.IsObject()) return;
  // Who enrols has nothing for the MAF yet; the MEF is what must be there.
  if (const auto enrolment = block.FindMember("enrolment"); enrolment != block.MemberEnd()) {
    if (!enrolment->value.IsObject()) return;
    const auto mef = enrolment->value.FindMember("mef");
    if (mef != enrolment->value.MemberEnd())
      TryBlock("MEF", mef->value, "uri", folder, timeout, findings);
    return;
  }
  const auto fqdn = onem2m::GetString(block, "fqdn");
  const auto uri = onem2m::GetString(block, uri_member);
  if (!fqdn || !uri) return;  // the party's own check says so
  findings->push_back(Shake({kind + " " + *fqdn, *fqdn, *uri}, block, folder, timeout));
}

}  // namespace

Findings ExamineReach(const fs::path& path, const rapidjson::Document& document,
                      std::chrono::milliseconds timeout) {
  Findings findings;
  const fs::path folder = path.parent_path();
  if (const auto maf = document.FindMember("maf"); maf != document.MemberEnd())
    TryBlock("MAF", maf->value, "keyRegistration", folder, timeout, &findings);
  // Whose Kpsa comes from a MEF has that in its credential for the CSE.
  if (const auto credential = document.FindMember("credential");
      credential != document.MemberEnd() && credential->value.IsObject() &&
      credential->value.HasMember("enrolment"))
    TryBlock("MEF", credential->value, "uri", folder, timeout, &findings);
  const auto mefs = document.FindMember("mefs");
  if (mefs != document.MemberEnd() && mefs->value.IsArray()) {
    for (const Value& mef : mefs->value.GetArray())
      TryBlock("MEF", mef, "uri", folder, timeout, &findings);
  }
  return findings;
}

}  // namespace saef::tools
