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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
