// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys for each use (TS-0003 table 8.x.1-1) at the MAF, on real sockets: what source and target
// have in the end is the same, and so are the keys that a protocol with one key, or with two, takes
// of it (8.x.1 step 6).
#include "roles/entity-a/key_use.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/key_derivation.h"
#include "roles/testing.h"

namespace saef::roles {
namespace {

using entity_a::MafAt;
using onem2m::Suid;
using testing::House;

MafAt At(bindings::Client& client) {
  return {client, *onem2m::Fqdn::Parse("maf.example.com"), "/kr", std::nullopt, testing::kPatience};
}

// The status with which the MAF refuses; 0: it doesn't.
template <typename T>
int Refusal(const entity_a::Outcome<T>& outcome) {
  return outcome || !outcome.error().status ? 0 : onem2m::Number(*outcome.error().status);
}

const std::string kCse1Id = "//sp.example.com/cse1";
const std::string kCse2Id = "//sp.example.com/cse2";

BOOST_AUTO_TEST_SUITE(key_use)

BOOST_FIXTURE_TEST_CASE(source_and_target_have_the_same_keys, House) {
  StartMaf();
  for (const std::size_t listener : {0, 1}) {
    for (const Suid suid : {Suid::kMafEsPrim, Suid::kMafEsData, Suid::kMafEsDataOther}) {
      BOOST_TEST_CONTEXT(static_cast<int>(suid) << " at " << maf->uris()[listener]) {
        const auto source = MafClient("ae1", listener);
        const auto target = MafClient("cse1", listener);
        const auto registered = RegisterKeyFor(At(*source), suid, {kCse1Id}, std::nullopt);
        BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
        const auto got = RetrieveKey(At(*target), registered->kc_id, suid);
        BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().text);
        BOOST_TEST(got->key.Equals(registered->kc.bytes()));
        BOOST_TEST(got->source_id.value_or("") == "//sp.example.com/cse1/Cae1");
        const auto first = onem2m::FirstHalf(registered->kc);
        const auto second = onem2m::SecondHalf(registered->kc);
        BOOST_REQUIRE((first && second));
        BOOST_TEST(first->Equals(registered->kc.bytes().first(16)));
        BOOST_TEST(second->Equals(registered->kc.bytes().last(16)));
        BOOST_TEST(first->Equals(onem2m::FirstHalf(got->key)->bytes()));
        BOOST_TEST(second->Equals(onem2m::SecondHalf(got->key)->bytes()));
        BOOST_TEST(!first->Equals(second->bytes()));
        // Each use has a key of its own.
        BOOST_TEST(Refusal(RetrieveKey(At(*target), registered->kc_id, Suid::kMafSaef)) == 4103);
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(lists_and_keys_are_their_source_s, House) {
  StartMaf();
  const auto source = MafClient("ae1");
  const auto cse1 = MafClient("cse1", 1);
  const auto cse2 = MafClient("cse2");
  const auto registered =
      RegisterKeyFor(At(*source), Suid::kMafEsData, {kCse1Id}, std::chrono::seconds(60));
  BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
  const onem2m::KcId& kc_id = registered->kc_id;
  BOOST_TEST((registered->expires <= onem2m::Now() + std::chrono::seconds(60)));
  BOOST_TEST(Refusal(RetrieveKey(At(*cse2), kc_id, Suid::kMafEsData)) == 4103);
  BOOST_TEST(Refusal(UpdateTargets(At(*cse2), kc_id, {kCse2Id})) == 4103);
  BOOST_TEST(Refusal(UpdateTargets(At(*cse1), kc_id, {kCse1Id, kCse2Id})) == 4103);
  BOOST_TEST(UpdateTargets(At(*source), kc_id, {kCse1Id, kCse2Id}).has_value());
  BOOST_TEST(RetrieveKey(At(*cse2), kc_id, Suid::kMafEsData).has_value());
  // A target doesn't put others out.
  BOOST_TEST(Refusal(UpdateTargets(At(*cse1), kc_id, {kCse1Id})) == 4103);
  BOOST_TEST(RetrieveKey(At(*cse2), kc_id, Suid::kMafEsData).has_value());
  BOOST_TEST(Refusal(UpdateTargets(At(*source), kc_id, {"//sp.example.com/cse9"})) == 4103);
  BOOST_TEST(Refusal(DeregisterKey(At(*cse1), kc_id)) == 4103);
  BOOST_TEST(RetrieveKey(At(*cse1), kc_id, Suid::kMafEsData).has_value());
  BOOST_TEST(DeregisterKey(At(*source), kc_id).has_value());
  BOOST_TEST(Refusal(DeregisterKey(At(*source), kc_id)) == 4004);
  BOOST_TEST(Refusal(RetrieveKey(At(*cse1), kc_id, Suid::kMafEsData)) == 4004);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
