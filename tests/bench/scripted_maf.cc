// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/scripted_maf.h"

#include <string_view>
#include <utility>
#include <vector>

#include "bindings/coap/server.h"
#include "onem2m/secret.h"

namespace saef::bench {
namespace {

std::string MakeKey() {
  const std::vector<std::uint8_t> octets(32, 'k');
  const auto key = onem2m::Secret::Copy(octets);
  return key ? key->ToBase64() : std::string();
}

}  // namespace

ScriptedMaf::ScriptedMaf() : key_(MakeKey()) {}

std::optional<std::string> ScriptedMaf::Start() {
  bindings::ServerOptions options;
  options.listeners = {{.address = "127.0.0.1", .port = 0, .secure = true}};
  options.keys =
      bindings::PskTable([](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
        if (identity != kKmId) return onem2m::Error::kOutOfRange;
        return onem2m::Secret::FromHex(kKm);
      });
  options.log = [](bindings::LogLevel, std::string_view) {};
  auto server = coap::StartServer(std::move(options), *this);
  if (!server) return "the bench's MAF can't start: " + server.error().message();
  server_ = std::move(*server);
  return std::nullopt;
}

void ScriptedMaf::Handle(onem2m::RequestPrimitive request,
                         std::shared_ptr<bindings::Session> /*session*/,
                         bindings::Respond respond) {
  const std::string relative = request.to.substr(request.to.rfind('/') + 1);
  auto response = onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk);
  response.content = R"({"status":"OK","keyValue":")" + key_ +
                     R"(","sourceID":"//sp.example.com/cse1/C)" + relative +
                     R"(","sourceType":"AE","credentialID":"11-ae)" + relative.substr(0, 8) +
                     R"(@maf.example.com","suid":32,"lifetime":604800})";
  respond(std::move(response));
}

}  // namespace saef::bench
