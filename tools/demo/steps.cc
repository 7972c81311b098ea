// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo/steps.h"

#include <chrono>
#include <cstddef>
#include <iomanip>
#include <sstream>
#include <variant>

#include "bindings/coap/status_code.h"
#include "bindings/http/status_code.h"
#include "onem2m/json.h"
#include "tools/top/place.h"
#include "tools/top/view.h"

namespace saef::tools {
namespace {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

constexpr std::chrono::seconds kStatisticsTime{10};
constexpr std::size_t kStatisticsWidth = 92;  // columns, of the account's 100
constexpr std::string_view kContent = "21.5";

// "4.03" from 0x83 (RFC 7252 3).
std::string CoapCode(std::uint8_t code) {
  std::ostringstream text;
  text << (code >> 5) << '.' << std::setfill('0') << std::setw(2) << (code & 0x1f);
  return text.str();
}

}  // namespace

StepOutcome ExpectRefusedHandshake(const bindings::Result<void>& handshake) {
  if (handshake) return Bad({"the handshake was done"});
  if (handshake.error() != make_error_code(bindings::Error::kCredentialRefused))
    return Bad({"the handshake failed otherwise: " + handshake.error().message()});
  return Good({"the handshake fails: " + handshake.error().message()});
}

StepOutcome ShowCounted(const std::vector<std::string>& statistics_uris) {
  StepOutcome outcome = Good({});
  for (const std::string& uri : statistics_uris) {
    const auto place = ReadPlace(uri);
    if (!place) return Bad({"a party doesn't say where it tells what it counts"});
    const auto taken = TakeSnapshot(*place, kStatisticsTime);
    if (const auto* fault = std::get_if<PlaceFault>(&taken)) return Bad({fault->text});
    for (std::string& line : RenderSnapshot(place->text(), std::get<Snapshot>(taken), nullptr,
                                            {.width = kStatisticsWidth, .utf8 = false})) {
      outcome.lines.push_back(std::move(line));
    }
  }
  return outcome;
}

RequestPrimitive MakeCreate(std::string to, onem2m::ResourceType type, std::string content) {
  RequestPrimitive request;
  request.operation = Operation::kCreate;
  request.to = std::move(to);
  request.resource_type = static_cast<int>(type);
  request.content = std::move(content);
  return request;
}

RequestPrimitive MakeRetrieve(std::string to) {
  RequestPrimitive request;
  request.operation = Operation::kRetrieve;
  request.to = std::move(to);
  return request;
}

std::string MemberOf(const ResponsePrimitive& response, const char* resource, const char* member) {
  const auto document = onem2m::ParseJson(response.content);
  if (!document || !document->IsObject() || !document->HasMember(resource)) return {};
  const auto text = onem2m::GetString((*document)[resource], member);
  return text ? *text : std::string();
}

std::string AeSteps::Describe(const ResponsePrimitive& response, Operation operation) const {
  std::string text =
      std::to_string(Number(response.status)) + " " + std::string(Name(response.status));
  return text + (coap() ? " (CoAP " + CoapCode(coap::ToCode(response.status, operation)) + ")"
                        : " (HTTP " + std::to_string(http::ToHttpStatus(response.status)) + ")");
}

bool AeSteps::Expect(RequestPrimitive request, ResponseStatusCode expected,
                     const std::function<std::string(const ResponsePrimitive&)>& found) {
  const Operation operation = request.operation;
  const auto response = entity_.Send(std::move(request));
  if (!response) return account_.Tell(Bad({response.error().text}));
  const std::string told = Describe(*response, operation);
  if (response->status != expected) return account_.Tell(Bad({told, response->content}));
  const std::string words = found(*response);
  if (words.empty()) return account_.Tell(Bad({told, response->content}));
  return account_.Tell(Good({told + ", " + words}));
}

bool AeSteps::CreateAe(const std::string& from) {
  account_.Step("CREATE <AE>");
  RequestPrimitive request = MakeCreate(
      "base", onem2m::ResourceType::kAe,
      R"({"m2m:ae":{"rn":")" + name_ + R"(","api":"Nsaef.demo","rr":false,"srv":["3"]}})");
  request.from = from;
  return Expect(std::move(request), ResponseStatusCode::kCreated,
                [this](const ResponsePrimitive& response) {
                  ae_id_ = MemberOf(response, "m2m:ae", "aei");
                  return ae_id_.empty() ? std::string() : "the AE-ID is " + ae_id_;
                });
}

bool AeSteps::StoreContent() {
  account_.Step("CREATE <container>, then <contentInstance> with " + std::string(kContent));
  RequestPrimitive container = MakeCreate("base/" + name_, onem2m::ResourceType::kContainer,
                                          R"({"m2m:cnt":{"rn":"temperature"}})");
  container.from = ae_id_;
  if (!Expect(std::move(container), ResponseStatusCode::kCreated,
              [](const ResponsePrimitive&) { return std::string("the container is there"); })) {
    return false;
  }
  RequestPrimitive instance =
      MakeCreate("base/" + name_ + "/temperature", onem2m::ResourceType::kContentInstance,
                 R"({"m2m:cin":{"con":")" + std::string(kContent) + R"("}})");
  instance.from = ae_id_;
  return Expect(std::move(instance), ResponseStatusCode::kCreated,
                [](const ResponsePrimitive&) { return std::string("the content is stored"); });
}

bool AeSteps::ReadContent() {
  account_.Step("RETRIEVE the latest <contentInstance>");
  RequestPrimitive request = MakeRetrieve("base/" + name_ + "/temperature/la");
  request.from = ae_id_;
  return Expect(std::move(request), ResponseStatusCode::kOk, [](const ResponsePrimitive& response) {
    const std::string content = MemberOf(response, "m2m:cin", "con");
    return content == kContent ? "read back: " + content : std::string();
  });
}

bool AeSteps::RefuseFrom(const std::string& from, ResponseStatusCode expected,
                         std::string_view why) {
  account_.Step("Refused: through the same association, in another's name (From: " + from + ")");
  RequestPrimitive request = MakeRetrieve("base/" + name_ + "/temperature/la");
  request.from = from;
  return Expect(std::move(request), expected,
                [why](const ResponsePrimitive&) { return std::string(why); });
}

}  // namespace saef::tools
