// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iomanip>
#include <sstream>
#include <thread>
#include <utility>
#include <variant>

#include "bindings/coap/status_code.h"
#include "bindings/http/status_code.h"
#include "onem2m/json.h"
#include "tools/account.h"
#include "tools/demo_parties.h"

namespace saef::tools {
namespace {

using entity_a::EntityA;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

constexpr std::chrono::seconds kShortLife{2};
constexpr std::string_view kContent = "21.5";

StepOutcome Good(std::vector<std::string> lines) { return {true, std::move(lines)}; }
StepOutcome Bad(std::vector<std::string> lines) { return {false, std::move(lines)}; }

// "4.03" from 0x83 (RFC 7252 3).
std::string CoapCode(std::uint8_t code) {
  std::ostringstream text;
  text << (code >> 5) << '.' << std::setfill('0') << std::setw(2) << (code & 0x1f);
  return text.str();
}

// One binding's walk through the main job.
class Walk {
 public:
  Walk(const DemoParties& parties, Account& account, std::string scheme, std::string entity_name)
      : parties_(parties),
        account_(account),
        scheme_(std::move(scheme)),
        entity_name_(std::move(entity_name)),
        uri_(parties.CseUri(scheme_)) {}

  void Run() {
    if (!Open()) return;
    if (!RegisterKey() || !Associate() || !CreateAe() || !StoreContent() || !ReadContent()) return;
    RefuseAnothersFrom();
    RefuseUnknownKcId();
    RefuseKcIdForAnotherCse();
    RefuseExpiredKcId();
  }

 private:
  bool coap() const { return scheme_ == "coaps"; }
  std::string Transport() const { return coap() ? "DTLS" : "TLS"; }

  // "2001 CREATED (CoAP 2.01)"
  std::string Status(const ResponsePrimitive& response, Operation operation) const {
    std::string text =
        std::to_string(Number(response.status)) + " " + std::string(Name(response.status));
    return text + (coap() ? " (CoAP " + CoapCode(coap::ToCode(response.status, operation)) + ")"
                          : " (HTTP " + std::to_string(http::ToHttpStatus(response.status)) + ")");
  }

  bool Open() {
    auto opened = parties_.OpenEntity(entity_name_);
    if (const auto* error = std::get_if<std::string>(&opened)) return account_.Tell(Bad({*error}));
    entity_ = std::get<std::unique_ptr<EntityA>>(std::move(opened));
    return true;
  }

  bool RegisterKey() {
    account_.Step("Entity A registers a key with the MAF: SUID 32, target " + parties_.cse_id());
    if (const auto registered = entity_->Register(); !registered) {
      return account_.Tell(Bad({registered.error().text}));
    }
    const auto key = entity_->key();
    if (!key) return account_.Tell(Bad({"the key can't be copied"}));
    return account_.Tell(
        Good({"KcId " + key->kc_id.text(), "Kc exported from that very session, until " +
                                               onem2m::FormatTimestamp(key->expires)}));
  }

  bool Associate() {
    account_.Step("It opens " + Transport() + " to the CSE at " + uri_ + ", psk_identity = KcId");
    const auto associated = entity_->Associate(uri_);
    if (!associated) return account_.Tell(Bad({associated.error().text}));
    return account_.Tell(
        Good({"associated; saef.so fetched Kc from the MAF while the handshake waited"}));
  }

  // Sends a request and expects a status; `found` looks at the response.
  bool Expect(RequestPrimitive request, ResponseStatusCode expected,
              const std::function<std::string(const ResponsePrimitive&)>& found) {
    const Operation operation = request.operation;
    const auto response = entity_->Send(std::move(request));
    if (!response) return account_.Tell(Bad({response.error().text}));
    if (response->status != expected) {
      return account_.Tell(Bad({Status(*response, operation), response->content}));
    }
    const std::string words = found(*response);
    if (words.empty()) return account_.Tell(Bad({Status(*response, operation), response->content}));
    return account_.Tell(Good({Status(*response, operation) + ", " + words}));
  }

  static RequestPrimitive Create(std::string to, onem2m::ResourceType type, std::string content) {
    RequestPrimitive request;
    request.operation = Operation::kCreate;
    request.to = std::move(to);
    request.resource_type = static_cast<int>(type);
    request.content = std::move(content);
    return request;
  }

  static std::string Member(const ResponsePrimitive& response, const char* resource,
                            const char* member) {
    const auto document = onem2m::ParseJson(response.content);
    if (!document || !document->IsObject() || !document->HasMember(resource)) return {};
    const auto text = onem2m::GetString((*document)[resource], member);
    return text ? *text : std::string();
  }

  bool CreateAe() {
    account_.Step("CREATE <AE>");
    RequestPrimitive request = Create(
        "base", onem2m::ResourceType::kAe,
        R"({"m2m:ae":{"rn":")" + entity_name_ + R"(","api":"Nsaef.demo","rr":false,"srv":["3"]}})");
    request.from = "C";  // the CSE assigns the AE-ID
    return Expect(std::move(request), ResponseStatusCode::kCreated,
                  [this](const ResponsePrimitive& response) {
                    ae_id_ = Member(response, "m2m:ae", "aei");
                    return ae_id_.empty() ? std::string() : "the AE-ID is " + ae_id_;
                  });
  }

  bool StoreContent() {
    account_.Step("CREATE <container>, then <contentInstance> with " + std::string(kContent));
    RequestPrimitive container = Create("base/" + entity_name_, onem2m::ResourceType::kContainer,
                                        R"({"m2m:cnt":{"rn":"temperature"}})");
    container.from = ae_id_;
    if (!Expect(std::move(container), ResponseStatusCode::kCreated,
                [](const ResponsePrimitive&) { return std::string("the container is there"); })) {
      return false;
    }
    RequestPrimitive instance =
        Create("base/" + entity_name_ + "/temperature", onem2m::ResourceType::kContentInstance,
               R"({"m2m:cin":{"con":")" + std::string(kContent) + R"("}})");
    instance.from = ae_id_;
    return Expect(std::move(instance), ResponseStatusCode::kCreated,
                  [](const ResponsePrimitive&) { return std::string("the content is stored"); });
  }

  bool ReadContent() {
    account_.Step("RETRIEVE the latest <contentInstance>");
    RequestPrimitive request;
    request.operation = Operation::kRetrieve;
    request.to = "base/" + entity_name_ + "/temperature/la";
    request.from = ae_id_;
    return Expect(std::move(request), ResponseStatusCode::kOk,
                  [](const ResponsePrimitive& response) {
                    const std::string content = Member(response, "m2m:cin", "con");
                    return content == kContent ? "read back: " + content : std::string();
                  });
  }

  void RefuseAnothersFrom() {
    account_.Step("Refused: through the same association, in another AE's name (From: Canother)");
    RequestPrimitive request;
    request.operation = Operation::kRetrieve;
    request.to = "base/" + entity_name_ + "/temperature/la";
    request.from = "Canother";
    Expect(std::move(request), ResponseStatusCode::kOriginatorNotAuthenticated,
           [](const ResponsePrimitive&) {
             return std::string("From is not who is behind the association");
           });
  }

  // A handshake that must be refused. On the wire all refusals look alike; the reason stands in the
  // CSE's log.
  void ExpectRefusal(std::string_view kc_id, onem2m::Secret kc, std::string_view reason) {
    const auto handshake = parties_.Handshake(uri_, kc_id, std::move(kc));
    if (handshake) {
      account_.Tell(Bad({"the handshake was done"}));
      return;
    }
    if (handshake.error() != make_error_code(bindings::Error::kCredentialRefused)) {
      account_.Tell(Bad({"the handshake failed otherwise: " + handshake.error().message()}));
      return;
    }
    const std::string line = parties_.PluginOnKey(kc_id);
    const bool told = line.find(reason) != std::string::npos;
    account_.Tell(
        {told,
         {"the handshake is refused (alert unknown_psk_identity); the CSE's log says why:",
          line.empty() ? "nothing" : line}});
  }

  void RefuseUnknownKcId() {
    account_.Step("Refused: a KcId that the MAF doesn't know");
    auto relative = onem2m::Secret::Random(16);
    auto kc = onem2m::Secret::Random(32);
    if (!relative || !kc) {
      account_.Tell(Bad({"no random octets"}));
      return;
    }
    ExpectRefusal(relative->ToHex() + "@" + parties_.maf_fqdn(), std::move(*kc), "unknown");
  }

  // Registers a key by a changed configuration, and answers it.
  std::optional<entity_a::RegisteredKey> OtherKey(
      const std::function<void(entity_a::Configuration&)>& change) {
    auto opened = parties_.OpenEntity(entity_name_, change);
    if (const auto* error = std::get_if<std::string>(&opened)) {
      account_.Tell(Bad({*error}));
      return std::nullopt;
    }
    EntityA& entity = *std::get<std::unique_ptr<EntityA>>(opened);
    if (const auto registered = entity.Register(); !registered) {
      account_.Tell(Bad({registered.error().text}));
      return std::nullopt;
    }
    return entity.key();
  }

  void RefuseKcIdForAnotherCse() {
    account_.Step("Refused: a KcId whose key is meant for another CSE, " + parties_.other_cse_id());
    auto key = OtherKey([this](entity_a::Configuration& configuration) {
      if (auto id = onem2m::CseId::ParseAbsolute(parties_.other_cse_id()))
        configuration.cse_id = std::move(*id);
    });
    if (key) ExpectRefusal(key->kc_id.text(), std::move(key->kc), "denied");
  }

  void RefuseExpiredKcId() {
    account_.Step("Refused: a KcId whose key lives 2 seconds, after 3");
    auto key = OtherKey(
        [](entity_a::Configuration& configuration) { configuration.lifetime = kShortLife; });
    if (!key) return;
    auto kc = key->kc.Clone();
    if (!kc) {
      account_.Tell(Bad({"the key can't be copied"}));
      return;
    }
    if (const auto before = parties_.Handshake(uri_, key->kc_id.text(), std::move(*kc)); !before) {
      account_.Tell(Bad({"refused while it still lives: " + before.error().message()}));
      return;
    }
    account_.Remark("while it lives, the handshake is done; waiting for its end");
    while (onem2m::Now() <= key->expires)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ExpectRefusal(key->kc_id.text(), std::move(key->kc), "expired");
  }

  const DemoParties& parties_;
  Account& account_;
  const std::string scheme_;
  const std::string entity_name_;
  const std::string uri_;
  std::unique_ptr<EntityA> entity_;
  std::string ae_id_;
};

}  // namespace

ExitCode RunDemo(const DemoOptions& options, std::ostream& out) {
  Account account(out);
  account.Chapter("The parties, each a process of its own, on loopback");
  account.Step("A MAF, and a CSE that loads " + options.module.filename().string());
  auto started = DemoParties::Start(options.folder, options.module);
  if (const auto* error = std::get_if<std::string>(&started)) {
    account.Tell(Bad({*error}));
    return ExitCode::kUsage;
  }
  const auto& parties = std::get<DemoParties>(started);
  account.Tell(Good(
      {parties.maf_fqdn() + " at " + parties.maf_uri(),
       parties.cse_id() + " at " + parties.CseUri("coaps") + " and " + parties.CseUri("https")}));
  account.Chapter("CoAP over DTLS 1.2");
  Walk(parties, account, "coaps", "sensor1").Run();
  account.Chapter("HTTP over TLS 1.2");
  Walk(parties, account, "https", "sensor2").Run();
  account.Chapter(account.all_good()
                      ? "All " + std::to_string(account.steps()) + " steps came as they should."
                      : "Something didn't come as it should: see NOT above.");
  return account.all_good() ? ExitCode::kDone : ExitCode::kRefused;
}

}  // namespace saef::tools
