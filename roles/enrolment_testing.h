// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: a MEF and a MAF that asks it, on real sockets, with the enrolees ae1 and
// cse1, cse1 with a pre-provisioned Km as well, and the MAF as an Enrolment Target.
#ifndef SAEF_ROLES_ENROLMENT_TESTING_H_
#define SAEF_ROLES_ENROLMENT_TESTING_H_

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "end-point/maf_access.h"
#include "onem2m/mef_interface.h"
#include "roles/log_book.h"
#include "roles/mef/mef.h"
#include "roles/testing.h"

namespace saef::roles::testing {

inline const std::string kKpm(64, 'e');
inline const std::string kAe1Id = "//sp.example.com/cse1/Cae1";

struct EnrolmentHouse : House {
  struct MefOptions {
    int lifetime = 3600;
    std::string target_kmid = "maf@mef.example.com";  // as the MEF knows the MAF
    bool with_enrolee = true;
    std::string more{};  // members of mef.json, each with a comma behind
  };

  EnrolmentHouse() {
    Write("ae1.kpm", kKpm);
    Write("cse1.kpm", std::string(64, 'c'));
    Write("maf-mef.km", std::string(64, 'f'));
    Write("mef.key", std::string(64, '6'));
  }
  ~EnrolmentHouse() {
    maf.reset();
    mef.reset();
  }

  // Their URIs stand in each other's configuration: first the MEF finds its ports.
  void StartBoth() { StartBoth(MefOptions()); }
  void StartBoth(const MefOptions& options) {
    StartMef(options);
    StartMafWithMef();
    StartMef(options);
  }

  void StartMef(const MefOptions& options) {
    const std::string listen = mef_uris.empty()
                                   ? R"("coaps://127.0.0.1:0", "https://127.0.0.1:0")"
                                   : "\"" + mef_uris.at(0) + R"(", ")" + mef_uris.at(1) + "\"";
    mef.reset();
    const std::string any = maf_uris.empty() ? "coaps://127.0.0.1:1" : maf_uris.at(0);
    const std::string base = maf_for_instructions.empty() ? any : maf_for_instructions;
    const std::string mafs = R"("mafs": [{"fqdn": "maf.example.com", "keyRegistration": ")" + base +
                             R"(/kr", "keyRetrieval": ")" + base + R"(/kr", "kmIdRetrieval": ")" +
                             base + R"(/km"}]})";
    const std::string enrolees =
        R"({"kpmId": "ae1@mef.example.com", "kpmFile": "ae1.kpm", "entityId": ")" + kAe1Id +
        R"(", "entityType": "AE", "kpsaTargets": ["//sp.example.com/cse1"], )" + mafs +
        R"(, {"kpmId": "cse1@mef.example.com", "kpmFile": "cse1.kpm",)" +
        R"( "entityId": "//sp.example.com/cse1", "entityType": "CSE", )" + mafs;
    const std::string file = Write(
        "mef.json", "{" + options.more + R"("fqdn": "mef.example.com", "listen": [)" + listen +
                        R"(], "store": "mef.sqlite", "storeKeyFile": "mef.key", "lifetime": )" +
                        std::to_string(options.lifetime) + R"(, "enrolees": [)" +
                        (options.with_enrolee ? enrolees : "") +
                        R"(], "targets": [{"fqdn": "maf.example.com", "kmId": ")" +
                        options.target_kmid + R"(", "kmFile": "maf-mef.km"}]})");
    auto started = mef::Mef::Start(file, mef_log.log());
    if (const auto* error = std::get_if<std::string>(&started)) BOOST_FAIL(*error);
    mef = std::move(std::get<std::unique_ptr<mef::Mef>>(started));
    mef_uris = mef->uris();
  }

  void StartMafWithMef(std::size_t mef_listener = 0) {
    const std::string listen = maf_uris.empty()
                                   ? R"("coaps://127.0.0.1:0", "https://127.0.0.1:0")"
                                   : "\"" + maf_uris.at(0) + R"(", ")" + maf_uris.at(1) + "\"";
    maf.reset();
    const std::string file =
        Write("maf.json", R"({"fqdn": "maf.example.com", "listen": [)" + listen +
                              R"(], "store": "maf.sqlite", "storeKeyFile": "store.key",
 "mefs": [{"fqdn": "mef.example.com", "uri": ")" +
                              mef_uris.at(mef_listener) +
                              R"(", "kmId": "maf@mef.example.com", "kmFile": "maf-mef.km"}],
 "clients": [
 {"enrolled": {"mef": "mef.example.com", "enroleeId": ")" +
                              kAe1Id + R"("}, "entityType": "AE",
  "mayRegisterFor": ["//sp.example.com/cse1"]},
 {"enrolled": {"mef": "mef.example.com", "enroleeId": "//sp.example.com/cse1"},
  "entityType": "CSE"},
 {"kmId": "cse1@maf.example.com", "kmFile": "cse1.km", "entityId": "//sp.example.com/cse1",
  "entityType": "CSE"}]})");
    auto started = maf::Maf::Start(file, maf_log.log());
    if (const auto* error = std::get_if<std::string>(&started)) BOOST_FAIL(*error);
    maf = std::move(std::get<std::unique_ptr<maf::Maf>>(started));
    maf_uris = maf->uris();
  }

  // What a MAF whose disk was lost is like.
  void LoseTheMafsStore() {
    maf.reset();
    for (const char* const file : {"maf.sqlite", "maf.sqlite-wal", "maf.sqlite-shm"}) {
      std::filesystem::remove(path() / file);
    }
    StartMafWithMef();
  }

  std::string EnrolmentBlock(std::size_t mef_listener = 0) const {
    return R"("enrolment": {"mef": {"fqdn": "mef.example.com", "uri": ")" +
           mef_uris.at(mef_listener) +
           R"(/en", "kpmId": "ae1@mef.example.com", "kpmFile": "ae1.kpm"},
    "stateFile": "ae1.state"})";
  }

  // Entity A that has nothing but its enrolment credential.
  std::unique_ptr<entity_a::EntityA> OpenEnrolee(
      std::size_t mef_listener = 0, const std::string& cse_uri = "coaps://127.0.0.1:1") {
    const std::string file =
        Write("entity.json", R"({"entityId": ")" + kAe1Id +
                                 R"(", "timeoutMs": 20000, "maf": {"fqdn": "maf.example.com", )" +
                                 EnrolmentBlock(mef_listener) +
                                 R"(},
  "cse": {"id": "//sp.example.com/cse1", "uris": [")" +
                                 cse_uri + R"("]}})");
    auto opened = entity_a::EntityA::Open(file, entity_log.log());
    if (const auto* error = std::get_if<std::string>(&opened)) BOOST_FAIL(*error);
    return std::move(std::get<std::unique_ptr<entity_a::EntityA>>(opened));
  }

  end_point::Enrolment MakeEnrolment(const std::string& kpm = kKpm) const {
    return {*onem2m::Fqdn::Parse("mef.example.com"), *bindings::Uri::Parse(mef_uris.at(0) + "/en"),
            bindings::PskCredential{"ae1@mef.example.com", *onem2m::Secret::FromHex(kpm)},
            (path() / "ae1.state").string()};
  }

  // A client with any PSK, of `uri`.
  static std::unique_ptr<bindings::Client> Client(const std::string& uri,
                                                  const std::string& identity, onem2m::Secret key) {
    bindings::ClientOptions options;
    options.uri = *bindings::Uri::Parse(uri);
    options.server_name = "any.example.com";
    options.credential = bindings::PskCredential{identity, std::move(key)};
    options.handshake_timeout = std::chrono::seconds(20);
    auto client = end_point::OpenClient(std::move(options));
    BOOST_REQUIRE(client.has_value());
    return std::move(*client);
  }

  std::unique_ptr<mef::Mef> mef;
  std::vector<std::string> mef_uris;
  std::string maf_for_instructions;  // empty: its first listener
  std::vector<std::string> maf_uris;
  LogBook mef_log, maf_log, entity_log;
  const onem2m::Fqdn maf_fqdn = *onem2m::Fqdn::Parse("maf.example.com");
};

}  // namespace saef::roles::testing

#endif  // SAEF_ROLES_ENROLMENT_TESTING_H_
