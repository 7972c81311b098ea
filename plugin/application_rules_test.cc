// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/application_rules.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace saef::plugin {
namespace {

using onem2m::Error;

const onem2m::CseId kOwn = onem2m::CseId::ParseAbsolute("//sp.example.com/cse1").value();

ApplicationRule Rule(const std::string& members) {
  return ParseApplicationRule("{\"m2m:asar\": {" + members + "}}").value();
}
bool IsAllowed(const ApplicationRule& rule, std::optional<std::string_view> credential_id,
               std::string_view app_id, std::string_view from) {
  return AllowRegistration({&rule, 1}, {credential_id, app_id, from});
}

// `count` entries, each an address or a pattern.
std::string List(const std::string& entry, std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    list += (i == 0 ? "\"" : ",\"") + entry + std::to_string(i) + "\"";
  }
  return "[" + list + "]";
}

BOOST_AUTO_TEST_SUITE(application_rules)

BOOST_AUTO_TEST_CASE(patterns) {
  const auto matches = [](std::string_view pattern, std::string_view text) {
    return MatchesPattern(pattern, text, false);
  };
  BOOST_TEST(matches("*", ""));
  BOOST_TEST(matches("*", "anything"));
  BOOST_TEST(matches("C*", "C"));
  BOOST_TEST(matches("C*", "Cx"));
  BOOST_TEST(!matches("C*", "Sx"));
  BOOST_TEST(matches("C123*X", "C123X"));
  BOOST_TEST(matches("C123*X", "C123abcX"));
  BOOST_TEST(matches("C123*X", "C123XX"));
  BOOST_TEST(!matches("C123*X", "C123abc"));
  BOOST_TEST(!matches("C123*X", "C12X"));
  BOOST_TEST(!matches("C123*X", "C123abcXy"));
  BOOST_TEST(matches("*a*b*", "xxaxxbxx"));
  BOOST_TEST(!matches("*a*b*", "xxbxxaxx"));
  BOOST_TEST(matches("Cx", "Cx"));
  BOOST_TEST(!matches("Cx", "CX"));
  BOOST_TEST(MatchesPattern("Cx", "CX", true));
  BOOST_TEST(!matches("Cx", "Cxy"));
  BOOST_TEST(!matches("Cxy", "Cx"));
  BOOST_TEST(!matches("", "x"));
  // Would take for ever where each '*' were tried anew.
  BOOST_TEST(!matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(4000, 'a')));
}

BOOST_AUTO_TEST_CASE(links_of_the_node) {
  const auto parse = [](const std::string& text) { return ParseRuleLinks(text, kOwn); };
  const auto links = parse(
      R"({"m2m:svsn": {"ty": 20, "csi": "/cse1", "rlk": ["/in-cse/rule1", "//sp.example.com/r"]}})");
  BOOST_REQUIRE(links.has_value());
  BOOST_TEST(links->size() == 2u);
  BOOST_TEST(links->front() == "/in-cse/rule1");
  BOOST_TEST(parse(R"({"m2m:svsn": {"csi": "//sp.example.com/cse1", "rlk": []}})")->empty());
  BOOST_TEST(parse(R"({"m2m:svsn": {"csi": "/cse1"}})")->empty());

  const auto error = [&](const std::string& text) { return parse(text).error(); };
  BOOST_TEST(error("{") == make_error_code(Error::kBadJson));
  BOOST_TEST(error("[]") == make_error_code(Error::kWrongType));
  BOOST_TEST(error(R"({"m2m:svsn": []})") == make_error_code(Error::kWrongType));
  BOOST_TEST(error(R"({"m2m:asar": {"csi": "/cse1"}})") == make_error_code(Error::kMissingMember));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse1"}, "x": 1})") ==
             make_error_code(Error::kBadForm));
  // Of another CSE, or of nobody.
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse2", "rlk": []}})") ==
             make_error_code(Error::kBadForm));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "//other.example/cse1"}})") ==
             make_error_code(Error::kBadForm));
  BOOST_TEST(error(R"({"m2m:svsn": {"rlk": []}})") == make_error_code(Error::kMissingMember));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse1", "rlk": "/r"}})") ==
             make_error_code(Error::kWrongType));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse1", "rlk": [1]}})") ==
             make_error_code(Error::kWrongType));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse1", "rlk": ["r"]}})") ==
             make_error_code(Error::kBadForm));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse1", "rlk": [""]}})") ==
             make_error_code(Error::kBadCharacter));
  BOOST_TEST(error(R"({"m2m:svsn": {"csi": "/cse1", "rlk": ["/\u0000"]}})") ==
             make_error_code(Error::kBadCharacter));
}

BOOST_AUTO_TEST_CASE(bounds) {
  const auto links = [](std::size_t count) {
    return ParseRuleLinks(R"({"m2m:svsn": {"csi": "/cse1", "rlk": )" + List("/r", count) + "}}",
                          kOwn);
  };
  BOOST_TEST(links(kMaxRuleLinks)->size() == kMaxRuleLinks);
  BOOST_TEST(links(kMaxRuleLinks + 1).error() == make_error_code(Error::kOutOfRange));
  const auto rule = [](const std::string& members) {
    return ParseApplicationRule("{\"m2m:asar\": {" + members + "}}");
  };
  BOOST_TEST(rule("\"aai\": " + List("R", kMaxRulePatterns)).has_value());
  BOOST_TEST(rule("\"aai\": " + List("R", kMaxRulePatterns + 1)).error() ==
             make_error_code(Error::kOutOfRange));
  BOOST_TEST(rule("\"aae\": [\"" + std::string(kMaxRuleText, 'C') + "\"]").has_value());
  BOOST_TEST(rule("\"aae\": [\"" + std::string(kMaxRuleText + 1, 'C') + "\"]").error() ==
             make_error_code(Error::kTooLong));
  BOOST_TEST(ParseApplicationRule(std::string(kMaxRuleContent + 1, ' ')).error() ==
             make_error_code(Error::kTooLong));
}

BOOST_AUTO_TEST_CASE(rules_that_are_none) {
  const auto error = [](const std::string& members) {
    return ParseApplicationRule("{\"m2m:asar\": {" + members + "}}").error();
  };
  // TS-0004 7.4.29.2.1: an App-ID's pattern begins with '*', 'R' or 'N'.
  BOOST_TEST(error(R"("aai": ["app"])") == make_error_code(Error::kBadForm));
  BOOST_TEST(error(R"("aai": ["*", "C"])") == make_error_code(Error::kBadForm));
  BOOST_TEST(error(R"("aae": ["Cx", "x"])") == make_error_code(Error::kBadForm));
  BOOST_TEST(error(R"("aae": {"C": 1})") == make_error_code(Error::kWrongType));
  BOOST_TEST(error(R"("apci": [null])") == make_error_code(Error::kWrongType));
  BOOST_TEST(error(R"("apci": ["11-a b"])") == make_error_code(Error::kBadCharacter));
  BOOST_TEST(ParseApplicationRule("{}").error() == make_error_code(Error::kBadForm));
  BOOST_TEST(ParseApplicationRule("7").error() == make_error_code(Error::kWrongType));
}

BOOST_AUTO_TEST_CASE(credential_app_and_stem_must_all_be_listed) {
  const ApplicationRule rule =
      Rule(R"("apci": ["11-ae*@maf.example.com"], "aai": ["Rapp*", "N1"], "aae": ["C1*", "Sx"])");
  const std::string id = "11-ae1@maf.example.com";
  BOOST_TEST(IsAllowed(rule, id, "Rapp7", "C12"));
  BOOST_TEST(IsAllowed(rule, id, "N1", "Sx"));
  BOOST_TEST(IsAllowed(rule, "11-AE1@maf.example.com", "N1", "Sx"));  // TS-0003 10.6: no case
  BOOST_TEST(!IsAllowed(rule, "12-ae1@maf.example.com", "Rapp7", "C12"));
  BOOST_TEST(!IsAllowed(rule, "11-ae1@other.example", "Rapp7", "C12"));
  BOOST_TEST(!IsAllowed(rule, id, "Rother", "C12"));
  BOOST_TEST(!IsAllowed(rule, id, "", "C12"));
  BOOST_TEST(!IsAllowed(rule, id, "rapp7", "C12"));
  BOOST_TEST(!IsAllowed(rule, id, "Rapp7", "C2"));
  BOOST_TEST(!IsAllowed(rule, id, "Rapp7", "Sxy"));
  BOOST_TEST(!IsAllowed(rule, id, "Rapp7", "c12"));
  BOOST_TEST(!IsAllowed(rule, std::nullopt, "Rapp7", "C12"));
  BOOST_TEST(!IsAllowed(rule, "", "Rapp7", "C12"));
}

BOOST_AUTO_TEST_CASE(asking_for_a_stem) {
  const std::string id = "31-1.2.3";
  const ApplicationRule c = Rule(R"("apci": ["*"], "aai": ["*"], "aae": ["C1*"])");
  BOOST_TEST(IsAllowed(c, id, "R", ""));
  BOOST_TEST(IsAllowed(c, id, "R", "C"));
  BOOST_TEST(!IsAllowed(c, id, "R", "S"));
  const ApplicationRule any = Rule(R"("apci": ["*"], "aai": ["*"], "aae": ["*"])");
  BOOST_TEST(IsAllowed(any, id, "R", "C"));
  BOOST_TEST(IsAllowed(any, id, "R", "S"));
  BOOST_TEST(IsAllowed(any, "", "R", "S"));  // an entity that the MAF named without a credential
  const ApplicationRule none = Rule(R"("apci": ["*"], "aai": ["*"])");
  BOOST_TEST(!IsAllowed(none, id, "R", ""));
  BOOST_TEST(AllowStem({&c, 1}, id, "C12"));
  BOOST_TEST(!AllowStem({&c, 1}, id, "C2"));
  BOOST_TEST(!AllowStem({&c, 1}, id, "S1"));
  const ApplicationRule other = Rule(R"("apci": ["32-x"], "aai": ["*"], "aae": ["*"])");
  BOOST_TEST(!AllowStem({&other, 1}, id, "C12"));
}

BOOST_AUTO_TEST_CASE(without_an_association) {
  const ApplicationRule clear = Rule(R"("aai": ["N1"], "aae": ["C*"])");
  BOOST_TEST(IsAllowed(clear, std::nullopt, "N1", "C1"));
  BOOST_TEST(!IsAllowed(clear, std::nullopt, "N2", "C1"));
  BOOST_TEST(!IsAllowed(clear, "11-a@b.example", "N1", "C1"));
  const ApplicationRule secured = Rule(R"("apci": ["*"], "aai": ["N1"], "aae": ["C*"])");
  BOOST_TEST(!IsAllowed(secured, std::nullopt, "N1", "C1"));
  BOOST_TEST(IsAllowed(secured, "11-a@b.example", "N1", "C1"));
}

BOOST_AUTO_TEST_CASE(one_rule_must_allow_all_of_it) {
  const ApplicationRule rules[] = {Rule(R"("apci": ["*"], "aai": ["Ra"], "aae": ["C1"])"),
                                   Rule(R"("apci": ["*"], "aai": ["Rb"], "aae": ["C2"])")};
  BOOST_TEST(AllowRegistration(rules, {"x", "Ra", "C1"}));
  BOOST_TEST(AllowRegistration(rules, {"x", "Rb", "C2"}));
  BOOST_TEST(!AllowRegistration(rules, {"x", "Ra", "C2"}));
  BOOST_TEST(!AllowRegistration({}, {"x", "Ra", "C1"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
