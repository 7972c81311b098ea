// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/registration.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

const Peer kNobody = {};
const Peer kUnresolved = {PeerKind::kUnresolved, "", "11-ae1@maf.example.com"};

Peer Ae(std::string id) { return {PeerKind::kAe, std::move(id), "11-ae1@maf.example.com"}; }
Peer SomeCse(std::string id) { return {PeerKind::kCse, std::move(id), "11-c@maf.example.com"}; }

// The stem, "-" where the CSE is to pick one, or the status.
std::string Choose(const std::optional<std::string>& from, const Peer& peer) {
  const auto chosen = ChooseAeId(from, peer, test::Self());
  return chosen ? chosen->value_or("-") : std::to_string(onem2m::Number(chosen.error().status));
}

std::string ChooseCse(const std::optional<std::string>& from, const std::string& csi,
                      const Peer& peer) {
  const auto chosen = ChooseCseId(from, csi, peer, test::Self());
  return chosen ? chosen->Absolute() : std::to_string(onem2m::Number(chosen.error().status));
}

BOOST_AUTO_TEST_SUITE(registration)

BOOST_AUTO_TEST_CASE(an_ae_gets_what_the_association_tells_or_what_it_asks_for) {
  const Peer c = Ae("//sp.example.com/cse1/Cae1");
  const Peer s = Ae("//sp.example.com/Sae1");
  const struct {
    std::optional<std::string> from;
    Peer peer;
    std::string right;
  } cases[] = {
      {std::nullopt, kNobody, "-"},
      {"", kNobody, "-"},
      {"C", kNobody, "-"},
      {"C", kUnresolved, "-"},
      {"Cmine", kNobody, "Cmine"},
      {"Cmine", kUnresolved, "Cmine"},
      {"S", kNobody, "4126"},
      {"S", kUnresolved, "4126"},
      {"Sx", kNobody, "4126"},
      {"Sx", kUnresolved, "4126"},
      {std::nullopt, c, "Cae1"},
      {"C", c, "Cae1"},
      {"Cae1", c, "Cae1"},
      {"Cae2", c, "4106"},
      {"cae1", c, "4000"},
      {"Sae1", c, "4106"},
      {std::nullopt, s, "Sae1"},
      {"S", s, "Sae1"},
      {"Sae1", s, "Sae1"},
      {"Sae2", s, "4106"},
      {"Cae1", s, "4106"},
      {"/cse1/Cae1", c, "4000"},
      {"//sp.example.com/cse1/Cae1", c, "4000"},
      {"/Sae1", s, "4000"},
      {"/cse2", kNobody, "4000"},
      {"x", kNobody, "4000"},
      {"C/x", kNobody, "4000"},
      {"C", Ae("//sp.example.com/cse2/Cae1"), "4126"},
      {"C", Ae("//sp.example.org/cse1/Cae1"), "4126"},
      {"S", Ae("//sp.example.org/Sae1"), "4126"},
      {"C", Ae("nonsense"), "4126"},
      {"Cae1", SomeCse("//sp.example.com/cse2"), "4103"},
      {std::nullopt, SomeCse("//sp.example.com/cse2"), "4103"},
  };
  for (const auto& [from, peer, right] : cases) {
    BOOST_TEST(Choose(from, peer) == right,
               from.value_or("(none)") << " of " << peer.entity_id << ": " << Choose(from, peer));
  }
}

BOOST_AUTO_TEST_CASE(an_ae_that_may_be_several_is_one_of_them) {
  const Peer list{PeerKind::kAeList,
                  "",
                  "31-device",
                  {"//sp.example.com/cse2/Cfar", "//sp.example.com/Sa", "//sp.example.com/cse1/Cb",
                   "//sp.example.com/cse1/Cc"}};
  BOOST_TEST(Choose("Cc", list) == "Cc");
  BOOST_TEST(Choose("Sa", list) == "Sa");
  BOOST_TEST(Choose(std::nullopt, list) == "Sa");
  BOOST_TEST(Choose("C", list) == "Cb");
  BOOST_TEST(Choose("S", list) == "Sa");
  BOOST_TEST(Choose("Cd", list) == "4106");
  BOOST_TEST(Choose("Cfar", list) == "4106");
  BOOST_TEST(Choose("C", {PeerKind::kAeList, "", "31-device", {"//sp.example.com/Sa"}}) == "4126");
}

BOOST_AUTO_TEST_CASE(a_cse_registers_itself_and_nobody_else) {
  const Peer cse2 = SomeCse("//sp.example.com/cse2");
  const std::string id2 = "//sp.example.com/cse2";
  BOOST_TEST(ChooseCse("/cse2", "/cse2", cse2) == id2);
  BOOST_TEST(ChooseCse("/cse2", id2, cse2) == id2);
  BOOST_TEST(ChooseCse(id2, "/cse2", cse2) == id2);
  BOOST_TEST(ChooseCse("/cse2", "/cse2", kNobody) == id2);
  BOOST_TEST(ChooseCse("//sp.example.org/cse2", "//sp.example.org/cse2",
                       SomeCse("//sp.example.org/cse2")) == "//sp.example.org/cse2");
  BOOST_TEST(ChooseCse("/cse2", "/cse3", cse2) == "4000");
  BOOST_TEST(ChooseCse("/cse3", "/cse3", cse2) == "4106");
  BOOST_TEST(ChooseCse("//sp.example.org/cse2", "//sp.example.org/cse2", cse2) == "4106");
  BOOST_TEST(ChooseCse("/cse2", "/cse2", kUnresolved) == "4106");
  BOOST_TEST(ChooseCse("/cse2", "/cse2", Ae("//sp.example.com/Sx")) == "4106");
  BOOST_TEST(ChooseCse("/cse1", "/cse1", kNobody) == "4000");
  BOOST_TEST(ChooseCse(std::nullopt, "/cse2", cse2) == "4000");
  BOOST_TEST(ChooseCse("cse2", "cse2", cse2) == "4000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
