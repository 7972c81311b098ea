// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: a MAF on real sockets, with clients ae1, cse1, cse2 and editor1, and the files it
// needs.
#ifndef SAEF_ROLES_TESTING_H_
#define SAEF_ROLES_TESTING_H_

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "bindings/coap/client.h"
#include "bindings/http/client.h"
#include "onem2m/maf_interface.h"
#include "onem2m/test_folder.h"
#include "roles/entity-a/entity_a.h"
#include "roles/maf/maf.h"

namespace saef::roles::testing {

inline constexpr std::chrono::seconds kPatience{30};

inline std::string KmOf(const std::string& name) {
  return std::string(62, name.front()) + (name.back() == '1' ? "11" : "22");
}

struct House : onem2m::TestFolder {
  House() {
    Write("store.key", std::string(64, '5'));
    for (const char* name : {"ae1", "cse1", "cse2", "editor1"}) {
      Write(std::string(name) + ".km", KmOf(name));
    }
  }
  std::string WriteMaf(
      const std::string& more = {},
      const std::string& listen = R"("coaps://127.0.0.1:0", "https://127.0.0.1:0")") {
    return Write("maf.json", R"({"fqdn": "maf.example.com", "listen": [)" + listen +
                                 R"(], "store": "maf.sqlite", "storeKeyFile": "store.key",)" +
                                 more +
                                 R"("clients": [
 {"kmId": "ae1@maf.example.com", "kmFile": "ae1.km", "entityId": "//sp.example.com/cse1/Cae1",
  "entityType": "AE", "mayRegisterFor": ["//sp.example.com/cse1", "//sp.example.com/cse2"]},
 {"kmId": "cse1@maf.example.com", "kmFile": "cse1.km", "entityId": "//sp.example.com/cse1",
  "entityType": "CSE"},
 {"kmId": "cse2@maf.example.com", "kmFile": "cse2.km", "entityId": "//sp.example.com/cse2",
  "entityType": "CSE"},
 {"kmId": "editor1@maf.example.com", "kmFile": "editor1.km", "entityId": "//sp.example.com/cse1/Ceditor",
  "entityType": "AE", "mayRegisterFor": ["//sp.example.com/cse2"],
  "mayUpdateTargetsOf": ["//sp.example.com/cse1/Cae1"]}]})");
  }
  void StartMaf(const std::string& more = {}) {
    maf.reset();
    auto started = maf::Maf::Start(WriteMaf(more), {});
    if (const auto* error = std::get_if<std::string>(&started)) {
      BOOST_FAIL(*error);
    }
    maf = std::move(std::get<std::unique_ptr<maf::Maf>>(started));
  }

  // A client of the MAF's listener `index`.
  std::unique_ptr<bindings::Client> MafClient(const std::string& name,
                                              std::size_t index = 0) const {
    bindings::ClientOptions options;
    options.uri = *bindings::Uri::Parse(maf->uris().at(index));
    options.server_name = "maf.example.com";
    options.credential =
        bindings::PskCredential{name + "@maf.example.com", *onem2m::Secret::FromHex(KmOf(name))};
    auto client = options.uri.coap() ? coap::OpenClient(std::move(options))
                                     : http::OpenClient(std::move(options));
    BOOST_REQUIRE(client.has_value());
    return std::move(*client);
  }

  static onem2m::RequestPrimitive Retrieval(const std::string& kc_id, const char* suid = "32") {
    onem2m::RequestPrimitive request;
    request.to = "kr/" + kc_id.substr(0, kc_id.find('@'));
    request.request_identifier = "retrieval";
    request.release_version = "3";
    request.query = {{"suid", suid}, {"kcid", kc_id}};
    return request;
  }
  static onem2m::ResponsePrimitive Ask(bindings::Client& client, onem2m::RequestPrimitive request) {
    auto response = client.SendAndWait(std::move(request), kPatience);
    BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
    return std::move(*response);
  }
  static int Status(bindings::Client& client, const std::string& kc_id, const char* suid = "32") {
    return onem2m::Number(Ask(client, Retrieval(kc_id, suid)).status);
  }

  std::unique_ptr<entity_a::EntityA> OpenEntity(
      const std::string& kc, std::size_t listener = 0,
      const std::string& cse_uris = R"("coaps://127.0.0.1:1")",
      const std::string& more = {}) const {
    const std::string file =
        Write("entity.json", R"({"entityId": "//sp.example.com/cse1/Cae1",)" + more +
                                 R"("maf": {"fqdn": "maf.example.com", "keyRegistration": ")" +
                                 maf->uris().at(listener) +
                                 R"(/kr", "kmId": "ae1@maf.example.com", "kmFile": "ae1.km"},
  "cse": {"id": "//sp.example.com/cse1", "uris": [)" +
                                 cse_uris + R"(]}, "kc": ")" + kc + "\"}");
    auto opened = entity_a::EntityA::Open(file, {});
    if (const auto* error = std::get_if<std::string>(&opened)) {
      BOOST_FAIL(*error);
    }
    return std::move(std::get<std::unique_ptr<entity_a::EntityA>>(opened));
  }

  std::unique_ptr<maf::Maf> maf;
};

}  // namespace saef::roles::testing

#endif  // SAEF_ROLES_TESTING_H_
