// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/associations.h"

#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using Assigned = Associations::Assigned;
using onem2m::AeId;
using onem2m::CseId;
using std::chrono::seconds;

AeId Ae(std::string_view text) { return AeId::ParseAbsolute(text).value(); }
const AeId kAe1 = Ae("//sp.example.com/cse1/Cae1");
const AeId kAe2 = Ae("//sp.example.com/cse1/Cae2");

KeyFacts Facts(const std::string& credential, TimePoint expires = kStart + seconds(100)) {
  auto source = std::make_shared<Source>();
  source->credential_id = credential;
  return {std::move(source), expires};
}
KeyFacts FactsOf(const AeId& ae, TimePoint expires = kStart + seconds(100)) {
  auto source = std::make_shared<Source>();
  source->entity = ae;
  return {std::move(source), expires};
}
KeyFacts FactsOf(const CseId& cse) {
  auto source = std::make_shared<Source>();
  source->entity = cse;
  return {std::move(source), kStart + seconds(100)};
}

BOOST_AUTO_TEST_SUITE(associations)

BOOST_AUTO_TEST_CASE(live_until_closed) {
  Associations associations(10);
  const auto one = associations.Open("A@m", FactsOf(kAe1));
  const auto two = associations.Open("A@m", FactsOf(kAe1));
  BOOST_TEST(one != SAEF_NO_ASSOCIATION);
  BOOST_TEST(one != two);
  const auto view = associations.Find(one, kStart);
  BOOST_REQUIRE(view.has_value());
  BOOST_TEST(!view->ended);
  BOOST_TEST(view->ae()->Absolute() == kAe1.Absolute());
  BOOST_TEST(associations.Close(one));
  BOOST_TEST(!associations.Close(one));
  BOOST_TEST(!associations.Find(one, kStart).has_value());
  BOOST_TEST(associations.Find(two, kStart).has_value());
  BOOST_TEST(associations.Open("A@m", FactsOf(kAe1)) > two);
  BOOST_TEST(!associations.Find(SAEF_NO_ASSOCIATION, kStart).has_value());
}

BOOST_AUTO_TEST_CASE(are_bounded) {
  Associations associations(2);
  const auto one = associations.Open("A@m", FactsOf(kAe1));
  BOOST_TEST(associations.Open("B@m", FactsOf(kAe1)) != SAEF_NO_ASSOCIATION);
  BOOST_TEST(associations.Open("C@m", FactsOf(kAe1)) == SAEF_NO_ASSOCIATION);
  associations.Close(one);
  BOOST_TEST(associations.Open("C@m", FactsOf(kAe1)) != SAEF_NO_ASSOCIATION);
}

BOOST_AUTO_TEST_CASE(end_with_the_key) {
  Associations associations(10);
  const auto early = associations.Open("A@m", FactsOf(kAe1, kStart + seconds(5)));
  const auto late = associations.Open("B@m", FactsOf(kAe2, kStart + seconds(9)));
  BOOST_TEST((associations.next_end() == kStart + seconds(5)));
  BOOST_TEST(associations.TakeEnded(kStart + seconds(4)).empty());
  // It counts no more at its end, whether or not anybody has looked.
  BOOST_TEST(associations.Find(early, kStart + seconds(5))->ended);
  BOOST_TEST(associations.TakeEnded(kStart + seconds(5)) == std::vector<saef_association>{early},
             boost::test_tools::per_element());
  BOOST_TEST(associations.TakeEnded(kStart + seconds(5)).empty());
  BOOST_TEST(!associations.Find(late, kStart + seconds(5))->ended);
  BOOST_TEST((associations.next_end() == kStart + seconds(9)));
  BOOST_TEST(associations.Close(early));
  BOOST_TEST(associations.Close(late));
  BOOST_TEST((associations.next_end() == kNever));
}

BOOST_AUTO_TEST_CASE(end_when_the_key_is_taken_back) {
  Associations associations(10);
  const auto one = associations.Open("A@m", FactsOf(kAe1));
  const auto other = associations.Open("a@m", FactsOf(kAe1));
  const auto two = associations.Open("A@m", FactsOf(kAe1));
  associations.EndByIdentity("A@m");
  associations.EndByIdentity("A@m");
  BOOST_TEST(associations.Find(one, kStart)->ended);
  BOOST_TEST(associations.Find(two, kStart)->ended);
  BOOST_TEST(!associations.Find(other, kStart)->ended);
  BOOST_TEST(associations.Close(two));
  BOOST_TEST(associations.TakeEnded(kStart) == std::vector<saef_association>{one},
             boost::test_tools::per_element());
  BOOST_TEST(associations.TakeEnded(kStart + seconds(100)) == std::vector<saef_association>{other},
             boost::test_tools::per_element());
}

// Hex digits compare without case; names of other credentials may be long.
BOOST_AUTO_TEST_CASE(rest_on_a_key_whatever_the_case) {
  const std::string beginning(200, 'n');
  Associations associations(10);
  const auto one = associations.Open(beginning + "Abc@m", FactsOf(kAe1));
  const auto two = associations.Open(beginning + "aBC@m", FactsOf(kAe1));
  const auto other = associations.Open(beginning + "abd@m", FactsOf(kAe1));
  BOOST_TEST(associations.RestsOn(beginning + "ABC@M"));
  BOOST_TEST(!associations.RestsOn(beginning + "abe@m"));
  BOOST_TEST(!associations.RestsOn(beginning));
  associations.EndByKey(beginning + "ABC@m");
  BOOST_TEST((associations.next_end() < kStart));
  BOOST_TEST(associations.Find(one, kStart)->ended);
  BOOST_TEST(associations.Find(two, kStart)->ended);
  BOOST_TEST(!associations.Find(other, kStart)->ended);
  BOOST_TEST(!associations.RestsOn(beginning + "abc@m"));
  BOOST_TEST(associations.TakeEnded(kStart).size() == 2);
  BOOST_TEST(associations.TakeEnded(kStart).empty());
  BOOST_TEST((associations.next_end() == kStart + seconds(100)));
}

BOOST_AUTO_TEST_CASE(assignment_holds_for_the_credential) {
  Associations associations(10);
  const auto one = associations.Open("A@m", Facts("11-ae1@m"));
  const auto two = associations.Open("B@m", Facts("11-ae1@m"));
  const auto foreign = associations.Open("C@m", Facts("11-ae2@m"));
  BOOST_TEST(associations.Find(one, kStart)->ae() == nullptr);
  BOOST_TEST((associations.Assign(one, kAe1, kStart) == Assigned::kDone));
  BOOST_TEST((associations.Assign(two, kAe1, kStart) == Assigned::kDone));
  BOOST_TEST(associations.Find(two, kStart)->ae()->Absolute() == kAe1.Absolute());
  BOOST_TEST(associations.Find(foreign, kStart)->ae() == nullptr);
  BOOST_TEST((associations.Assign(two, kAe2, kStart) == Assigned::kDenied));
  BOOST_TEST((associations.Assign(foreign, kAe1, kStart) == Assigned::kDenied));
  BOOST_TEST(associations.IsAssignedToAnother(kAe1, "11-ae2@m"));
  BOOST_TEST(!associations.IsAssignedToAnother(kAe1, "11-ae1@m"));
  BOOST_TEST(!associations.IsAssignedToAnother(kAe2, "11-ae1@m"));
  // Also for those that come later, until it is withdrawn.
  associations.Close(one);
  associations.Close(two);
  const auto later = associations.Open("D@m", Facts("11-ae1@m"));
  BOOST_TEST(associations.Find(later, kStart)->ae() != nullptr);
  associations.Withdraw(kAe1);
  associations.Withdraw(kAe1);
  BOOST_TEST(associations.Find(later, kStart)->ae() == nullptr);
  BOOST_TEST((associations.Assign(foreign, kAe1, kStart) == Assigned::kDone));
}

BOOST_AUTO_TEST_CASE(assignment_is_denied_to_what_has_an_identity) {
  Associations associations(10);
  const auto ae = associations.Open("A@m", FactsOf(kAe1));
  const auto cse =
      associations.Open("B@m", FactsOf(CseId::ParseAbsolute("//sp.example.com/cse2").value()));
  const auto ended = associations.Open("C@m", Facts("11-ae1@m", kStart));
  BOOST_TEST((associations.Assign(ae, kAe1, kStart) == Assigned::kDone));
  BOOST_TEST((associations.Assign(ae, kAe2, kStart) == Assigned::kDenied));
  BOOST_TEST((associations.Assign(cse, kAe1, kStart) == Assigned::kDenied));
  BOOST_TEST((associations.Assign(ended, kAe2, kStart) == Assigned::kDenied));
  BOOST_TEST((associations.Assign(999, kAe1, kStart) == Assigned::kNoSuchAssociation));
}

BOOST_AUTO_TEST_CASE(assignments_are_bounded) {
  Associations associations(1);
  const auto one = associations.Open("A@m", Facts("11-ae1@m"));
  BOOST_TEST((associations.Assign(one, kAe1, kStart) == Assigned::kDone));
  associations.Close(one);
  const auto two = associations.Open("B@m", Facts("11-ae2@m"));
  BOOST_TEST((associations.Assign(two, kAe2, kStart) == Assigned::kLimit));
}

BOOST_AUTO_TEST_CASE(who_had_an_association_is_remembered) {
  Associations associations(10);
  BOOST_TEST(!associations.IsSecured(kAe1));
  associations.Close(associations.Open("A@m", FactsOf(kAe1)));
  BOOST_TEST(associations.IsSecured(kAe1));
  associations.Withdraw(kAe1);
  BOOST_TEST(!associations.IsSecured(kAe1));
  const auto one = associations.Open("B@m", Facts("11-ae2@m"));
  BOOST_TEST(!associations.IsSecured(kAe2));
  associations.Assign(one, kAe2, kStart);
  BOOST_TEST(associations.IsSecured(kAe2));
}

// Also where the key is the one that it had before.
BOOST_AUTO_TEST_CASE(secured_again_after_it_was_withdrawn) {
  Associations associations(10);
  Associations others(10);
  const PackedFacts facts = FactsOf(kAe1);
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(associations.Open("A@m", PackedFacts(facts)) != SAEF_NO_ASSOCIATION);
    BOOST_TEST(associations.IsSecured(kAe1));
    associations.Withdraw(kAe1);
    BOOST_TEST(!associations.IsSecured(kAe1));
  }
  others.Open("A@m", PackedFacts(facts));
  BOOST_TEST(others.IsSecured(kAe1));
}

// An AE-ID that one source is known to have, from the MAF or by a list, is nobody else's to be
// given.
BOOST_AUTO_TEST_CASE(another_source_of_the_same_name) {
  for (const bool by_list : {false, true}) {
    Associations associations(100);
    auto known = std::make_shared<Source>();
    if (by_list) {
      known->entity = Source::AeList{kAe2, kAe1};
    } else {
      known->entity = kAe1;
    }
    associations.Open("known", KeyFacts{known, kStart + seconds(10)});
    auto stranger = std::make_shared<Source>();
    stranger->credential_id = "11-stranger@m";
    const auto association =
        associations.Open("stranger", KeyFacts{stranger, kStart + seconds(10)});
    BOOST_TEST(associations.IsAssignedToAnother(kAe1, "11-stranger@m"));
    BOOST_TEST((associations.Assign(association, kAe1, kStart) == Assigned::kDenied));
    associations.Withdraw(kAe1);  // its registration has ended
    BOOST_TEST(!associations.IsAssignedToAnother(kAe1, "11-stranger@m"));
    BOOST_TEST((associations.Assign(association, kAe1, kStart) == Assigned::kDone));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
