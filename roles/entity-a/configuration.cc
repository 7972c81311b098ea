// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/configuration.h"

#include <utility>

#include "bindings/configuration_file.h"
#include "bindings/log.h"
#include "onem2m/certificate.h"
#include "roles/entity-a/configuration_schema.h"

namespace saef::entity_a {
namespace {

using bindings::Quote;

template <typename T>
using OrSentence = std::variant<T, std::string>;

std::string Text(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

OrSentence<bindings::Uri> ReadUri(const rapidjson::Value& value, const std::string& place) {
  auto uri = bindings::Uri::Parse(Text(value));
  if (!uri || !uri->secure()) {
    return place + ": " + Quote(Text(value)) + " isn't a coaps or https URI";
  }
  return std::move(*uri);
}

OrSentence<std::vector<bindings::Uri>> ReadCseUris(const rapidjson::Value& array) {
  std::vector<bindings::Uri> uris;
  for (const auto& value : array.GetArray()) {
    auto uri = ReadUri(value, "/cse/uris/" + std::to_string(uris.size()));
    if (auto* error = std::get_if<std::string>(&uri)) {
      return std::move(*error);
    }
    uris.push_back(std::move(std::get<bindings::Uri>(uri)));
  }
  return uris;
}

// IdA, and the form of it that goes into From (TS-0004 7.3.2.1).
std::string ReadEntity(const rapidjson::Value& document, Configuration& configuration) {
  if (!document.HasMember("entityId")) {
    return {};
  }
  const std::string id = Text(document["entityId"]);
  if (document.HasMember("entityType") && Text(document["entityType"]) == "CSE") {
    const auto cse = onem2m::CseId::ParseAbsolute(id);
    if (!cse) {
      return "/entityId: " + Quote(id) + " is no Absolute CSE-ID, such as //sp.example.com/cse2";
    }
    configuration.entity_id = cse->Absolute();
    configuration.originator = cse->SpRelative();
    return {};
  }
  const auto ae = onem2m::AeId::ParseAbsolute(id);
  if (!ae) {
    return "/entityId: " + Quote(id) + " is no Absolute AE-ID, such as //sp.example.com/cse1/Cae1";
  }
  configuration.entity_id = ae->Absolute();
  configuration.originator = ae->stem();
  return {};
}

void ReadOptional(const rapidjson::Value& document, Configuration& configuration) {
  if (document.HasMember("kc") && Text(document["kc"]) == "self-generated") {
    configuration.key_source = KeySource::kSelfGenerated;
  } else if (document.HasMember("kc") && Text(document["kc"]) == "printable") {
    configuration.key_source = KeySource::kPrintable;
  }
  if (document.HasMember("lifetimeSeconds")) {
    configuration.lifetime = std::chrono::seconds(document["lifetimeSeconds"].GetInt64());
  }
  if (document.HasMember("timeoutMs")) {
    configuration.timeout = std::chrono::milliseconds(document["timeoutMs"].GetInt64());
  }
}

// Where a MEF gives instructions it need not stand in the configuration.
OrSentence<std::optional<bindings::Uri>> ReadRegistration(const rapidjson::Value& maf) {
  if (!maf.HasMember("keyRegistration")) {
    if (maf.HasMember("enrolment")) {
      return std::optional<bindings::Uri>();
    }
    return std::string(
        "/maf: keyRegistration is missing; it is needed unless there is an enrolment");
  }
  auto uri = end_point::ReadProcedureUri(maf["keyRegistration"], "/maf/keyRegistration");
  if (auto* error = std::get_if<std::string>(&uri)) {
    return std::move(*error);
  }
  return std::optional<bindings::Uri>(std::move(std::get<bindings::Uri>(uri)));
}

// The members of the MAF-based framework (TS-0003 8.2.2.3).
std::string ReadMaf(const bindings::ConfigurationFile& file, Configuration& configuration) {
  const auto& maf = file.document["maf"];
  auto fqdn = onem2m::Fqdn::ParseCanonical(Text(maf["fqdn"]));
  if (!fqdn) {
    return "/maf/fqdn: " + Quote(Text(maf["fqdn"])) +
           " is no domain name in lower case: " + fqdn.error().message();
  }
  auto registration = ReadRegistration(maf);
  auto credential = end_point::ReadMafCredential(file, maf, "/maf", *fqdn);
  for (auto* error :
       {std::get_if<std::string>(&registration), std::get_if<std::string>(&credential)}) {
    if (error != nullptr) {
      return std::move(*error);
    }
  }
  configuration.maf_fqdn = std::move(*fqdn);
  configuration.key_registration = std::move(std::get<std::optional<bindings::Uri>>(registration));
  configuration.maf_credential = std::move(std::get<end_point::MafCredential>(credential));
  return {};
}

// By what it authenticates: with the help of a MAF, or to the CSE alone.
std::string ReadFramework(const bindings::ConfigurationFile& file, Configuration& configuration) {
  const bool maf = file.document.HasMember("maf");
  if (maf == file.document.HasMember("credential")) {
    return "/: must hold exactly one of maf and credential";
  }
  if (maf) {
    return ReadMaf(file, configuration);
  }
  auto credential =
      ReadCseCredential(file, file.document["credential"], configuration.cse_server_name());
  if (auto* error = std::get_if<std::string>(&credential)) {
    return std::move(*error);
  }
  configuration.cse_credential = std::move(std::get<CseCredential>(credential));
  return {};
}

// An AE-ID or CSE-ID certificate says who it is (TS-0003 10.1.1): what the configuration says must
// be that, and may be left away.
std::string TakeCertifiedIdentity(Configuration& configuration) {
  const auto* certificate =
      configuration.cse_credential
          ? std::get_if<bindings::CertificateCredential>(&configuration.cse_credential->own)
          : nullptr;
  if (certificate == nullptr) {
    return {};
  }
  const auto identity = onem2m::IdentityOfCertificate(certificate->chain.front());
  if (!identity) {
    return "/credential/certificate/chainFile: the certificate names no entity: " +
           identity.error().message();
  }
  if (!identity->ae && !identity->cse) {
    return {};
  }
  const std::string id = identity->ae ? identity->ae->Absolute() : identity->cse->Absolute();
  if (configuration.entity_id && *configuration.entity_id != id) {
    return "/entityId: the certificate is that of " + id;
  }
  configuration.entity_id = id;
  configuration.originator = identity->ae ? identity->ae->stem() : identity->cse->SpRelative();
  return {};
}

std::string SchemaText() {
  static constexpr std::string_view kPlace = "$cseCredential$";
  std::string schema(kConfigurationSchema);
  schema.replace(schema.find(kPlace), kPlace.size(), kCseCredentialSchema);
  return end_point::InsertCredentialSchema(schema);
}

OrSentence<Configuration> Build(const bindings::ConfigurationFile& file) {
  auto cse_id = onem2m::CseId::ParseAbsolute(Text(file.document["cse"]["id"]));
  if (!cse_id) {
    return "/cse/id: " + Quote(Text(file.document["cse"]["id"])) +
           " is no Absolute CSE-ID, such as //sp.example.com/cse1";
  }
  auto uris = ReadCseUris(file.document["cse"]["uris"]);
  if (auto* error = std::get_if<std::string>(&uris)) {
    return std::move(*error);
  }
  Configuration configuration{
      .entity_id = {},
      .originator = {},
      .cse_credential = {},
      .maf_fqdn = {},
      .key_registration = {},
      .maf_credential = {},
      .cse_id = std::move(*cse_id),
      .cse_uris = std::move(std::get<std::vector<bindings::Uri>>(uris)),
      .lifetime = {},
  };
  if (std::string error = ReadFramework(file, configuration); !error.empty()) {
    return error;
  }
  if (std::string error = ReadEntity(file.document, configuration); !error.empty()) {
    return error;
  }
  if (std::string error = TakeCertifiedIdentity(configuration); !error.empty()) {
    return error;
  }
  ReadOptional(file.document, configuration);
  return configuration;
}

}  // namespace

std::variant<Configuration, std::string> ReadConfiguration(const std::string& path) {
  auto file = bindings::ReadConfigurationFile(path, SchemaText());
  if (auto* error = std::get_if<std::string>(&file)) {
    return std::move(*error);
  }
  auto configuration = Build(std::get<bindings::ConfigurationFile>(file));
  if (const auto* error = std::get_if<std::string>(&configuration)) {
    return Quote(path, 4096) + ": " + *error;
  }
  return configuration;
}

}  // namespace saef::entity_a
