// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/configuration.h"

#include <utility>

#include "bindings/configuration_file.h"
#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/certificate.h"
#include "onem2m/credential_id.h"
#include "onem2m/key_identifier.h"
#include "roles/key-store/sealed_key.h"
#include "roles/maf/configuration_schema.h"

namespace saef::maf {
namespace {

using bindings::Quote;

template <typename T>
using OrSentence = std::variant<T, std::string>;

std::string At(const std::string& place, const std::string& what) { return place + ": " + what; }

std::string Text(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

OrSentence<onem2m::Fqdn> ReadFqdn(const rapidjson::Value& document) {
  const std::string text = Text(document["fqdn"]);
  auto fqdn = onem2m::Fqdn::ParseCanonical(text);
  if (!fqdn) {
    return At("/fqdn", Quote(text) + " is no domain name in lower case: " + fqdn.error().message());
  }
  // The psk_identity KcId = 32 hexadecimal digits '@' FQDN has at most 128 octets (RFC 4279 5.3).
  if (fqdn->text().size() > onem2m::Fqdn::kMaxMafLength) {
    return At("/fqdn", "has more than 95 characters, so that KcIds would not fit in a handshake");
  }
  return std::move(*fqdn);
}

OrSentence<std::vector<bindings::Uri>> ReadListen(const rapidjson::Value& document) {
  std::vector<bindings::Uri> listen;
  for (const auto& value : document["listen"].GetArray()) {
    const std::string place = "/listen/" + std::to_string(listen.size());
    auto uri = bindings::Uri::Parse(Text(value));
    if (!uri) {
      return At(place, Quote(Text(value)) + " isn't coaps://address:port or https://address:port");
    }
    if (!uri->secure()) {
      return At(place, Quote(Text(value)) + " is not secure; keys travel here: use coaps or https");
    }
    if (!uri->path.empty() && uri->path != "/") {
      return At(place,
                Quote(Text(value)) + " has a path; the MAF's paths are fixed: leave it away");
    }
    listen.push_back(std::move(*uri));
  }
  return listen;
}

OrSentence<onem2m::Secret> ReadKey(const bindings::ConfigurationFile& file,
                                   const rapidjson::Value& name, const std::string& place) {
  auto key = bindings::ReadKeyFile(file.Resolve(Text(name)));
  if (const auto* error = std::get_if<std::string>(&key)) {
    return At(place, *error);
  }
  return std::move(std::get<onem2m::Secret>(key));
}

OrSentence<std::optional<Entity>> ReadEntity(const rapidjson::Value& value,
                                             const std::string& place) {
  const bool is_cse = Text(value["entityType"]) == "CSE";
  if (!value.HasMember("entityId")) {
    if (is_cse) {
      return At(place, "a CSE needs its entityId, such as //sp.example.com/cse1");
    }
    return std::optional<Entity>();
  }
  const std::string id = Text(value["entityId"]);
  const std::string where = place + "/entityId";
  if (is_cse) {
    const auto cse = onem2m::CseId::ParseAbsolute(id);
    if (!cse) {
      return At(where, Quote(id) + " is no Absolute CSE-ID, such as //sp.example.com/cse1");
    }
    return std::optional<Entity>(Entity{cse->Absolute(), onem2m::EntityKind::kCse});
  }
  const auto ae = onem2m::AeId::ParseAbsolute(id);
  if (!ae) {
    return At(where, Quote(id) + " is no Absolute AE-ID, such as //sp.example.com/cse1/Cae1");
  }
  return std::optional<Entity>(Entity{ae->Absolute(), onem2m::EntityKind::kAe});
}

OrSentence<std::vector<std::string>> ReadEntities(const rapidjson::Value& value,
                                                  const std::string& member,
                                                  const std::string& place) {
  std::vector<std::string> entities;
  const auto list = value.FindMember(member.c_str());
  if (list == value.MemberEnd()) {
    return entities;
  }
  for (const auto& entity : list->value.GetArray()) {
    auto id = CanonicalEntityId(Text(entity));
    if (!id) {
      std::string where = place;
      where.append("/").append(member).append("/").append(std::to_string(entities.size()));
      return At(where, Quote(Text(entity)) + " is no Absolute CSE-ID or AE-ID");
    }
    entities.push_back(std::move(*id));
  }
  return entities;
}

// What a client of any sort has besides its credential.
OrSentence<Client> ReadRights(const rapidjson::Value& value, const std::string& place,
                              std::optional<Entity> entity) {
  auto targets = ReadEntities(value, "mayRegisterFor", place);
  auto updates = ReadEntities(value, "mayUpdateTargetsOf", place);
  for (auto* error : {std::get_if<std::string>(&targets), std::get_if<std::string>(&updates)}) {
    if (error != nullptr) {
      return std::move(*error);
    }
  }
  return Client{{},
                {},
                std::move(entity),
                std::move(std::get<std::vector<std::string>>(targets)),
                std::move(std::get<std::vector<std::string>>(updates)),
                {}};
}

// What stands for the client in handshakes.
struct ClientCredential {
  std::optional<onem2m::KmId> km_id;
  onem2m::Secret km;
  std::optional<onem2m::CredentialId> certificate_id;
};

// TS-0003 10.4. What a CSE-ID or AE-ID certificate names, in the form in which certificates are
// looked up.
onem2m::Result<onem2m::CredentialId> ParseCertificateId(const std::string& text) {
  auto id = onem2m::CredentialId::Parse(text);
  if (!id) {
    return id;
  }
  if (id->type() == onem2m::CredentialType::kCseIdCertificate) {
    const auto cse = onem2m::CseId::ParseAbsolute(id->value());
    return cse ? onem2m::CredentialId::Make(id->type(), cse->Absolute()) : cse.error();
  }
  if (id->type() == onem2m::CredentialType::kAeIdCertificate) {
    const auto ae = onem2m::AeId::ParseAbsolute(id->value());
    return ae ? onem2m::CredentialId::Make(id->type(), ae->Absolute()) : ae.error();
  }
  return id;
}

// A CSE-ID or AE-ID certificate says who the entity is; the configuration can't say another.
bool NamesAnother(const std::optional<onem2m::CredentialId>& certificate,
                  const std::optional<Entity>& entity) {
  const bool names =
      certificate && (certificate->type() == onem2m::CredentialType::kCseIdCertificate ||
                      certificate->type() == onem2m::CredentialType::kAeIdCertificate);
  return names && entity && entity->id != certificate->value();
}

OrSentence<ClientCredential> ReadCertificateId(const bindings::ConfigurationFile& file,
                                               const std::string& text, const std::string& place) {
  auto id = ParseCertificateId(text);
  if (!id || id->type() < onem2m::CredentialType::kDeviceCertificate) {
    return At(place, Quote(text) +
                         " is no Credential-ID of a certificate: 31- and a hardware "
                         "instance id, 32- and an Absolute CSE-ID, 33- and an Absolute "
                         "AE-ID, or 34- and a Node-ID");
  }
  if (!file.document.HasMember("certificate")) {
    return At(place,
              "the MAF has no certificate, so that no client can come with one: see "
              "/certificate");
  }
  return ClientCredential{{}, {}, std::move(*id)};
}

OrSentence<ClientCredential> ReadCredential(const bindings::ConfigurationFile& file,
                                            const rapidjson::Value& value, const std::string& place,
                                            const onem2m::Fqdn& fqdn) {
  const bool has_key = value.HasMember("kmId") && value.HasMember("kmFile");
  const bool has_some_key = value.HasMember("kmId") || value.HasMember("kmFile");
  if (value.HasMember("certificateId") ? has_some_key : !has_key) {
    return At(place, "needs either kmId and kmFile, certificateId or enrolled");
  }
  if (!has_key) {
    return ReadCertificateId(file, Text(value["certificateId"]), place + "/certificateId");
  }
  const std::string text = Text(value["kmId"]);
  auto km_id = onem2m::KmId::Parse(text);
  if (!km_id || km_id->fqdn() != fqdn) {
    return At(place + "/kmId", Quote(text) + " isn't of the form name@" + fqdn.text());
  }
  auto km = ReadKey(file, value["kmFile"], place + "/kmFile");
  if (auto* error = std::get_if<std::string>(&km)) {
    return std::move(*error);
  }
  return ClientCredential{std::move(*km_id), std::move(std::get<onem2m::Secret>(km)), {}};
}

OrSentence<Client> ReadClient(const bindings::ConfigurationFile& file,
                              const rapidjson::Value& value, const std::string& place,
                              const onem2m::Fqdn& fqdn) {
  auto credential = ReadCredential(file, value, place, fqdn);
  auto entity = ReadEntity(value, place);
  for (const auto* error :
       {std::get_if<std::string>(&credential), std::get_if<std::string>(&entity)}) {
    if (error != nullptr) {
      return *error;
    }
  }
  auto& read = std::get<ClientCredential>(credential);
  if (NamesAnother(read.certificate_id, std::get<std::optional<Entity>>(entity))) {
    return At(place + "/entityId", "is another than the one that certificateId names, " +
                                       std::string(read.certificate_id->value()));
  }
  auto client = ReadRights(value, place, std::move(std::get<std::optional<Entity>>(entity)));
  if (auto* made = std::get_if<Client>(&client)) {
    made->km_id = std::move(read.km_id);
    made->km = std::move(read.km);
    made->certificate_id = std::move(read.certificate_id);
  }
  return client;
}

// A client that a MEF provisions; what only concerns that goes to `enrolled`.
OrSentence<Client> ReadEnrolled(const rapidjson::Value& value, const std::string& place,
                                const onem2m::Fqdn& fqdn,
                                const std::vector<end_point::MefAccess>& mefs,
                                std::vector<EnrolledClient>& enrolled) {
  auto read = ReadEnrolledClient(value, place, mefs, fqdn);
  if (auto* error = std::get_if<std::string>(&read)) {
    return std::move(*error);
  }
  enrolled.push_back(std::move(std::get<EnrolledClient>(read)));
  auto client = ReadRights(value, place, Entity{enrolled.back().enrolee_id, enrolled.back().kind});
  if (auto* made = std::get_if<Client>(&client)) {
    made->km_id = enrolled.back().km_id;
  }
  return client;
}

OrSentence<ClientTable> ReadClients(const bindings::ConfigurationFile& file,
                                    const onem2m::Fqdn& fqdn,
                                    const std::vector<end_point::MefAccess>& mefs,
                                    std::vector<EnrolledClient>& enrolled) {
  std::vector<Client> clients;
  for (const auto& value : file.document["clients"].GetArray()) {
    const std::string place = "/clients/" + std::to_string(clients.size());
    auto client = value.HasMember("enrolled") ? ReadEnrolled(value, place, fqdn, mefs, enrolled)
                                              : ReadClient(file, value, place, fqdn);
    if (auto* error = std::get_if<std::string>(&client)) {
      return std::move(*error);
    }
    clients.push_back(std::move(std::get<Client>(client)));
  }
  auto table = ClientTable::Make(std::move(clients));
  if (const auto* error = std::get_if<std::string>(&table)) {
    return At("/clients", *error);
  }
  return table;
}

OrSentence<std::optional<CertificateConfiguration>> ReadCertificate(
    const bindings::ConfigurationFile& file, const onem2m::Fqdn& fqdn) {
  const auto block = file.document.FindMember("certificate");
  if (block == file.document.MemberEnd()) {
    return std::optional<CertificateConfiguration>();
  }
  auto chain = bindings::ReadCertificates(file.Resolve(Text(block->value["chainFile"])));
  if (auto* error = std::get_if<std::string>(&chain)) {
    return At("/certificate/chainFile", *error);
  }
  auto key = bindings::ReadPrivateKey(file.Resolve(Text(block->value["keyFile"])));
  if (auto* error = std::get_if<std::string>(&key)) {
    return At("/certificate/keyFile", *error);
  }
  CertificateConfiguration certificate;
  certificate.credential.chain = std::move(std::get<std::vector<std::string>>(chain));
  certificate.credential.private_key = std::move(std::get<onem2m::Secret>(key));
  // TS-0003 10.1.1.6: clients look for the MAF's FQDN in it.
  if (!onem2m::CertificateNames(certificate.credential.chain.front(), fqdn)) {
    return At("/certificate/chainFile",
              "the certificate has no dNSName " + fqdn.text() + ", which clients look for");
  }
  std::size_t number = 0;
  for (const auto& name : block->value["trustAnchorFiles"].GetArray()) {
    auto anchors = bindings::ReadCertificates(file.Resolve(Text(name)));
    if (auto* error = std::get_if<std::string>(&anchors)) {
      return At("/certificate/trustAnchorFiles/" + std::to_string(number), *error);
    }
    ++number;
    for (std::string& anchor : std::get<std::vector<std::string>>(anchors)) {
      certificate.trust_anchors.push_back(std::move(anchor));
    }
  }
  return std::optional(std::move(certificate));
}

OrSentence<onem2m::Secret> ReadStoreKey(const bindings::ConfigurationFile& file) {
  auto key = ReadKey(file, file.document["storeKeyFile"], "/storeKeyFile");
  if (const auto* secret = std::get_if<onem2m::Secret>(&key);
      secret != nullptr && secret->size() != key_store::kStoreKeySize) {
    return At("/storeKeyFile", "the store key has 32 octets (64 hexadecimal digits), not " +
                                   std::to_string(secret->size()));
  }
  return key;
}

template <typename T>
void ReadNumber(const rapidjson::Value& object, const char* member, T& value) {
  if (object.HasMember(member)) {
    value = T(object[member].GetInt64());
  }
}

// The members that have a standard value; what is wrong with them, or nothing.
std::string ReadOptional(const rapidjson::Value& document, Configuration& configuration) {
  ReadNumber(document, "maxKeysPerClient", configuration.max_keys_per_client);
  ReadNumber(document, "answerDelayMs", configuration.answer_delay);
  ReadNumber(document, "sweepIntervalSeconds", configuration.sweep_interval);
  if (document.HasMember("endSessionAfterProcedure")) {
    configuration.end_session_after_procedure = document["endSessionAfterProcedure"].GetBool();
  }
  if (!document.HasMember("lifetime")) {
    return {};
  }
  const auto& lifetime = document["lifetime"];
  ReadNumber(lifetime, "maxSeconds", configuration.lifetime.most);
  if (lifetime.HasMember("defaultSeconds")) {
    ReadNumber(lifetime, "defaultSeconds", configuration.lifetime.standard);
  } else {
    configuration.lifetime.standard =
        std::min(configuration.lifetime.standard, configuration.lifetime.most);
  }
  if (configuration.lifetime.standard > configuration.lifetime.most) {
    return "/lifetime/defaultSeconds: must not be more than maxSeconds (" +
           std::to_string(configuration.lifetime.most.count()) + ")";
  }
  return {};
}

OrSentence<Configuration> Build(const bindings::ConfigurationFile& file) {
  auto fqdn = ReadFqdn(file.document);
  if (auto* error = std::get_if<std::string>(&fqdn)) {
    return std::move(*error);
  }
  auto listen = ReadListen(file.document);
  auto store_key = ReadStoreKey(file);
  auto mefs = end_point::ReadMefs(file);
  if (auto* error = std::get_if<std::string>(&mefs)) {
    return std::move(*error);
  }
  std::vector<EnrolledClient> enrolled;
  auto clients = ReadClients(file, std::get<onem2m::Fqdn>(fqdn),
                             std::get<std::vector<end_point::MefAccess>>(mefs), enrolled);
  auto certificate = ReadCertificate(file, std::get<onem2m::Fqdn>(fqdn));
  for (auto* error : {std::get_if<std::string>(&listen), std::get_if<std::string>(&store_key),
                      std::get_if<std::string>(&clients), std::get_if<std::string>(&certificate)}) {
    if (error != nullptr) {
      return std::move(*error);
    }
  }
  Configuration configuration{
      .fqdn = std::move(std::get<onem2m::Fqdn>(fqdn)),
      .listen = std::move(std::get<std::vector<bindings::Uri>>(listen)),
      .store = file.Resolve(Text(file.document["store"])),
      .store_key = std::move(std::get<onem2m::Secret>(store_key)),
      .lifetime = {},
      .clients = std::move(std::get<ClientTable>(clients)),
      .certificate = std::move(std::get<std::optional<CertificateConfiguration>>(certificate)),
      .mefs = std::move(std::get<std::vector<end_point::MefAccess>>(mefs)),
      .enrolled = std::move(enrolled),
  };
  configuration.statistics = statistics::TakeStatistics(file.document);
  configuration.server = bindings::TakeServerLimits(file.document);
  if (std::string error = ReadOptional(file.document, configuration); !error.empty()) {
    return error;
  }
  return configuration;
}

}  // namespace

std::variant<Configuration, std::string> ReadConfiguration(const std::string& path) {
  auto file = bindings::ReadConfigurationFile(path, InsertEnrolledSchema(kConfigurationSchema));
  if (auto* error = std::get_if<std::string>(&file)) {
    return std::move(*error);
  }
  auto configuration = Build(std::get<bindings::ConfigurationFile>(file));
  if (const auto* error = std::get_if<std::string>(&configuration)) {
    return Quote(path, 4096) + ": " + *error;
  }
  return configuration;
}

}  // namespace saef::maf
