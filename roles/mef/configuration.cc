// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/configuration.h"

#include <utility>

#include "bindings/configuration_file.h"
#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/credential_id.h"
#include "onem2m/interface_json.h"
#include "roles/key-store/sealed_key.h"
#include "roles/mef/configuration_schema.h"

namespace saef::mef {
namespace {

using bindings::Quote;
using onem2m::mef::MafCredentialType;
using onem2m::mef::MafInstructions;
using rapidjson::Value;

// What a value read from the document may be instead: a sentence.
template <typename T>
using Read = std::variant<T, std::string>;

std::string TextOf(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

class MefReader {
 public:
  explicit MefReader(const bindings::ConfigurationFile& file) : file_(file) {}

  Read<Configuration> Run() {
    const Value& document = file_.document;
    auto fqdn = ReadName(document["fqdn"], "/fqdn");
    auto listen = ReadListen();
    auto store_key = ReadKey(document["storeKeyFile"], "/storeKeyFile");
    auto enrolees = ReadAll<Enrolee>("enrolees", &MefReader::ReadEnrolee);
    auto targets = ReadAll<Target>("targets", &MefReader::ReadTarget);
    if (!error_.empty()) return error_;
    if (store_key->size() != key_store::kStoreKeySize) {
      return std::string("/storeKeyFile: the store key has 32 octets (64 hexadecimal digits)");
    }
    auto participants = Participants::Make(std::move(*enrolees), std::move(*targets));
    if (auto* const error = std::get_if<std::string>(&participants)) return std::move(*error);
    Configuration configuration{.fqdn = std::move(*fqdn),
                                .listen = std::move(*listen),
                                .store = file_.Resolve(TextOf(document["store"])),
                                .store_key = std::move(*store_key),
                                .certificate = {},
                                .participants = std::get<Participants>(std::move(participants))};
    if (document.HasMember("lifetime")) {
      configuration.lifetime = std::chrono::seconds(document["lifetime"].GetInt64());
    }
    if (document.HasMember("certificate")) {
      auto access =
          end_point::ReadCertificateAccess(file_, document["certificate"], "/certificate");
      if (auto* const error = std::get_if<std::string>(&access)) return std::move(*error);
      configuration.certificate = std::get<end_point::CertificateAccess>(std::move(access));
    } else if (needs_certificate_) {
      return std::string("/certificate: is missing, and somebody is known by a certificate");
    }
    return configuration;
  }

 private:
  std::nullopt_t Wrong(const std::string& where, const std::string& what) {
    if (error_.empty()) error_ = where + ": " + what;
    return std::nullopt;
  }

  template <typename T>
  std::optional<std::vector<T>> ReadAll(
      const char* name,
      std::optional<T> (MefReader::*read)(const Value& value, const std::string& where)) {
    std::vector<T> all;
    for (const Value& value : file_.document[name].GetArray()) {
      auto one = (this->*read)(value, "/" + std::string(name) + "/" + std::to_string(all.size()));
      if (!one) return std::nullopt;
      all.push_back(std::move(*one));
    }
    return all;
  }

  std::optional<onem2m::Fqdn> ReadName(const Value& value, const std::string& where) {
    auto fqdn = onem2m::Fqdn::ParseCanonical(TextOf(value));
    if (fqdn) return std::move(*fqdn);
    return Wrong(where, Quote(TextOf(value)) +
                            " is no domain name in lower case: " + fqdn.error().message());
  }

  std::optional<onem2m::Secret> ReadKey(const Value& name, const std::string& where) {
    auto key = bindings::ReadKeyFile(file_.Resolve(TextOf(name)));
    if (const auto* const error = std::get_if<std::string>(&key)) return Wrong(where, *error);
    return std::get<onem2m::Secret>(std::move(key));
  }

  std::optional<std::vector<bindings::Uri>> ReadListen() {
    std::vector<bindings::Uri> listen;
    for (const Value& value : file_.document["listen"].GetArray()) {
      const std::string where = "/listen/" + std::to_string(listen.size());
      auto uri = bindings::Uri::Parse(TextOf(value));
      if (!uri || !uri->secure() || uri->path.size() > 1) {
        return Wrong(where,
                     Quote(TextOf(value)) + " isn't coaps://address:port or https://address:port");
      }
      listen.push_back(std::move(*uri));
    }
    return listen;
  }

  // nullopt without an error: neither a key nor a Credential-ID stands there.
  std::optional<Recognition> ReadRecognition(const Value& value, const std::string& where,
                                             const char* id_name, const char* key_name) {
    const bool has_id = value.HasMember(id_name);
    if (has_id != value.HasMember(key_name) || (has_id && value.HasMember("certificateId"))) {
      return Wrong(where, std::string("needs either ") + id_name + " and " + key_name +
                              ", or certificateId");
    }
    if (has_id) {
      auto key = ReadKey(value[key_name], where + "/" + key_name);
      if (!key) return std::nullopt;
      return Recognition(ByPsk{TextOf(value[id_name]), std::move(*key)});
    }
    if (!value.HasMember("certificateId")) return std::nullopt;
    needs_certificate_ = true;
    const auto id = onem2m::CredentialId::Parse(TextOf(value["certificateId"]));
    if (!id || id->type() < onem2m::CredentialType::kDeviceCertificate) {
      return Wrong(where + "/certificateId",
                   Quote(TextOf(value["certificateId"])) +
                       " is no Credential-ID of a certificate: 31-, 32-, 33- or 34-");
    }
    return Recognition(ByCertificateId{id->text()});
  }

  std::optional<std::string> ReadEntityId(const Value& value, const std::string& where,
                                          onem2m::EntityKind kind) {
    auto id = onem2m::interface_json::CanonicalEntity(TextOf(value), kind);
    if (id) return std::move(*id);
    return Wrong(where, Quote(TextOf(value)) +
                            (kind == onem2m::EntityKind::kCse
                                 ? " is no Absolute CSE-ID, such as //sp.example.com/cse1"
                                 : " is no Absolute AE-ID, such as //sp.example.com/cse1/Cae1"));
  }

  std::optional<std::string> ReadAnyEntityId(const Value& value, const std::string& where) {
    auto id = onem2m::interface_json::CanonicalEntity(TextOf(value));
    if (id) return std::move(*id);
    return Wrong(where, Quote(TextOf(value)) + " is no Absolute CSE-ID or AE-ID");
  }

  std::optional<Enrolee> ReadEnrolee(const Value& value, const std::string& where) {
    auto recognition = ReadRecognition(value, where, "kpmId", "kpmFile");
    if (!recognition) {
      return Wrong(where, "needs either kpmId and kpmFile, or certificateId");
    }
    Enrolee enrolee{std::move(*recognition), {}, {}, {}, {}, {}};
    const auto* const psk = std::get_if<ByPsk>(&enrolee.recognition);
    enrolee.name = psk != nullptr ? "10-" + psk->identity
                                  : std::get<ByCertificateId>(enrolee.recognition).credential_id;
    enrolee.kind =
        TextOf(value["entityType"]) == "CSE" ? onem2m::EntityKind::kCse : onem2m::EntityKind::kAe;
    if (value.HasMember("entityId")) {
      enrolee.id = ReadEntityId(value["entityId"], where + "/entityId", enrolee.kind);
      if (!enrolee.id) return std::nullopt;
    }
    if (!ReadEnrolmentTargets(value, where, enrolee)) return std::nullopt;
    return enrolee;
  }

  // TS-0003 8.3.2.1, Bootstrap Instruction Configuration: for which Enrolment Targets it is to be
  // provisioned.
  bool ReadEnrolmentTargets(const Value& value, const std::string& where, Enrolee& enrolee) {
    if (!value.HasMember("mafs") && !value.HasMember("kpsaTargets")) {
      Wrong(where, "needs mafs or kpsaTargets: what it enrols for");
      return false;
    }
    if (value.HasMember("mafs")) {
      for (const Value& maf : value["mafs"].GetArray()) {
        auto read = ReadMaf(maf, where + "/mafs/" + std::to_string(enrolee.mafs.size()));
        if (!read) return false;
        enrolee.mafs.push_back(std::move(*read));
      }
    }
    if (value.HasMember("kpsaTargets")) {
      for (const Value& target : value["kpsaTargets"].GetArray()) {
        auto id = ReadAnyEntityId(target, where + "/kpsaTargets");
        if (!id) return false;
        enrolee.kpsa_targets.push_back(std::move(*id));
      }
    }
    return true;
  }

  std::optional<std::string> ReadMafUri(const Value& maf, const char* name,
                                        const std::string& where) {
    auto uri = end_point::ReadProcedureUri(maf[name], where + "/" + name);
    if (const auto* const error = std::get_if<std::string>(&uri)) {
      if (error_.empty()) error_ = *error;
      return std::nullopt;
    }
    return std::get<bindings::Uri>(uri).text();
  }

  std::optional<MafInstructions> ReadMaf(const Value& value, const std::string& where) {
    auto fqdn = ReadName(value["fqdn"], where + "/fqdn");
    auto registration = ReadMafUri(value, "keyRegistration", where);
    auto retrieval = ReadMafUri(value, "keyRetrieval", where);
    if (!fqdn || !registration || !retrieval) return std::nullopt;
    MafInstructions maf{std::move(*fqdn),
                        MafCredentialType::kSymmetricKey,
                        std::move(*registration),
                        std::move(*retrieval),
                        {},
                        {}};
    if (value.HasMember("credentialType") && TextOf(value["credentialType"]) == "certificate") {
      maf.credential_type = MafCredentialType::kCertificate;
    }
    if (value.HasMember("kmIdRetrieval")) {
      maf.km_id_retrieval = ReadMafUri(value, "kmIdRetrieval", where);
      if (!maf.km_id_retrieval) return std::nullopt;
    } else if (maf.credential_type == MafCredentialType::kSymmetricKey) {
      return Wrong(where, "needs kmIdRetrieval, unless credentialType is \"certificate\"");
    }
    if (!value.HasMember("trustAnchorFiles")) return maf;
    for (const Value& name : value["trustAnchorFiles"].GetArray()) {
      auto anchors = bindings::ReadCertificates(file_.Resolve(TextOf(name)));
      if (const auto* const error = std::get_if<std::string>(&anchors)) {
        return Wrong(where + "/trustAnchorFiles", *error);
      }
      for (std::string& anchor : std::get<std::vector<std::string>>(anchors)) {
        maf.trust_anchors.push_back(std::move(anchor));
      }
    }
    if (maf.trust_anchors.size() > onem2m::mef::kMaxTrustAnchors) {
      return Wrong(where + "/trustAnchorFiles", "more than 8 certificates in all");
    }
    return maf;
  }

  std::optional<Target> ReadTarget(const Value& value, const std::string& where) {
    if (value.HasMember("fqdn") == value.HasMember("entityId")) {
      return Wrong(where, "needs either fqdn (a MAF) or entityId (Entity B)");
    }
    auto recognition = ReadRecognition(value, where, "kmId", "kmFile");
    if (!error_.empty()) return std::nullopt;
    Target target{ByFqdnCertificate(), {}, {}};
    if (recognition) target.recognition = std::move(*recognition);
    if (value.HasMember("entityId")) {
      target.entity_b = ReadAnyEntityId(value["entityId"], where + "/entityId");
      if (!recognition) return Wrong(where, "needs kmId and kmFile, or certificateId");
      if (!target.entity_b) return std::nullopt;
      return target;
    }
    if (!recognition) needs_certificate_ = true;
    target.maf = ReadName(value["fqdn"], where + "/fqdn");
    if (!target.maf) return std::nullopt;
    return target;
  }

  const bindings::ConfigurationFile& file_;
  std::string error_;  // the first
  bool needs_certificate_ = false;
};

}  // namespace

std::variant<Configuration, std::string> ReadConfiguration(const std::string& path) {
  auto file = bindings::ReadConfigurationFile(
      path, end_point::InsertCredentialSchema(kConfigurationSchema));
  if (auto* const error = std::get_if<std::string>(&file)) return std::move(*error);
  auto configuration = MefReader(std::get<bindings::ConfigurationFile>(file)).Run();
  if (const auto* const error = std::get_if<std::string>(&configuration)) {
    return Quote(path, 4096) + ": " + *error;
  }
  const auto& document = std::get<bindings::ConfigurationFile>(file).document;
  auto& read = std::get<Configuration>(configuration);
  read.statistics = statistics::TakeStatistics(document);
  read.server = bindings::TakeServerLimits(document);
  return configuration;
}

}  // namespace saef::mef
