// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/party.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "bindings/log.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/json.h"
#include "tools/doctor/certificates.h"
#include "tools/doctor/files.h"
#include "tools/doctor/reach.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using rapidjson::Value;

constexpr std::array<std::string_view, 4> kKeyFileMembers = {"kmFile", "kpmFile", "kpsaFile",
                                                             "storeKeyFile"};

void Append(Findings more, Findings* findings) {
  std::ranges::move(more, std::back_inserter(*findings));
}

// The file names in a member that holds a list of them.
std::vector<fs::path> FilesIn(const Value& object, const char* member, const fs::path& folder) {
  std::vector<fs::path> files;
  const auto list = object.FindMember(member);
  if (list == object.MemberEnd() || !list->value.IsArray()) return files;
  for (const Value& file : list->value.GetArray()) {
    if (file.IsString()) files.push_back(folder / file.GetString());
  }
  return files;
}

// Goes through a whole document and looks at every file that it names.
class FileWalk {
 public:
  FileWalk(const fs::path& folder, CertificateQuestion expected, onem2m::Time now,
           Findings* findings)
      : folder_(folder), expected_(std::move(expected)), now_(now), findings_(findings) {}

  void Visit(const Value& value) {
    if (value.IsArray()) {
      for (const Value& element : value.GetArray()) Visit(element);
    }
    if (!value.IsObject()) return;
    for (const auto& member : value.GetObject()) VisitMember(member.name.GetString(), member.value);
  }

 private:
  void VisitMember(std::string_view name, const Value& value) {
    if (value.IsString() && std::ranges::find(kKeyFileMembers, name) != kKeyFileMembers.end()) {
      findings_->push_back(ExamineKeyFile(folder_ / value.GetString()));
    } else if (name == "stateFile" && value.IsString()) {
      findings_->push_back(ExamineStateFile(folder_ / value.GetString()));
    } else if (name == "certificate" && value.IsObject()) {
      VisitCertificate(value);
    } else if (name == "rawPublicKey" && value.IsObject()) {
      VisitRawPublicKey(value);
    } else if (name == "certificates" && value.IsObject()) {
      for (const fs::path& file : FilesIn(value, "trustAnchorFiles", folder_))
        Append(ExamineTrustAnchors(file, now_), findings_);
    } else {
      Visit(value);
    }
  }

  void VisitCertificate(const Value& block) {
    const auto chain = onem2m::GetString(block, "chainFile");
    const auto key = onem2m::GetString(block, "keyFile");
    if (!chain || !key) return;  // the party's own check says so
    CertificateQuestion question = expected_;
    question.chain_file = folder_ / *chain;
    question.key_file = folder_ / *key;
    question.anchor_files = FilesIn(block, "trustAnchorFiles", folder_);
    Append(ExamineCertificate(question, now_), findings_);
  }

  void VisitRawPublicKey(const Value& block) {
    const auto public_key = onem2m::GetString(block, "publicKeyFile");
    const auto private_key = onem2m::GetString(block, "keyFile");
    if (!public_key || !private_key) return;
    Append(ExamineRawKeyPair(folder_ / *public_key, folder_ / *private_key), findings_);
  }

  const fs::path folder_;
  const CertificateQuestion expected_;
  const onem2m::Time now_;
  Findings* const findings_;
};

// Whom the party's own certificate must name.
CertificateQuestion ExpectedOf(PartyKind kind, const rapidjson::Document& document) {
  CertificateQuestion question;
  if (kind == PartyKind::kMaf || kind == PartyKind::kMef) {
    if (const auto fqdn = onem2m::GetString(document, "fqdn")) question.fqdn = *fqdn;
  } else if (kind == PartyKind::kEntity) {
    if (const auto id = onem2m::GetString(document, "entityId")) question.entity_id = *id;
  } else if (kind == PartyKind::kCse) {
    const auto id = onem2m::GetString(document, "id");
    const auto provider = onem2m::GetString(document, "serviceProvider");
    if (id && provider) question.fqdn = id->substr(id->rfind('/') + 1) + "." + *provider;
  } else if (kind == PartyKind::kPlugin) {
    // Towards a MAF it is a client, known by whom its certificate names (TS-0003 8.x.4).
    const auto& cse = document["cse"];
    const auto id = onem2m::GetString(cse, "id");
    const auto provider = onem2m::GetString(cse, "serviceProvider");
    if (id && provider) question.entity_id = (id->starts_with("//") ? "" : "//" + *provider) + *id;
  }
  return question;
}

// A CSE's plugins: each by its own configuration, and the module that the CSE loads.
void ExaminePlugins(const fs::path& path, const rapidjson::Document& document,
                    const DoctorQuestions& questions, Findings* findings) {
  const auto plugins = document.FindMember("plugins");
  if (plugins == document.MemberEnd() || !plugins->value.IsArray()) return;
  for (const Value& plugin : plugins->value.GetArray()) {
    const auto module = onem2m::GetString(plugin, "module");
    const auto config = onem2m::GetString(plugin, "config");
    if (!module || !config) continue;
    DoctorQuestions about = questions;
    about.module = (path.parent_path() / *module).string();
    about.config = (path.parent_path() / *config).string();
    about.anchor.clear();
    Append(ExamineParty(about), findings);
  }
}

}  // namespace

PartyKind KindOf(const rapidjson::Document& document) {
  if (document.HasMember("enrolees")) return PartyKind::kMef;
  if (document.HasMember("clients")) return PartyKind::kMaf;
  if (document.HasMember("resourceName") || document.HasMember("plugins")) return PartyKind::kCse;
  const auto cse = document.FindMember("cse");
  if (cse == document.MemberEnd() || !cse->value.IsObject()) return PartyKind::kUnknown;
  if (cse->value.HasMember("serviceProvider")) return PartyKind::kPlugin;
  return cse->value.HasMember("uris") ? PartyKind::kEntity : PartyKind::kUnknown;
}

std::string_view NameOf(PartyKind kind) {
  switch (kind) {
    case PartyKind::kPlugin:
      return "the plugin's";
    case PartyKind::kMaf:
      return "a MAF's";
    case PartyKind::kMef:
      return "an MEF's";
    case PartyKind::kCse:
      return "the reference CSE's";
    case PartyKind::kEntity:
      return "an Entity A's";
    case PartyKind::kUnknown:
      break;
  }
  return "nobody's";
}

Findings ExamineFiles(const fs::path& path, const rapidjson::Document& document,
                      const DoctorQuestions& questions, onem2m::Time now) {
  Findings findings;
  const PartyKind kind = KindOf(document);
  const std::string what = path.string() + ": is " + std::string(NameOf(kind)) + " configuration";
  if (kind == PartyKind::kUnknown) {
    return {BadFinding(ExitCode::kUsage, what,
                       "compare it with the examples in docs/configuration.md")};
  }
  findings.push_back(GoodFinding(what));
  if (kind == PartyKind::kPlugin)
    Append(ExamineIssuerNames(document, questions.identity_limit), &findings);
  CertificateQuestion expected = ExpectedOf(kind, document);
  if (!questions.anchor.empty()) expected.own_anchor_files = {questions.anchor};
  FileWalk(path.parent_path(), std::move(expected), now, &findings).Visit(document);
  return findings;
}

Findings ExamineParty(const DoctorQuestions& questions) {
  Findings findings;
  const fs::path path = questions.config;
  const auto document = ExamineJson(path, &findings);
  if (!document) return findings;
  Append(ExamineFiles(path, *document, questions, onem2m::Now()), &findings);
  switch (KindOf(*document)) {
    case PartyKind::kPlugin: {
      DoctorQuestions about = questions;
      about.mefs = FqdnsOf(*document, "mefs");
      Append(ExamineModule(about), &findings);
      break;
    }
    case PartyKind::kCse:
      ExaminePlugins(path, *document, questions, &findings);
      break;
    default:
      // Without its files nothing can be asked as this party.
      if (Verdict(findings) == ExitCode::kDone)
        Append(ExamineReach(path, *document, questions.timeout), &findings);
  }
  return findings;
}

}  // namespace saef::tools
