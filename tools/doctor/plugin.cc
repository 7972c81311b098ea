// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/plugin.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "bindings/log.h"
#include "onem2m/fqdn.h"
#include "onem2m/json.h"
#include "saef/loader.h"

namespace saef::tools {
namespace {

// A KcId is 32 hexadecimal digits, '@' and the MAF's FQDN (TS-0003 10.3.5); a KeId the same with
// the MEF's (10.3.4).
constexpr std::size_t kKcIdLessFqdn = 33;
Finding ExamineFqdn(const std::string& at, const std::string& fqdn, std::size_t identity_limit) {
  if (std::any_of(fqdn.begin(), fqdn.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return BadFinding(
        ExitCode::kUsage, at + ": the FQDN " + bindings::Quote(fqdn) + " has upper case",
        "write it in lower case, here and at the MAF: identifiers carry the lower-case form");
  }
  if (!onem2m::Fqdn::ParseCanonical(fqdn)) {
    return BadFinding(ExitCode::kUsage, at + ": " + bindings::Quote(fqdn) + " is not a domain name",
                      "give the FQDN, such as maf.example.com");
  }
  if (fqdn.size() + kKcIdLessFqdn > identity_limit) {
    return BadFinding(
        ExitCode::kUsage,
        at + ": a key identifier of this FQDN has " + std::to_string(fqdn.size() + kKcIdLessFqdn) +
            " characters, and the host's library takes " + std::to_string(identity_limit),
        "give it a shorter FQDN, or raise the library's limit (RFC 4279 5.3 demands 128)");
  }
  return GoodFinding(at + ": key identifiers of " + fqdn + " fit into a psk_identity");
}

std::string Todo(std::int32_t loader_result) {
  switch (loader_result) {
    case SAEF_LOADER_E_MODULE:
      return "check the path and that the module was built for this machine: `ldd` on it names "
             "what is missing";
    case SAEF_LOADER_E_NO_ENTRY:
      return "name saef.so with --module; this file is another library";
    case SAEF_LOADER_E_VERSION:
      return "install a saef.so and a host that speak the same major version of the ABI";
    case SAEF_LOADER_E_TABLE:
      return "install an undamaged saef.so of the version that the host was built for";
    case SAEF_LOADER_E_OPEN:
      return "mend the configuration as the text says; docs/configuration.md describes every "
             "member";
    default:
      return "see the text above";
  }
}

struct Unload {
  void operator()(saef_loaded* loaded) const { saef_loader_close(loaded); }
};

struct ProbeContext {
  Findings* findings;
  const DoctorQuestions& questions;
};

}  // namespace

std::vector<std::string> FqdnsOf(const rapidjson::Document& document, const char* list) {
  std::vector<std::string> fqdns;
  const auto found = document.FindMember(list);
  if (found == document.MemberEnd() || !found->value.IsArray()) return fqdns;
  for (const rapidjson::Value& issuer : found->value.GetArray()) {
    // What isn't as it must be is the module's own check to tell.
    const auto fqdn = issuer.IsObject() ? onem2m::GetString(issuer, "fqdn")
                                        : onem2m::Result<std::string>(onem2m::Error::kWrongType);
    fqdns.push_back(fqdn ? *fqdn : std::string());
  }
  return fqdns;
}

Findings ExamineIssuerNames(const rapidjson::Document& document, std::size_t identity_limit) {
  Findings findings;
  for (const char* const list : {"mafs", "mefs"}) {
    std::size_t i = 0;
    for (const std::string& fqdn : FqdnsOf(document, list)) {
      const std::string at = "/" + std::string(list) + "/" + std::to_string(i++) + "/fqdn";
      if (!fqdn.empty()) findings.push_back(ExamineFqdn(at, fqdn, identity_limit));
    }
  }
  return findings;
}

Findings Judge(const saef_probe_report& report, std::chrono::seconds clock_tolerance,
               const std::string& kind) {
  Findings findings;
  const std::string issuer = kind + " " + std::string(report.maf_fqdn, report.maf_fqdn_length);
  const std::string text(report.text, report.text_length);
  switch (report.outcome) {
    case SAEF_DONE:
      findings.push_back(GoodFinding(issuer + ": accepts our credential, answers in " +
                                     std::to_string(report.round_trip_us) + " µs"));
      break;
    case SAEF_DENIED:
      findings.push_back(
          BadFinding(ExitCode::kRefused, issuer + ": refuses our credential: " + text,
                     "check that both have the same key, or certificate, for this CSE"));
      break;
    default:
      findings.push_back(BadFinding(ExitCode::kUnreachable, issuer + ": can't be reached: " + text,
                                    "check the URI's address and port, the " + kind +
                                        " itself, and that UDP (coaps) or TCP (https) passes"));
  }
  if (report.has_clock_offset != SAEF_YES) return findings;
  if (std::chrono::abs(std::chrono::seconds(report.clock_offset_s)) <= clock_tolerance) {
    findings.push_back(GoodFinding(issuer + ": its clock and ours agree"));
  } else {
    findings.push_back(BadFinding(ExitCode::kUsage,
                                  issuer + ": its clock is " +
                                      std::to_string(report.clock_offset_s) +
                                      " s from ours, so keys would end too early or too late",
                                  "synchronise both clocks (NTP)"));
  }
  return findings;
}

Findings ExamineModule(const DoctorQuestions& questions) {
  Findings findings;
  saef_loader_arguments arguments{};
  arguments.size = sizeof(arguments);
  arguments.module = questions.module.c_str();
  arguments.config_path = questions.config.c_str();
  arguments.host_name = "saef doctor";
  std::string error(4096, '\0');
  std::size_t error_length = error.size();
  saef_loaded* raw = nullptr;
  const std::int32_t result = saef_loader_open(&arguments, &raw, error.data(), &error_length);
  const std::unique_ptr<saef_loaded, Unload> loaded(raw);
  if (result != SAEF_LOADER_DONE) {
    error.resize(std::min(error_length, error.size()));
    findings.push_back(
        BadFinding(ExitCode::kUsage, "module " + questions.module + ": " + error, Todo(result)));
    return findings;
  }
  const saef_api* api = saef_loader_api(raw);
  findings.push_back(GoodFinding("module " + questions.module + ": " +
                                 std::string(api->version, api->version_length) + ", ABI " +
                                 std::to_string(api->abi_major) + "." +
                                 std::to_string(api->abi_minor) + ", takes the configuration"));
  ProbeContext context{&findings, questions};
  const auto collect = [](void* to, const saef_probe_report* report) {
    auto* probe = static_cast<ProbeContext*>(to);
    const std::vector<std::string>& mefs = probe->questions.mefs;
    const std::string fqdn(report->maf_fqdn, report->maf_fqdn_length);
    const bool is_mef = std::ranges::find(mefs, fqdn) != mefs.end();
    for (Finding& finding :
         Judge(*report, probe->questions.clock_tolerance, is_mef ? "MEF" : "MAF")) {
      probe->findings->push_back(std::move(finding));
    }
  };
  const std::int32_t probed =
      api->probe(saef_loader_instance(raw), static_cast<std::uint32_t>(questions.timeout.count()),
                 collect, &context);
  if (probed != SAEF_DONE) {
    findings.push_back(BadFinding(
        ExitCode::kUsage, "the MAFs and MEFs could not be tried: result " + std::to_string(probed),
        "run the doctor again with the log of the module in view"));
  }
  return findings;
}

}  // namespace saef::tools
