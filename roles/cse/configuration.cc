// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/configuration.h"

#include <filesystem>

#include "bindings/configuration_file.h"
#include "bindings/log.h"
#include "onem2m/json.h"
#include "roles/cse/attributes.h"

namespace saef::cse {
namespace {

constexpr std::string_view kSchema = R"json({
  "description": "the configuration of the reference CSE",
  "type": "object",
  "required": ["id", "serviceProvider", "listen"],
  "additionalProperties": false,
  "properties": {
    "id": {
      "description": "the SP-relative CSE-ID, such as /cse1",
      "type": "string", "pattern": "^/[A-Za-z0-9._~-]+$", "maxLength": 64
    },
    "serviceProvider": {
      "description": "the service provider's domain name in lower case, such as sp.example.com",
      "type": "string", "minLength": 1, "maxLength": 253
    },
    "resourceName": {
      "description": "the resource name of CSEBase, such as base (that is the default)",
      "type": "string", "pattern": "^[A-Za-z0-9._~-]+$", "maxLength": 64
    },
    "listen": {
      "description": "one to 16 URIs such as coaps://127.0.0.1:5684 or https://[::1]:0; port 0 is any free one",
      "type": "array", "minItems": 1, "maxItems": 16,
      "items": {"description": "a URI such as coaps://127.0.0.1:5684", "type": "string", "minLength": 1, "maxLength": 300}
    },
    "plugins": {
      "description": "no or one security association plugin: this version of the CSE hosts at most one, since one session has one association",
      "type": "array", "maxItems": 1,
      "items": {
        "description": "{\"module\": \"saef.so\", \"config\": \"saef.json\"}",
        "type": "object", "required": ["module", "config"], "additionalProperties": false,
        "properties": {
          "module": {"description": "the file name of the module", "type": "string", "minLength": 1, "maxLength": 4096},
          "config": {"description": "the file name of the module's configuration", "type": "string", "minLength": 1, "maxLength": 4096}
        }
      }
    },
)json" SAEF_STATISTICS_SCHEMA R"json(,
    "cseType": {
      "description": "IN (the infrastructure node's CSE: that is the default where this CSE registers nowhere), MN (else) or ASN",
      "enum": ["IN", "MN", "ASN"]
    },
    "administrators": {
      "description": "AE-IDs (Cadmin, /cse2/Cadmin, absolute ones) and CSE-IDs, at most 64, that keep the service subscription",
      "type": "array", "maxItems": 64,
      "items": {"description": "an AE-ID or a CSE-ID", "type": "string", "minLength": 1, "maxLength": 512}
    },
    "remoteCses": {
      "description": "at most 64 CSEs with which this one associates: {\"entity\": \"in-cse.json\", \"register\": true}",
      "type": "array", "maxItems": 64,
      "items": {
        "description": "{\"entity\": \"in-cse.json\", \"register\": true}",
        "type": "object", "required": ["entity"], "additionalProperties": false,
        "properties": {
          "entity": {"description": "the file name of the entity.json with this CSE's credentials towards that one", "type": "string", "minLength": 1, "maxLength": 4096},
          "register": {"description": "true: that CSE is this one's Registrar; false (the default): a Registree", "type": "boolean"},
          "refreshSeconds": {"description": "1 to 86400 seconds between two renewals of the registration (30)", "type": "integer", "minimum": 1, "maximum": 86400}
        }
      }
    },
    "certificate": {
      "description": "{\"chainFile\": \"cse.pem\", \"keyFile\": \"cse.key.pem\"}: what this CSE shows clients that come with a certificate",
      "type": "object", "required": ["chainFile", "keyFile"], "additionalProperties": false,
      "properties": {
        "chainFile": {"description": "the file name of the certificate and its chain, PEM", "type": "string", "minLength": 1, "maxLength": 4096},
        "keyFile": {"description": "the file name of its private key, PEM, mode 0600", "type": "string", "minLength": 1, "maxLength": 4096}
      }
    },
    "rawPublicKey": {
      "description": "{\"publicKeyFile\": \"cse.pub.pem\", \"keyFile\": \"cse.key.pem\"}: what this CSE shows clients that come with a raw public key",
      "type": "object", "required": ["publicKeyFile", "keyFile"], "additionalProperties": false,
      "properties": {
        "publicKeyFile": {"description": "the file name of the public key, PEM", "type": "string", "minLength": 1, "maxLength": 4096},
        "keyFile": {"description": "the file name of the private key, PEM, mode 0600", "type": "string", "minLength": 1, "maxLength": 4096}
      }
    },
    "threads": {
      "description": "0 to 64 threads of each binding; 0, the default, is one for each processor",
      "type": "integer", "minimum": 0, "maximum": 64
    },
    "refusal": {
      "description": "alert (a refused client gets the alert unknown_psk_identity at once) or hidden (its handshake fails as with a wrong key)",
      "enum": ["alert", "hidden"]
    },
    "limits": {
      "description": "bounds, all optional",
      "type": "object", "additionalProperties": false,
      "properties": {
        "maxHeldSessions": {"description": "1 to 1000000 handshakes that wait for a key at a time", "type": "integer", "minimum": 1, "maximum": 1000000},
        "maxHeldBytes": {"description": "1024 to 1048576 octets kept of each of them", "type": "integer", "minimum": 1024, "maximum": 1048576},
        "maxHoldMs": {"description": "100 to 300000 milliseconds", "type": "integer", "minimum": 100, "maximum": 300000},
        "blockingMs": {"description": "0 to 300000 milliseconds that a handshake, and all others with it, waits for a key (0: only that one)", "type": "integer", "minimum": 0, "maximum": 300000},
        "maxSessions": {"description": "1 to 1000000 sessions of each binding", "type": "integer", "minimum": 1, "maximum": 1000000},
        "maxSessionsPerSource": {"description": "1 to 1000000 of them from one IPv4 address or IPv6 prefix of 64 bits", "type": "integer", "minimum": 1, "maximum": 1000000},
        "maxHandshakes": {"description": "1 to 1000000 handshakes under way of each binding", "type": "integer", "minimum": 1, "maximum": 1000000},
        "maxHandshakesPerSource": {"description": "1 to 1000000 of them from one IPv4 address or IPv6 prefix of 64 bits", "type": "integer", "minimum": 1, "maximum": 1000000},
        "maxContentLength": {"description": "1024 to 1048576 octets of a request", "type": "integer", "minimum": 1024, "maximum": 1048576},
        "maxForwarded": {"description": "1 to 1000000 requests under way to other CSEs at a time", "type": "integer", "minimum": 1, "maximum": 1000000},
        "forwardTimeoutMs": {"description": "100 to 300000 milliseconds that another CSE has for its answer", "type": "integer", "minimum": 100, "maximum": 300000},
        "idleTimeoutSeconds": {"description": "1 to 86400", "type": "integer", "minimum": 1, "maximum": 86400},
        "handshakeTimeoutSeconds": {"description": "1 to 600", "type": "integer", "minimum": 1, "maximum": 600},
        "maxResources": {"description": "2 to 100000000 resources in all", "type": "integer", "minimum": 2, "maximum": 100000000},
        "maxDepth": {"description": "2 to 60 levels, CSEBase being the first", "type": "integer", "minimum": 2, "maximum": 60},
        "maxRegistrations": {"description": "1 to 10000000 registered AEs and CSEs", "type": "integer", "minimum": 1, "maximum": 10000000},
        "maxResourcesEach": {"description": "1 to 10000000 resources of one registration", "type": "integer", "minimum": 1, "maximum": 10000000},
        "maxBytesEach": {"description": "4096 to 1099511627776 octets of one registration", "type": "integer", "minimum": 4096, "maximum": 1099511627776},
        "maxResults": {"description": "1 to 100000 resources found by one discovery", "type": "integer", "minimum": 1, "maximum": 100000},
        "lifetimeSeconds": {"description": "1 to 3153600000, of a resource whose creator names no expirationTime", "type": "integer", "minimum": 1, "maximum": 3153600000},
        "maxLifetimeSeconds": {"description": "1 to 3153600000; a later expirationTime becomes this", "type": "integer", "minimum": 1, "maximum": 3153600000}
      }
    }
  }
})json";

// Takes limits.`name` over where it stands in the document; the schema has checked it.
template <typename Number>
void TakeLimit(const rapidjson::Document& document, const char* name, Number& number) {
  const auto limits = document.FindMember("limits");
  if (limits == document.MemberEnd() || !limits->value.HasMember(name)) {
    return;
  }
  number = static_cast<Number>(limits->value[name].GetInt64());
}

void TakeLimits(const rapidjson::Document& document, Configuration& configuration) {
  TakeLimit(document, "maxHeldSessions", configuration.gate.max_held_sessions);
  TakeLimit(document, "maxHeldBytes", configuration.gate.max_held_bytes);
  TakeLimit(document, "maxHoldMs", configuration.gate.max_hold_ms);
  TakeLimit(document, "blockingMs", configuration.gate.blocking_ms);
  ServerLimits& server = configuration.server;
  TakeLimit(document, "maxSessions", server.max_sessions);
  TakeLimit(document, "maxSessionsPerSource", server.max_sessions_per_source);
  TakeLimit(document, "maxHandshakes", server.max_handshakes);
  TakeLimit(document, "maxHandshakesPerSource", server.max_handshakes_per_source);
  TakeLimit(document, "maxContentLength", server.max_content_length);
  TakeLimit(document, "idleTimeoutSeconds", server.idle_timeout);
  TakeLimit(document, "handshakeTimeoutSeconds", server.handshake_timeout);
  TakeLimit(document, "maxForwarded", configuration.forwarding.max_under_way);
  TakeLimit(document, "forwardTimeoutMs", configuration.forwarding.timeout);
  Limits& tree = configuration.tree;
  TakeLimit(document, "maxResources", tree.max_resources);
  TakeLimit(document, "maxDepth", tree.max_depth);
  TakeLimit(document, "maxRegistrations", tree.max_registrations);
  TakeLimit(document, "maxResourcesEach", tree.max_resources_each);
  TakeLimit(document, "maxBytesEach", tree.max_bytes_each);
  TakeLimit(document, "maxResults", tree.max_results);
  TakeLimit(document, "lifetimeSeconds", tree.lifetime);
  TakeLimit(document, "maxLifetimeSeconds", tree.max_lifetime);
}

// A path with a '/' in it: dlopen would search the system's folders for a bare name.
std::string ModulePath(const bindings::ConfigurationFile& file, const std::string& name) {
  const std::string resolved = file.Resolve(name);
  return resolved.find('/') == std::string::npos ? "./" + resolved : resolved;
}

std::optional<std::string> TakePlugin(const bindings::ConfigurationFile& file,
                                      Configuration& configuration) {
  const auto plugins = file.document.FindMember("plugins");
  if (plugins != file.document.MemberEnd() && !plugins->value.Empty()) {
    const rapidjson::Value& plugin = plugins->value[0];
    configuration.plugin = PluginConfiguration{ModulePath(file, plugin["module"].GetString()),
                                               file.Resolve(plugin["config"].GetString())};
    return std::nullopt;
  }
  for (const bindings::Uri& uri : configuration.listen) {
    if (uri.secure()) {
      return "/listen: " + uri.text() + " needs a plugin that knows keys: name one in /plugins, " +
             "or listen on coap and http only";
    }
  }
  return std::nullopt;
}

std::optional<std::string> TakeListen(const rapidjson::Document& document,
                                      Configuration& configuration) {
  const rapidjson::Value& listen = document["listen"];
  for (rapidjson::SizeType i = 0; i < listen.Size(); ++i) {
    bindings::Result<bindings::Uri> uri = bindings::Uri::Parse(listen[i].GetString());
    if (!uri || !(uri->path.empty() || uri->path == "/")) {
      return "/listen/" + std::to_string(i) +
             ": must be a coap, coaps, http or https URI with an address, a port and no path";
    }
    configuration.listen.push_back(*std::move(uri));
  }
  return std::nullopt;
}

// TS-0001 6.1, 10.2.2.6: a CSE has one Registrar, and an IN-CSE none.
std::optional<std::string> TakeRemoteCses(const bindings::ConfigurationFile& file,
                                          Configuration& configuration) {
  int registrars = 0;
  const auto remote_cses = file.document.FindMember("remoteCses");
  if (remote_cses != file.document.MemberEnd()) {
    for (const rapidjson::Value& value : remote_cses->value.GetArray()) {
      RemoteCseConfiguration remote;
      remote.entity = file.Resolve(value["entity"].GetString());
      remote.is_registrar = value.HasMember("register") && value["register"].GetBool();
      if (value.HasMember("refreshSeconds")) {
        remote.refresh = std::chrono::seconds(value["refreshSeconds"].GetInt64());
      }
      registrars += remote.is_registrar ? 1 : 0;
      configuration.remote_cses.push_back(std::move(remote));
    }
  }
  if (registrars > 1) {
    return "/remoteCses: a CSE registers with one other at most: one \"register\": true";
  }
  configuration.policy.type = registrars > 0 ? CseType::kMn : CseType::kIn;
  const auto type = file.document.FindMember("cseType");
  if (type != file.document.MemberEnd()) {
    configuration.policy.type = type->value == "IN"   ? CseType::kIn
                                : type->value == "MN" ? CseType::kMn
                                                      : CseType::kAsn;
  }
  if (registrars > 0 && configuration.policy.type == CseType::kIn) {
    return "/cseType: an IN-CSE registers with no other; MN or ASN, or no \"register\"";
  }
  return std::nullopt;
}

std::optional<std::string> TakeAdministrators(const rapidjson::Document& document,
                                              Configuration& configuration) {
  const auto administrators = document.FindMember("administrators");
  if (administrators == document.MemberEnd() || administrators->value.Empty()) {
    return std::nullopt;
  }
  if (!configuration.plugin) {
    return "/administrators: need a plugin: without associations nobody is known for one";
  }
  for (const rapidjson::Value& value : administrators->value.GetArray()) {
    const std::string text(value.GetString(), value.GetStringLength());
    const auto ae = onem2m::AeId::Parse(text, configuration.id);
    const auto cse = onem2m::CseId::Parse(text, configuration.id.sp());
    if (!ae && !cse) {
      return "/administrators: " + bindings::Quote(text) + " is no AE-ID and no CSE-ID";
    }
    configuration.policy.administrators.insert(ae ? ae->Absolute() : cse->Absolute());
  }
  return std::nullopt;
}

std::variant<Configuration, std::string> Take(const bindings::ConfigurationFile& file) {
  const rapidjson::Document& document = file.document;
  const auto sp = onem2m::Fqdn::ParseCanonical(document["serviceProvider"].GetString());
  if (!sp) {
    return "/serviceProvider: must be a domain name in lower case: " + sp.error().message();
  }
  auto id = onem2m::CseId::Parse(document["id"].GetString(), *sp);
  if (!id) {
    return "/id: must be an SP-relative CSE-ID such as /cse1: " + id.error().message();
  }
  Configuration configuration{
      *std::move(id), "base", {}, {}, SAEF_GATE_ALERT, {}, {}, {}, {}, {}, {}, {}};
  if (document.HasMember("resourceName")) {
    configuration.resource_name = document["resourceName"].GetString();
  }
  // An AE-ID-Stem starts with C or S and is an identifier at the same level.
  if (!IsResourceName(configuration.resource_name) ||
      onem2m::IsAeIdStem(configuration.resource_name)) {
    return std::string("/resourceName: must be a resource name that doesn't start with C or S");
  }
  if (document.HasMember("refusal") && document["refusal"] == "hidden") {
    configuration.refusal = SAEF_GATE_HIDE;
  }
  if (document.HasMember("threads")) {
    configuration.server.threads = document["threads"].GetUint();
  }
  TakeLimits(document, configuration);
  configuration.statistics = statistics::TakeStatistics(document);
  if (auto error = TakeListen(document, configuration)) {
    return *std::move(error);
  }
  if (auto error = TakePlugin(file, configuration)) {
    return *std::move(error);
  }
  if (auto error = TakeRemoteCses(file, configuration)) {
    return *std::move(error);
  }
  auto credentials = ReadServerCredentials(file, configuration.id);
  if (auto* error = std::get_if<std::string>(&credentials)) {
    return std::move(*error);
  }
  configuration.credentials = std::move(std::get<ServerCredentials>(credentials));
  if (configuration.credentials.any() && !configuration.plugin) {
    return std::string("/certificate, /rawPublicKey: need a plugin, which judges the clients");
  }
  if (auto error = TakeAdministrators(file.document, configuration)) {
    return *std::move(error);
  }
  return configuration;
}

}  // namespace

std::variant<Configuration, std::string> ReadConfiguration(const std::string& path) {
  auto read = bindings::ReadConfigurationFile(path, kSchema);
  if (auto* error = std::get_if<std::string>(&read)) {
    return std::move(*error);
  }
  auto taken = Take(std::get<bindings::ConfigurationFile>(read));
  if (auto* error = std::get_if<std::string>(&taken)) {
    return path + ": " + *error;
  }
  return taken;
}

}  // namespace saef::cse
