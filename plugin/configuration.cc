// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/configuration.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "bindings/configuration_file.h"
#include "bindings/log.h"
#include "onem2m/json.h"

namespace saef::plugin {
namespace {

using bindings::ConfigurationFile;
using rapidjson::Value;

constexpr std::string_view kSchemaBegin = R"json({
"type": "object",
"required": ["cse"],
"additionalProperties": false,
"properties": {)json";

constexpr std::string_view kSchemaRest = R"json(
  "cse": {
    "type": "object",
    "required": ["id", "serviceProvider"],
    "additionalProperties": false,
    "properties": {
      "id": {"type": "string", "minLength": 2, "maxLength": 512,
             "description": "the CSE-ID of the CSE that loads the plugin, e.g. \"/cse1\""},
      "serviceProvider": {"type": "string", "minLength": 1, "maxLength": 253,
             "description": "its service provider's domain in lower case, e.g. \"sp.example.com\""}
    }
  },
  "mafs": {
    "type": "array", "minItems": 1, "maxItems": 64,
    "description": "the MAFs whose keys are taken, 1 to 64",
    "items": {
      "type": "object",
      "required": ["fqdn"],
      "additionalProperties": false,
      "properties": {
        "fqdn": {"type": "string", "minLength": 1, "maxLength": 95,
                 "description": "the MAF's domain in lower case, at most 95 octets, e.g. \"maf.example.com\""},
        "keyRetrieval": {"type": "string", "minLength": 1, "maxLength": 1024,
                 "description": "the MAF's Key Retrieval URI, e.g. \"coaps://maf.example.com:5684/kr\""},
        $mafCredential$
      }
    }
  },
  "mefs": $mefs$,
  "require": {"type": "string", "enum": ["standard", "always", "watch"],
              "description": "\"standard\", \"always\" or \"watch\""},
  "cache": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "maxKeys": {"type": "integer", "minimum": 1, "maximum": 10000000,
                  "description": "how many keys are kept, 1 to 10000000"},
      "maxAgeSeconds": {"type": "integer", "minimum": 1, "maximum": 31536000,
                  "description": "after how many seconds the MAF is asked again, 1 to 31536000"},
      "refusalSeconds": {"type": "integer", "minimum": 0, "maximum": 3600,
                  "description": "how many seconds a refusal is remembered, 0 to 3600"},
      "maxRefusals": {"type": "integer", "minimum": 1, "maximum": 1000000,
                  "description": "how many refusals are remembered, 1 to 1000000"}
    }
  },
  "fetch": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "timeoutMs": {"type": "integer", "minimum": 100, "maximum": 120000,
                    "description": "how long a MAF has for an answer, 100 to 120000 milliseconds"},
      "maxInFlight": {"type": "integer", "minimum": 1, "maximum": 65536,
                    "description": "how many keys are fetched at once, 1 to 65536"},
      "window": {"type": "integer", "minimum": 1, "maximum": 16384,
                    "description": "how many of them a MAF is asked for at a time, 1 to 16384"},
      "sessions": {"type": "integer", "minimum": 1, "maximum": 64,
                 "description": "how many sessions with a MAF that is asked over CoAP, 1 to 64"},
      "connections": {"type": "integer", "minimum": 1, "maximum": 1024,
                    "description": "how many connections to a MAF that is asked over HTTP, 1 to 1024"},
      "maxRefusedPerSecond": {"type": "integer", "minimum": 1, "maximum": 1000000,
                    "description": "how many requests in a second may be refused by a MAF, 1 to 1000000"},
      "backOffMs": {
        "type": "object", "additionalProperties": false,
        "properties": {
          "first": {"type": "integer", "minimum": 10, "maximum": 600000,
                    "description": "the first pause after a failure, 10 to 600000 milliseconds"},
          "max": {"type": "integer", "minimum": 10, "maximum": 3600000,
                    "description": "the longest pause, 10 to 3600000 milliseconds"}
        }
      }
    }
  },
  "observe": {"type": "boolean",
              "description": "true: be told by MAFs, over CoAP, of keys that are taken back; false: don't"},
  "associations": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "max": {"type": "integer", "minimum": 1, "maximum": 10000000,
              "description": "how many associations may be open, 1 to 10000000"}
    }
  }
}
})json";

// What the schema can't say. Throws nothing but std::bad_alloc: the schema has checked the types.
class Reader {
 public:
  explicit Reader(const ConfigurationFile& file) : file_(file) {}

  std::variant<Configuration, std::string> Read() {
    auto cse = ReadCse();
    if (!cse) return *error_;
    auto mafs = ReadMafs();
    if (!mafs) return *error_;
    auto mefs = ReadMefs(*mafs);
    if (!mefs) return *error_;
    auto identity = ReadIdentityConfiguration(file_, *cse);
    if (auto* const wrong = std::get_if<std::string>(&identity)) return std::move(*wrong);
    Configuration configuration{.cse = std::move(*cse),
                                .mafs = std::move(*mafs),
                                .mefs = std::move(*mefs),
                                .identity = std::get<IdentityConfiguration>(std::move(identity))};
    if (!HasCredentials(configuration)) {
      return file_.path +
             ": no peer could be authenticated: name at least one of mafs, mefs, "
             "provisionedKeys, certificates, and identities with a public key";
    }
    ReadRequire(configuration);
    ReadCache(configuration);
    if (!ReadFetch(configuration)) return *error_;
    if (const Value* const observe = Member(file_.document, "observe")) {
      if (!observe->GetBool()) configuration.max_observations = 0;
    }
    if (const Value* const associations = Member(file_.document, "associations")) {
      Number(*associations, "max", configuration.max_associations);
    }
    return configuration;
  }

 private:
  std::nullopt_t Wrong(std::string_view where, const std::string& what) {
    error_ = file_.path + ": " + std::string(where) + ": " + what;
    return std::nullopt;
  }

  static const Value* Member(const Value& object, const char* name) {
    const auto it = object.FindMember(name);
    return it == object.MemberEnd() ? nullptr : &it->value;
  }
  static std::string Text(const Value& object, const char* name) {
    const Value& value = object[name];
    return std::string(value.GetString(), value.GetStringLength());
  }
  template <typename T>
  static void Number(const Value& object, const char* name, T& number) {
    const Value* const value = Member(object, name);
    if (value != nullptr) number = T(value->GetInt64());
  }

  std::optional<onem2m::Fqdn> ReadFqdn(const std::string& text, const std::string& where) {
    auto fqdn = onem2m::Fqdn::ParseCanonical(text);
    if (fqdn) return std::move(*fqdn);
    if (fqdn.error() == onem2m::Error::kUpperCase) {
      return Wrong(where, bindings::Quote(text) + " must be in lower case");
    }
    return Wrong(where, bindings::Quote(text) + " is no domain name: " + fqdn.error().message());
  }

  std::optional<onem2m::CseId> ReadCse() {
    const Value& cse = file_.document["cse"];
    const auto sp = ReadFqdn(Text(cse, "serviceProvider"), "/cse/serviceProvider");
    if (!sp) return std::nullopt;
    const std::string id = Text(cse, "id");
    auto parsed = onem2m::CseId::Parse(id, *sp);
    if (!parsed) {
      return Wrong("/cse/id", bindings::Quote(id) +
                                  " is no CSE-ID such as \"/cse1\": " + parsed.error().message());
    }
    if (parsed->sp() != *sp) return Wrong("/cse/id", "is of another service provider");
    return std::move(*parsed);
  }

  std::optional<std::vector<MafConfiguration>> ReadMafs() {
    std::vector<MafConfiguration> mafs;
    if (Member(file_.document, "mafs") == nullptr) return mafs;
    const Value& array = file_.document["mafs"];
    for (rapidjson::SizeType i = 0; i < array.Size(); ++i) {
      const std::string where = "/mafs/" + std::to_string(i);
      auto maf = ReadMaf(array[i], where);
      if (!maf) return std::nullopt;
      for (const MafConfiguration& other : mafs) {
        if (other.fqdn == maf->fqdn) return Wrong(where + "/fqdn", "stands here twice");
      }
      mafs.push_back(std::move(*maf));
    }
    return mafs;
  }

  // An FQDN alone tells a KcId from a KeId, so none may be both a MAF's and a MEF's.
  std::optional<std::vector<end_point::MefAccess>> ReadMefs(
      const std::vector<MafConfiguration>& mafs) {
    auto read = end_point::ReadMefs(file_);
    if (const auto* const error = std::get_if<std::string>(&read)) {
      error_ = file_.path + ": " + *error;
      return std::nullopt;
    }
    auto& mefs = std::get<std::vector<end_point::MefAccess>>(read);
    for (std::size_t i = 0; i < mefs.size(); ++i) {
      if (std::ranges::find(mafs, mefs[i].fqdn, &MafConfiguration::fqdn) != mafs.end()) {
        return Wrong("/mefs/" + std::to_string(i) + "/fqdn",
                     "is one of the mafs too: keys of the two couldn't be told apart");
      }
    }
    return std::move(mefs);
  }

  static bool HasCredentials(const Configuration& configuration) {
    const IdentityConfiguration& identity = configuration.identity;
    return !configuration.mafs.empty() || !configuration.mefs.empty() ||
           !identity.provisioned_keys.empty() || !identity.trust_anchors.empty() ||
           std::any_of(identity.identities.begin(), identity.identities.end(),
                       [](const ConfiguredIdentity& configured) {
                         return configured.credential_id.type() ==
                                onem2m::CredentialType::kRawPublicKey;
                       });
  }

  std::optional<MafConfiguration> ReadMaf(const Value& maf, const std::string& where) {
    auto fqdn = ReadFqdn(Text(maf, "fqdn"), where + "/fqdn");
    if (!fqdn) return std::nullopt;
    std::optional<bindings::Uri> uri;
    if (Member(maf, "keyRetrieval") != nullptr) {
      uri = ReadUri(Text(maf, "keyRetrieval"), where + "/keyRetrieval");
      if (!uri) return std::nullopt;
    } else if (Member(maf, "enrolment") == nullptr) {
      return Wrong(where, "keyRetrieval is missing; it is needed unless there is an enrolment");
    }
    auto credential = end_point::ReadMafCredential(file_, maf, where, *fqdn);
    if (const auto* const error = std::get_if<std::string>(&credential)) {
      error_ = file_.path + ": " + *error;
      return std::nullopt;
    }
    return MafConfiguration{std::move(*fqdn), std::move(uri),
                            std::get<end_point::MafCredential>(std::move(credential))};
  }

  std::optional<bindings::Uri> ReadUri(const std::string& text, const std::string& where) {
    auto uri = bindings::Uri::Parse(text);
    if (!uri || uri->path.size() < 2) {
      return Wrong(
          where, bindings::Quote(text) + " is no URI such as \"coaps://maf.example.com:5684/kr\"");
    }
    // The MAF Handshake is DTLS or TLS (TS-0003 8.x.4).
    if (!uri->secure()) return Wrong(where, "must begin with coaps:// or https://");
    while (uri->path.ends_with('/')) uri->path.pop_back();
    return std::move(*uri);
  }

  void ReadRequire(Configuration& configuration) {
    if (Member(file_.document, "require") == nullptr) return;
    const std::string require = Text(file_.document, "require");
    if (require == "always") configuration.require = Require::kAlways;
    if (require == "watch") configuration.require = Require::kWatch;
  }

  void ReadCache(Configuration& configuration) {
    const Value* const cache = Member(file_.document, "cache");
    if (cache == nullptr) return;
    Number(*cache, "maxKeys", configuration.cache.max_keys);
    Number(*cache, "maxAgeSeconds", configuration.cache.max_age);
    Number(*cache, "refusalSeconds", configuration.refusals.duration);
    Number(*cache, "maxRefusals", configuration.refusals.max_refusals);
  }

  bool ReadFetch(Configuration& configuration) {
    const Value* const fetch = Member(file_.document, "fetch");
    if (fetch == nullptr) return true;
    Number(*fetch, "timeoutMs", configuration.fetch_timeout);
    Number(*fetch, "maxInFlight", configuration.max_in_flight);
    Number(*fetch, "window", configuration.window);
    Number(*fetch, "sessions", configuration.sessions);
    Number(*fetch, "connections", configuration.connections);
    Number(*fetch, "maxRefusedPerSecond", configuration.max_refused_per_second);
    const Value* const back_off = Member(*fetch, "backOffMs");
    if (back_off == nullptr) return true;
    Number(*back_off, "first", configuration.back_off.first);
    Number(*back_off, "max", configuration.back_off.max);
    if (configuration.back_off.first <= configuration.back_off.max) return true;
    Wrong("/fetch/backOffMs", "first must not be longer than max");
    return false;
  }

  const ConfigurationFile& file_;
  std::optional<std::string> error_;
};

}  // namespace

std::variant<Configuration, std::string> ReadConfiguration(const std::string& path) {
  const std::string schema = end_point::InsertCredentialSchema(end_point::InsertMefsSchema(
      std::string(kSchemaBegin) + std::string(kIdentitySchemaMembers) + std::string(kSchemaRest)));
  const auto file = bindings::ReadConfigurationFile(path, schema);
  if (const auto* const error = std::get_if<std::string>(&file)) return *error;
  return Reader(std::get<ConfigurationFile>(file)).Read();
}

}  // namespace saef::plugin
