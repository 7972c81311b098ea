// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/parties.h"

#include <thread>

#include "bindings/coap/client.h"
#include "bindings/http/client.h"
#include "bindings/uri.h"
#include "onem2m/key_derivation.h"
#include "onem2m/maf_interface.h"

namespace saef::interop_test {
namespace {

using bindings::Uri;

constexpr std::string_view kMafName = "maf.example.com";
constexpr std::string_view kClients[] = {"cse1", "ae1", "ae2", "cse2"};

// Km of a client: the same in its own key file and the MAF's.
std::string KmHex(std::string_view client) {
  std::string hex(64, '0');
  for (std::size_t i = 0; i < client.size(); ++i) {
    hex[2 * i] = "0123456789abcdef"[(client[i] >> 4) & 15];
    hex[2 * i + 1] = "0123456789abcdef"[client[i] & 15];
  }
  return hex;
}

bindings::Log ToNowhere() {
  return [](bindings::LogLevel, std::string_view) {};
}

template <typename T>
T Value(bindings::Result<T> result, const std::string& doing) {
  if (!result) {
    throw std::runtime_error(doing + ": " + result.error().message());
  }
  return *std::move(result);
}

std::string MafJson(const PartiesOptions& options, const std::string& listen,
                    const std::string& but) {
  std::string clients;
  const auto add = [&](const std::string& name, const std::string& more) {
    if (name == but) return;
    clients += (clients.empty() ? "" : ",") + (R"({"kmId":")" + name) + R"(@maf.example.com",)" +
               R"("kmFile":")" + name + R"(.km",)" + more + "}";
  };
  const std::string targets =
      R"("mayRegisterFor":["//sp.example.com/cse1","//sp.example.com/cse3"])";
  add("cse1", R"("entityId":"//sp.example.com/cse1","entityType":"CSE")");
  add("ae1", R"("entityId":"//sp.example.com/cse1/Cae1","entityType":"AE",)" + targets);
  add("ae2", R"("entityType":"AE",)" + targets);
  add("cse2", R"("entityId":"//sp.example.com/cse2","entityType":"CSE",)" + targets);
  return R"({"fqdn":"maf.example.com","listen":[")" + listen +
         R"("],"store":"maf.sqlite","storeKeyFile":"store.key","answerDelayMs":)" +
         std::to_string(options.maf_delay.count()) + options.maf_more + R"(,"clients":[)" +
         clients + "]}";
}

std::string PluginJson(const std::string& maf_uri, const std::string& more) {
  return R"({"cse":{"id":"/cse1","serviceProvider":"sp.example.com"},
    "mafs":[{"fqdn":"maf.example.com","keyRetrieval":")" +
         maf_uri + R"(/kr","kmId":"cse1@maf.example.com","kmFile":"cse1.km"}])" + more + "}";
}

std::string CseJson(const std::string& refusal, const std::string& more) {
  return R"({"id":"/cse1","serviceProvider":"sp.example.com","refusal":")" + refusal + R"(",
    "listen":["coaps://127.0.0.1:0","https://127.0.0.1:0","coap://127.0.0.1:0","http://127.0.0.1:0"],
    "plugins":[{"module":")" SAEF_MODULE_FILE R"(","config":"saef.json"}])" +
         more + "}";
}

std::unique_ptr<bindings::Client> OpenClient(bindings::ClientOptions options) {
  const std::string where = options.uri.text();
  return Value(options.uri.coap() ? coap::OpenClient(std::move(options))
                                  : http::OpenClient(std::move(options)),
               "opening a client for " + where);
}

}  // namespace

Parties::Parties(const PartiesOptions& options)
    : options_(options), maf_uri_(options.maf_scheme + "://127.0.0.1:0") {
  WriteKeys();
  StartMaf();
  folder_.Write("saef.json", PluginJson(maf_uri_, options.plugin_more));
  cse_ = Started(cse::Cse::Start(
      folder_.Write("cse.json", CseJson(options.refusal, options.cse_more)), ToNowhere()));
}

void Parties::StartMaf(const std::string& but) {
  maf_ = Started(
      maf::Maf::Start(folder_.Write("maf.json", MafJson(options_, maf_uri_, but)), ToNowhere()));
  maf_uri_ = maf_->uris().front();
}

void Parties::WriteKeys() const {
  folder_.Write("store.key", std::string(64, '5'));
  for (const std::string_view client : kClients) {
    folder_.Write(std::string(client) + ".km", KmHex(client));
  }
}

std::unique_ptr<bindings::Client> Parties::OpenMaf(const std::string& client) const {
  bindings::ClientOptions options;
  options.uri = Value(Uri::Parse(maf_uri_), "the MAF's URI");
  options.server_name = kMafName;
  options.credential = bindings::PskCredential{client + "@" + std::string(kMafName),
                                               *onem2m::Secret::FromHex(KmHex(client))};
  options.log = ToNowhere();
  return OpenClient(std::move(options));
}

Key Parties::Register(const KeyWish& wish) const {
  const auto maf = OpenMaf(wish.client);
  onem2m::Secret kc;
  onem2m::maf::KeyRegistrationRequest request;
  request.target_ids = {wish.target};
  if (wish.kc) {
    kc = *onem2m::Secret::Copy(
        {reinterpret_cast<const std::uint8_t*>(wish.kc->data()), wish.kc->size()});
    request.key = *kc.Clone();
  } else {
    if (const auto connected = maf->Connect(); !connected) {
      throw std::runtime_error("no session with the MAF: " + connected.error().message());
    }
    const onem2m::Secret exported =
        Value(maf->ExportKeyingMaterial(onem2m::kConnectionExportLabel, onem2m::kExportLength),
              "exporting Kc");
    kc = std::move(onem2m::SplitExport(exported.bytes())->key);
  }
  if (wish.lifetime) {
    request.expiration_time = onem2m::Now() + *wish.lifetime;
  }
  onem2m::RequestPrimitive create;
  create.operation = onem2m::Operation::kCreate;
  create.resource_type = onem2m::maf::kKeyResourceType;
  create.to = onem2m::maf::kKeyRegistrationPath.substr(1);
  create.request_identifier = "registration";
  create.release_version = "3";
  create.content = onem2m::maf::Write(request);
  const auto response =
      Value(maf->SendAndWait(std::move(create), std::chrono::seconds(30)), "registering Kc");
  const auto registered = onem2m::maf::ParseKeyRegistrationResponse(response.content);
  if (!registered) {
    throw std::runtime_error("the MAF answers " + response.content);
  }
  return {registered->relative_key_id + "@" + std::string(kMafName), std::move(kc),
          registered->expiration_time};
}

int Parties::Deregister(const Key& key, const std::string& client) const {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kDelete;
  request.to = std::string(onem2m::maf::kKeyRetrievalPath.substr(1)) + "/" +
               key.kc_id.substr(0, key.kc_id.find('@'));
  request.request_identifier = "deregistration";
  request.release_version = "3";
  return Ask(*OpenMaf(client), std::move(request));
}

std::string Parties::uri(std::string_view scheme) const {
  for (const std::string& uri : cse_->uris()) {
    if (uri.starts_with(std::string(scheme) + "://")) {
      return uri;
    }
  }
  throw std::runtime_error("the CSE doesn't listen there");
}

std::string Parties::port(std::string_view scheme) const {
  return std::to_string(Uri::Parse(uri(scheme))->port);
}

std::unique_ptr<bindings::Client> Parties::OpenAs(std::string_view scheme, std::string identity,
                                                  const onem2m::Secret& kc) const {
  bindings::ClientOptions options;
  options.uri = *Uri::Parse(uri(scheme));
  options.server_name = "cse1.sp.example.com";
  options.credential = bindings::PskCredential{std::move(identity), *kc.Clone()};
  options.log = ToNowhere();
  return OpenClient(std::move(options));
}

std::unique_ptr<bindings::Client> Parties::Open(std::string_view scheme, const Key* key) const {
  if (key != nullptr) {
    return OpenAs(scheme, key->kc_id, key->kc);
  }
  bindings::ClientOptions options;
  options.uri = *Uri::Parse(uri(scheme));
  options.log = ToNowhere();
  return OpenClient(std::move(options));
}

int Ask(bindings::Client& client, onem2m::RequestPrimitive request,
        onem2m::ResponsePrimitive* response) {
  auto answer = client.SendAndWait(std::move(request), std::chrono::seconds(30));
  if (!answer) {
    return 0;
  }
  const int status = onem2m::Number(answer->status);
  if (response != nullptr) {
    *response = *std::move(answer);
  }
  return status;
}

int Status(entity_a::EntityA& entity, onem2m::RequestPrimitive request,
           onem2m::ResponsePrimitive* response) {
  request.request_identifier.clear();
  auto answer = entity.Send(std::move(request), std::chrono::seconds(60));
  if (!answer) {
    return 0;
  }
  const int status = onem2m::Number(answer->status);
  if (response != nullptr) {
    *response = *std::move(answer);
  }
  return status;
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace saef::interop_test
