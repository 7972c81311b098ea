// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/packed_facts.h"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using onem2m::AeId;
using onem2m::CseId;

Source MakeSourceOf(Source::Entity entity, std::string credential_id) {
  return {std::move(entity), std::move(credential_id), onem2m::Suid::kPreProvisionedSaef};
}

BOOST_AUTO_TEST_SUITE(packed_facts)

BOOST_AUTO_TEST_CASE(every_kind_of_source_comes_out_as_it_went_in) {
  const auto c = AeId::ParseAbsolute("//sp.example.com/cse1/Cae1").value();
  const auto s = AeId::ParseAbsolute("//sp.example.com/Sae2").value();
  const Source sources[] = {
      MakeSourceOf({}, "11-ae1@maf.example.com"),
      MakeSourceOf(c, "11-ae1@maf.example.com"),
      MakeSourceOf(s, ""),
      MakeSourceOf(CseId::ParseAbsolute("//sp.example.com/cse2").value(), "32-x"),
      MakeSourceOf(Source::AeList{c, s}, "31-device"),
      MakeSourceOf(Source::AeList{}, "31-device"),
  };
  for (const Source& source : sources) {
    const PackedFacts facts({std::make_shared<Source>(source), kStart}, "a1@maf.example.com",
                            "A1@maf.example.com");
    BOOST_TEST(static_cast<bool>(facts));
    BOOST_TEST(facts.as_sent() == "a1@maf.example.com");
    BOOST_TEST(facts.canonical() == "A1@maf.example.com");
    BOOST_TEST((facts.expires() == kStart));
    BOOST_TEST(facts.credential_id() == source.credential_id);
    BOOST_TEST(facts.is_unresolved() == source.is_unresolved());
    const auto made = facts.MakeSource();
    BOOST_TEST((made->entity == source.entity));
    BOOST_TEST(made->credential_id == source.credential_id);
    BOOST_TEST((made->suid == source.suid));
  }
}

BOOST_AUTO_TEST_CASE(identities_may_be_left_out) {
  const PackedFacts facts(KeyFacts{std::make_shared<Source>(), kStart});
  BOOST_TEST(static_cast<bool>(facts));
  BOOST_TEST(facts.as_sent().empty());
  BOOST_TEST(facts.canonical().empty());
  BOOST_TEST(!static_cast<bool>(PackedFacts()));
  BOOST_TEST(PackedFacts().canonical().empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_cut) {
  const std::string longest(255, 'i');
  Source source = MakeSourceOf({}, std::string(70000, 'c'));
  const KeyFacts known{std::make_shared<Source>(source), kStart};
  const PackedFacts facts(known, longest, longest);
  BOOST_TEST(facts.as_sent() == longest);
  BOOST_TEST(facts.canonical() == longest);
  BOOST_TEST(facts.credential_id() == source.credential_id);
  BOOST_CHECK_THROW(PackedFacts(known, longest + "i", ""), std::length_error);
  BOOST_CHECK_THROW(PackedFacts(known, "", longest + "i"), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
