// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

#include "bindings/log.h"
#include "onem2m/fqdn.h"
#include "onem2m/json.h"
#include "saef/loader.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;

// A KcId is 32 hexadecimal digits, '@' and the MAF's FQDN (TS-0003 10.3.5).
constexpr std::size_t kKcIdLessFqdn = 33;
constexpr std::uintmax_t kMaxConfiguration = 1 << 20;

Finding Good(std::string what) {
  return {Finding::Kind::kGood, std::move(what), {}, ExitCode::kDone};
}
Finding Bad(ExitCode code, std::string what, std::string todo) {
  return {Finding::Kind::kBad, std::move(what), std::move(todo), code};
}

// The text of a file, or a finding that says why it can't be had.
bool ReadConfiguration(const fs::path& path, std::string* text, std::vector<Finding>* findings) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) {
    findings->push_back(
        Bad(ExitCode::kUsage,
            path.string() + ": can't be read: " + (error ? error.message() : std::strerror(errno)),
            "name the plugin's configuration with --config; `saef provision` writes one"));
    return false;
  }
  if (size > kMaxConfiguration) {
    findings->push_back(Bad(ExitCode::kUsage, path.string() + ": is larger than 1 MiB",
                            "name the plugin's configuration, not another file"));
    return false;
  }
  text->assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  return true;
}

Finding ExamineKeyFile(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Bad(ExitCode::kUsage, "key file " + path.string() + ": " + std::strerror(errno),
               "put Km there as hexadecimal digits, with mode 0600");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Bad(
        ExitCode::kUsage, "key file " + path.string() + ": can be read or written by others",
        "chmod 600 " + path.string() + "; if others could have read it, replace Km at the MAF too");
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return Bad(ExitCode::kUsage, "key file " + path.string() + ": belongs to another user",
               "chown it to the user that runs the CSE");
  }
  return Good("key file " + path.string() + ": only its owner can read it");
}

Finding ExamineFqdn(const std::string& at, const std::string& fqdn, std::size_t identity_limit) {
  if (std::any_of(fqdn.begin(), fqdn.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return Bad(
        ExitCode::kUsage, at + ": the FQDN " + bindings::Quote(fqdn) + " has upper case",
        "write it in lower case, here and at the MAF: identifiers carry the lower-case form");
  }
  if (!onem2m::Fqdn::ParseCanonical(fqdn)) {
    return Bad(ExitCode::kUsage, at + ": " + bindings::Quote(fqdn) + " is not a domain name",
               "give the MAF's FQDN, such as maf.example.com");
  }
  if (fqdn.size() + kKcIdLessFqdn > identity_limit) {
    return Bad(
        ExitCode::kUsage,
        at + ": a KcId of this MAF has " + std::to_string(fqdn.size() + kKcIdLessFqdn) +
            " characters, and the host's library takes " + std::to_string(identity_limit),
        "give the MAF a shorter FQDN, or raise the library's limit (RFC 4279 5.3 demands 128)");
  }
  return Good(at + ": KcIds of " + fqdn + " fit into a psk_identity");
}

void ExamineMaf(const rapidjson::Value& maf, std::size_t index, const fs::path& folder,
                std::size_t identity_limit, std::vector<Finding>* findings) {
  const std::string at = "/mafs/" + std::to_string(index);
  if (!maf.IsObject()) return;  // the module's own check says so
  if (const auto fqdn = onem2m::GetString(maf, "fqdn")) {
    findings->push_back(ExamineFqdn(at + "/fqdn", *fqdn, identity_limit));
  }
  if (const auto key_file = onem2m::GetString(maf, "kmFile")) {
    findings->push_back(ExamineKeyFile(folder / *key_file));
  }
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
  std::vector<Finding>* findings;
  std::chrono::seconds clock_tolerance;
};

}  // namespace

std::vector<Finding> ExamineConfiguration(const DoctorQuestions& questions) {
  std::vector<Finding> findings;
  const fs::path path = questions.config;
  std::string text;
  if (!ReadConfiguration(path, &text, &findings)) return findings;
  const auto document = onem2m::ParseJson(text);
  if (!document || !document->IsObject()) {
    findings.push_back(Bad(ExitCode::kUsage, path.string() + ": is not a JSON object",
                           "compare it with the example in docs/configuration.md"));
    return findings;
  }
  findings.push_back(Good(path.string() + ": is JSON"));
  const auto mafs = document->FindMember("mafs");
  if (mafs == document->MemberEnd() || !mafs->value.IsArray()) return findings;
  for (rapidjson::SizeType i = 0; i < mafs->value.Size(); ++i) {
    ExamineMaf(mafs->value[i], i, path.parent_path(), questions.identity_limit, &findings);
  }
  return findings;
}

std::vector<Finding> Judge(const saef_probe_report& report, std::chrono::seconds clock_tolerance) {
  std::vector<Finding> findings;
  const std::string maf = "MAF " + std::string(report.maf_fqdn, report.maf_fqdn_length);
  const std::string text(report.text, report.text_length);
  switch (report.outcome) {
    case SAEF_DONE:
      findings.push_back(Good(maf + ": accepts our credential, answers in " +
                              std::to_string(report.round_trip_us) + " µs"));
      break;
    case SAEF_DENIED:
      findings.push_back(Bad(ExitCode::kRefused, maf + ": refuses our credential: " + text,
                             "check that kmId and Km are the MAF's own for this CSE"));
      break;
    default:
      findings.push_back(
          Bad(ExitCode::kUnreachable, maf + ": can't be reached: " + text,
              "check keyRetrieval's address and port, the MAF itself, and that UDP passes"));
  }
  if (report.has_clock_offset != SAEF_YES) return findings;
  if (std::chrono::abs(std::chrono::seconds(report.clock_offset_s)) <= clock_tolerance) {
    findings.push_back(Good(maf + ": its clock and ours agree"));
  } else {
    findings.push_back(Bad(ExitCode::kUsage,
                           maf + ": its clock is " + std::to_string(report.clock_offset_s) +
                               " s from ours, so keys would end too early or too late",
                           "synchronise both clocks (NTP)"));
  }
  return findings;
}

std::vector<Finding> ExamineModule(const DoctorQuestions& questions) {
  std::vector<Finding> findings;
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
        Bad(ExitCode::kUsage, "module " + questions.module + ": " + error, Todo(result)));
    return findings;
  }
  const saef_api* api = saef_loader_api(raw);
  findings.push_back(Good("module " + questions.module + ": " +
                          std::string(api->version, api->version_length) + ", ABI " +
                          std::to_string(api->abi_major) + "." + std::to_string(api->abi_minor) +
                          ", takes the configuration"));
  ProbeContext context{&findings, questions.clock_tolerance};
  const auto collect = [](void* to, const saef_probe_report* report) {
    auto* probe = static_cast<ProbeContext*>(to);
    for (Finding& finding : Judge(*report, probe->clock_tolerance)) {
      probe->findings->push_back(std::move(finding));
    }
  };
  const std::int32_t probed =
      api->probe(saef_loader_instance(raw), static_cast<std::uint32_t>(questions.timeout.count()),
                 collect, &context);
  if (probed != SAEF_DONE) {
    findings.push_back(Bad(ExitCode::kUsage,
                           "the MAFs could not be tried: result " + std::to_string(probed),
                           "run the doctor again with the log of the module in view"));
  }
  return findings;
}

ExitCode Verdict(const std::vector<Finding>& findings) {
  const auto bad = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.kind == Finding::Kind::kBad;
  });
  return bad == findings.end() ? ExitCode::kDone : bad->code;
}

}  // namespace saef::tools
