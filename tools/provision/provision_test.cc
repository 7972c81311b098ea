// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/provision/provision.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "onem2m/json.h"
#include "tools/temporary_folder.h"

namespace saef::tools {
namespace {

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Provisioning Site(const TemporaryFolder& folder) {
  Provisioning p;
  p.folder = folder.path() / "site";
  p.other_cses = {"cse2"};
  ProvisionedEntity ae;
  ae.name = "ae1";
  p.entities = {ae};
  return p;
}

// The sentence that says what is wrong, or fails.
std::string Wrong(const Written& written) {
  BOOST_REQUIRE(std::holds_alternative<std::string>(written));
  return std::get<std::string>(written);
}

BOOST_AUTO_TEST_SUITE(provision)

BOOST_AUTO_TEST_CASE(keys_are_distinct_and_only_ours_to_read) {
  const TemporaryFolder folder;
  const Provisioning p = Site(folder);
  const Written written = ProvisionMaf(p);
  BOOST_REQUIRE_MESSAGE(written.index() == 0, "refused");
  std::set<std::string> keys;
  for (const char* name : {"cse1.km", "cse2.km", "ae1.km", "store.key"}) {
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::stat((p.folder / name).c_str(), &status), 0);
    BOOST_TEST((status.st_mode & 07777) == 0600u);
    const std::string text = Read(p.folder / name);
    BOOST_TEST(text.size() == 65u);  // 32 octets in hexadecimal, and a line end
    keys.insert(text);
  }
  BOOST_TEST(keys.size() == 4u);
}

BOOST_AUTO_TEST_CASE(configurations_match_each_other) {
  const TemporaryFolder folder;
  const Provisioning p = Site(folder);
  BOOST_REQUIRE(ProvisionMaf(p).index() == 0);
  BOOST_REQUIRE(ProvisionCse(p, "coaps://127.0.0.1:1234").index() == 0);
  BOOST_REQUIRE(
      ProvisionEntities(p, "coaps://127.0.0.1:1234", {"coaps://127.0.0.1:4321"}).index() == 0);
  const auto maf = onem2m::ParseJson(Read(p.folder / "maf.json"));
  const auto plugin = onem2m::ParseJson(Read(p.folder / "saef.json"));
  const auto entity = onem2m::ParseJson(Read(p.folder / "entity-ae1.json"));
  BOOST_REQUIRE(maf && plugin && entity);
  const auto& clients = (*maf)["clients"];
  BOOST_REQUIRE_EQUAL(clients.Size(), 3u);
  BOOST_TEST(std::string((*plugin)["mafs"][0]["kmId"].GetString()) ==
             clients[0]["kmId"].GetString());
  BOOST_TEST(std::string((*entity)["maf"]["kmId"].GetString()) == clients[2]["kmId"].GetString());
  BOOST_TEST(std::string((*entity)["cse"]["id"].GetString()) ==
             clients[2]["mayRegisterFor"][0].GetString());
  BOOST_TEST(std::string((*plugin)["mafs"][0]["keyRetrieval"].GetString()) ==
             "coaps://127.0.0.1:1234/kr");
}

BOOST_AUTO_TEST_CASE(nothing_is_overwritten) {
  const TemporaryFolder folder;
  const Provisioning p = Site(folder);
  BOOST_REQUIRE(ProvisionMaf(p).index() == 0);
  const std::string before = Read(p.folder / "ae1.km");
  BOOST_TEST(Wrong(ProvisionMaf(p)).find("nothing is overwritten") != std::string::npos);
  BOOST_TEST(Read(p.folder / "ae1.km") == before);
}

BOOST_AUTO_TEST_CASE(bad_names_are_refused_before_anything_is_written) {
  const TemporaryFolder folder;
  const auto refused = [&folder](auto change) {
    Provisioning p = Site(folder);
    change(p);
    const std::string wrong = Wrong(ProvisionMaf(p));
    BOOST_TEST(!std::filesystem::exists(p.folder));
    return wrong;
  };
  BOOST_TEST(refused([](auto& p) { p.maf_fqdn = "MAF.example.com"; }).find("lower case") !=
             std::string::npos);
  BOOST_TEST(refused([](auto& p) { p.maf_fqdn = std::string(96, 'a'); }).find("95") !=
             std::string::npos);
  BOOST_TEST(refused([](auto& p) { p.service_provider = "a b"; }).find("service provider") !=
             std::string::npos);
  BOOST_TEST(refused([](auto& p) { p.cse = "a/b"; }).find("CSE-ID") != std::string::npos);
  BOOST_TEST(refused([](auto& p) { p.entities[0].name = "../x"; }).find("KmId") !=
             std::string::npos);
}

mode_t ModeOf(const std::filesystem::path& path) {
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

// All of it, at addresses that are as good as any.
void ProvisionAll(const Provisioning& p) {
  const std::string maf = "coaps://127.0.0.1:1";
  const std::string mef = "coaps://127.0.0.1:2";
  for (const Written& written :
       {ProvisionCertificates(p), ProvisionMef(p, maf), ProvisionMaf(p, mef),
        ProvisionCse(p, maf, mef), ProvisionEntities(p, maf, {"coaps://127.0.0.1:3"}, mef)}) {
    if (const auto* error = std::get_if<std::string>(&written)) BOOST_FAIL(*error);
  }
}

BOOST_AUTO_TEST_CASE(certificates_for_a_maf_and_its_clients) {
  const TemporaryFolder folder;
  Provisioning p = Site(folder);
  p.maf_credential = MafCredentialKind::kCertificate;
  ProvisionAll(p);
  for (const char* name : {"ca", "maf", "cse1", "cse2", "ae1"}) {
    BOOST_TEST(ModeOf(p.folder / (std::string(name) + ".key.pem")) == 0600u);
    BOOST_TEST(Read(p.folder / (std::string(name) + ".pem")).find("BEGIN CERTIFICATE") !=
               std::string::npos);
  }
  BOOST_TEST(!std::filesystem::exists(p.folder / "ae1.km"));
  const auto maf = onem2m::ParseJson(Read(p.folder / "maf.json"));
  const auto entity = onem2m::ParseJson(Read(p.folder / "entity-ae1.json"));
  BOOST_REQUIRE(maf && entity);
  BOOST_TEST(std::string((*maf)["certificate"]["chainFile"].GetString()) == "maf.pem");
  BOOST_TEST(std::string((*maf)["clients"][0]["certificateId"].GetString()) ==
             "32-//sp.example.com/cse1");
  BOOST_TEST(std::string((*maf)["clients"][2]["certificateId"].GetString()) ==
             "33-//sp.example.com/Sae1");
  BOOST_TEST(std::string((*entity)["entityId"].GetString()) == "//sp.example.com/Sae1");
  BOOST_TEST(std::string((*entity)["maf"]["certificate"]["trustAnchorFiles"][0].GetString()) ==
             "ca.pem");
}

BOOST_AUTO_TEST_CASE(an_mef_that_provides_keys) {
  const TemporaryFolder folder;
  Provisioning p = Site(folder);
  p.maf_credential = MafCredentialKind::kEnrolment;
  ProvisionAll(p);
  for (const char* name : {"cse1.kpm", "ae1.kpm", "maf-mef.km", "mef-store.key"})
    BOOST_TEST(ModeOf(p.folder / name) == 0600u);
  const auto mef = onem2m::ParseJson(Read(p.folder / "mef.json"));
  const auto maf = onem2m::ParseJson(Read(p.folder / "maf.json"));
  const auto plugin = onem2m::ParseJson(Read(p.folder / "saef.json"));
  BOOST_REQUIRE(mef && maf && plugin);
  BOOST_TEST(((*mef)["enrolees"][0]["kpmId"] == (*plugin)["mafs"][0]["enrolment"]["mef"]["kpmId"]));
  BOOST_TEST(((*mef)["enrolees"][2]["entityId"] == (*maf)["clients"][2]["enrolled"]["enroleeId"]));
  BOOST_TEST(((*mef)["targets"][0]["kmId"] == (*maf)["mefs"][0]["kmId"]));
  BOOST_TEST(std::string((*mef)["enrolees"][0]["mafs"][0]["kmIdRetrieval"].GetString()) ==
             "coaps://127.0.0.1:1/km");
}

BOOST_AUTO_TEST_CASE(an_mef_that_provides_a_kpsa) {
  const TemporaryFolder folder;
  Provisioning p = Site(folder);
  p.cse_credential = CseCredentialKind::kEnrolment;
  ProvisionAll(p);
  for (const char* name : {"ae1.kpm", "cse1-mef.km", "mef-store.key"})
    BOOST_TEST(ModeOf(p.folder / name) == 0600u);
  const auto mef = onem2m::ParseJson(Read(p.folder / "mef.json"));
  const auto plugin = onem2m::ParseJson(Read(p.folder / "saef.json"));
  const auto entity = onem2m::ParseJson(Read(p.folder / "entity-ae1.json"));
  BOOST_REQUIRE(mef && plugin && entity);
  BOOST_TEST(
      ((*mef)["enrolees"][0]["kpmId"] == (*entity)["credential"]["enrolment"]["mef"]["kpmId"]));
  BOOST_TEST(((*mef)["enrolees"][0]["kpsaTargets"][0] == (*mef)["targets"][0]["entityId"]));
  BOOST_TEST(((*mef)["enrolees"][0]["entityId"] == (*entity)["entityId"]));
  BOOST_TEST(!(*mef)["enrolees"][0].HasMember("mafs"));
  BOOST_TEST(((*mef)["targets"][0]["kmId"] == (*plugin)["mefs"][0]["kmId"]));
  BOOST_TEST(((*mef)["targets"][0]["kmFile"] == (*plugin)["mefs"][0]["kmFile"]));
}

// Where each tells what it counts; -1: it has no file or doesn't.
int StatisticsPort(const Provisioning& p, const char* file) {
  const auto document = onem2m::ParseJson(Read(p.folder / file));
  if (!document || !document->HasMember("statistics")) return -1;
  return (*document)["statistics"]["port"].GetInt();
}

BOOST_AUTO_TEST_CASE(statistics_are_told_on_ports_that_differ) {
  for (const std::uint16_t port : {0, 9464}) {
    const TemporaryFolder folder;
    Provisioning p = Site(folder);
    p.maf_credential = MafCredentialKind::kEnrolment;
    p.statistics_port = port;
    ProvisionAll(p);
    BOOST_TEST(StatisticsPort(p, "cse.json") == port);
    BOOST_TEST(StatisticsPort(p, "maf.json") == (port == 0 ? 0 : port + 1));
    BOOST_TEST(StatisticsPort(p, "mef.json") == (port == 0 ? 0 : port + 2));
  }
}

BOOST_AUTO_TEST_CASE(without_a_maf) {
  for (const CseCredentialKind kind :
       {CseCredentialKind::kKpsa, CseCredentialKind::kEnrolment, CseCredentialKind::kCertificate,
        CseCredentialKind::kRawPublicKey}) {
    const TemporaryFolder folder;
    Provisioning p = Site(folder);
    p.cse_credential = kind;
    ProvisionAll(p);
    BOOST_TEST(!std::filesystem::exists(p.folder / "maf.json"));
    const auto plugin = onem2m::ParseJson(Read(p.folder / "saef.json"));
    const auto entity = onem2m::ParseJson(Read(p.folder / "entity-ae1.json"));
    BOOST_REQUIRE(plugin && entity);
    BOOST_TEST(!plugin->HasMember("mafs"));
    BOOST_TEST(!entity->HasMember("maf"));
    BOOST_TEST(entity->HasMember("credential"));
  }
}

BOOST_AUTO_TEST_CASE(a_device_is_known_by_its_credential_id) {
  const TemporaryFolder folder;
  Provisioning p = Site(folder);
  p.cse_credential = CseCredentialKind::kCertificate;
  p.ae_certificate = AeCertificateKind::kDevice;
  ProvisionAll(p);
  const auto plugin = onem2m::ParseJson(Read(p.folder / "saef.json"));
  BOOST_REQUIRE(plugin);
  BOOST_TEST(std::string((*plugin)["identities"][0]["credentialId"].GetString()) ==
             "31-0.2.481.1.100.1:0001");
  BOOST_TEST(std::string((*plugin)["identities"][0]["entityIds"][0].GetString()) ==
             "//sp.example.com/Sae1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
