// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/maf_client.h"

#include <utility>
#include <vector>

#include "bindings/credential.h"
#include "bindings/key_file.h"
#include "end-point/open_client.h"
#include "onem2m/json.h"
#include "tools/doctor/files.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using rapidjson::Value;

// By key: true if there is one. `wrong` is set if it can't be read.
bool TakePsk(const Value& block, const fs::path& folder, bindings::ClientOptions& options,
             std::optional<std::string>& wrong) {
  for (const auto& [id_member, file_member] :
       {std::pair{"kmId", "kmFile"}, std::pair{"kpmId", "kpmFile"}}) {
    const auto id = onem2m::GetString(block, id_member);
    const auto file = onem2m::GetString(block, file_member);
    if (!id || !file) continue;
    auto key = bindings::ReadKeyFile((folder / *file).string());
    if (auto* error = std::get_if<std::string>(&key)) {
      wrong = std::move(*error);
    } else {
      options.credential = bindings::PskCredential{*id, std::get<onem2m::Secret>(std::move(key))};
    }
    return true;
  }
  return false;
}

std::optional<std::string> TakeTrust(const Value& files, const fs::path& folder,
                                     bindings::ClientOptions& options) {
  const auto anchors = files.FindMember("trustAnchorFiles");
  if (anchors == files.MemberEnd() || !anchors->value.IsArray()) return std::nullopt;
  for (const Value& file : anchors->value.GetArray()) {
    if (!file.IsString()) continue;
    auto read = bindings::ReadCertificates((folder / file.GetString()).string());
    if (auto* error = std::get_if<std::string>(&read)) return std::move(*error);
    for (std::string& anchor : std::get<std::vector<std::string>>(read))
      options.trust.trust_anchors.push_back(std::move(anchor));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> TakeCredential(const Value& block, const fs::path& folder,
                                          bindings::ClientOptions& options) {
  std::optional<std::string> wrong;
  if (TakePsk(block, folder, options, wrong)) return wrong;
  const auto certificate = block.FindMember("certificate");
  if (certificate == block.MemberEnd() || !certificate->value.IsObject())
    return "no key and no certificate is named";
  const Value& files = certificate->value;
  const auto chain_file = onem2m::GetString(files, "chainFile");
  const auto key_file = onem2m::GetString(files, "keyFile");
  if (!chain_file || !key_file) return "chainFile or keyFile is missing";
  auto chain = bindings::ReadCertificates((folder / *chain_file).string());
  if (auto* error = std::get_if<std::string>(&chain)) return std::move(*error);
  auto key = bindings::ReadPrivateKey((folder / *key_file).string());
  if (auto* error = std::get_if<std::string>(&key)) return std::move(*error);
  options.credential =
      bindings::CertificateCredential{std::get<std::vector<std::string>>(std::move(chain)),
                                      std::get<onem2m::Secret>(std::move(key))};
  return TakeTrust(files, folder, options);
}

MafOfEntity::MafOfEntity(std::unique_ptr<bindings::Client> client, onem2m::Fqdn fqdn,
                         std::string path, std::optional<std::string> originator)
    : client_(std::move(client)),
      fqdn_(std::move(fqdn)),
      path_(std::move(path)),
      originator_(std::move(originator)) {}

std::variant<MafOfEntity, std::string> MafOfEntity::Open(const fs::path& configuration) {
  Findings findings;
  const auto document = ExamineJson(configuration, &findings);
  if (!document) return findings.back().what;
  const std::string at = configuration.string() + ": /maf";
  const auto maf = document->FindMember("maf");
  if (maf == document->MemberEnd() || !maf->value.IsObject()) return at + " is missing";
  const auto fqdn_text = onem2m::GetString(maf->value, "fqdn");
  const auto uri_text = onem2m::GetString(maf->value, "keyRegistration");
  auto fqdn = onem2m::Fqdn::ParseCanonical(fqdn_text ? *fqdn_text : std::string());
  auto uri = bindings::Uri::Parse(uri_text ? *uri_text : std::string());
  if (!fqdn) return at + "/fqdn: must be a domain name in lower case";
  if (!uri || uri->path.size() < 2)
    return at + "/keyRegistration: must be a coaps or https URI with a path";
  bindings::ClientOptions options;
  options.uri = *uri;
  options.server_name = fqdn->text();
  options.trust.name = *fqdn;
  if (auto wrong = TakeCredential(maf->value, configuration.parent_path(), options))
    return at + ": " + *wrong;
  auto client = end_point::OpenClient(std::move(options));
  if (!client) return at + ": " + client.error().message();
  std::optional<std::string> originator;
  if (const auto id = onem2m::GetString(*document, "entityId")) originator = *id;
  return MafOfEntity(std::move(*client), std::move(*fqdn), uri->path, std::move(originator));
}

}  // namespace saef::tools
