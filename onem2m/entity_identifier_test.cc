// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/entity_identifier.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

const Fqdn kSp = *Fqdn::Parse("sp.example.com");
const CseId kCse = *CseId::ParseAbsolute("//sp.example.com/cse1");
const std::string kName64(64, 'n');
const std::string kName65(65, 'n');

BOOST_AUTO_TEST_SUITE(entity_identifier)

BOOST_AUTO_TEST_CASE(cse_ids) {
  const auto absolute = CseId::ParseAbsolute("//SP.example.com/Cse_1~.-");
  BOOST_TEST_REQUIRE(ErrorOf(absolute) == "");
  BOOST_TEST(absolute->Absolute() == "//sp.example.com/Cse_1~.-");
  BOOST_TEST(absolute->SpRelative() == "/Cse_1~.-");
  BOOST_TEST(absolute->name() == "Cse_1~.-");
  const auto relative = CseId::Parse("/cse1", kSp);
  BOOST_TEST_REQUIRE(ErrorOf(relative) == "");
  BOOST_TEST((*relative == kCse));
  BOOST_TEST((*CseId::Parse("//sp.example.com/cse1", *Fqdn::Parse("other.com")) == kCse));
  BOOST_TEST((*CseId::Parse("/CSE1", kSp) != kCse));
  BOOST_TEST(ErrorOf(CseId::Parse("/" + kName64, kSp)) == "");
}

BOOST_AUTO_TEST_CASE(cse_ids_refused) {
  const std::vector<Refusal> rows = {
      {"", Error::kEmpty},
      {"cse1", Error::kBadForm},
      {"/", Error::kEmpty},
      {"//", Error::kEmpty},
      {"///", Error::kEmpty},
      {"///cse1", Error::kEmpty},
      {"//sp.example.com", Error::kEmpty},
      {"//sp.example.com/", Error::kEmpty},
      {"//sp.example.com//cse1", Error::kBadForm},
      {"//sp.example.com/cse1/", Error::kBadForm},
      {"//sp.example.com/cse1/Cx", Error::kBadForm},
      {"/cse1/Cx", Error::kBadForm},
      {"/cse1/", Error::kBadForm},
      {"/.", Error::kBadForm},
      {"/..", Error::kBadForm},
      {"//sp.example.com/..", Error::kBadForm},
      {"//-sp/cse1", Error::kBadForm},
      {"//sp_/cse1", Error::kBadCharacter},
      {"/c se", Error::kBadCharacter},
      {"/c%41", Error::kBadCharacter},
      {"/c?x", Error::kBadCharacter},
      {"/c@x", Error::kBadCharacter},
      {std::string("/c\0", 3), Error::kBadCharacter},
      {std::string("//sp.example.com/c\0x", 20), Error::kBadCharacter},
      {"/\xC3\xA4", Error::kBadCharacter},
      {"/" + kName65, Error::kTooLong},
      {"//sp.example.com/" + kName65, Error::kTooLong},
      {"/" + std::string(10 * 1024, 'x'), Error::kTooLong},
      {"//" + std::string(10 * 1024, 'x'), Error::kTooLong},
  };
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(CseId::Parse(row.text, kSp)) == Text(row.error));
  }
  BOOST_TEST(ErrorOf(CseId::ParseAbsolute("/cse1")) == Text(Error::kBadForm));
  BOOST_TEST(ErrorOf(CseId::ParseAbsolute("")) == Text(Error::kEmpty));
}

BOOST_AUTO_TEST_CASE(ae_ids_in_every_form) {
  const struct {
    std::string text, absolute, sp_relative;
    bool by_cse;
  } rows[] = {
      {"Cae1", "//sp.example.com/cse1/Cae1", "/cse1/Cae1", true},
      {"/cse1/Cae1", "//sp.example.com/cse1/Cae1", "/cse1/Cae1", true},
      {"/cse2/Cae1", "//sp.example.com/cse2/Cae1", "/cse2/Cae1", true},
      {"//sp.example.com/cse1/Cae1", "//sp.example.com/cse1/Cae1", "/cse1/Cae1", true},
      {"//OTHER.com/cse1/Cae1", "//other.com/cse1/Cae1", "/cse1/Cae1", true},
      {"Sae1", "//sp.example.com/Sae1", "/Sae1", false},
      {"/Sae1", "//sp.example.com/Sae1", "/Sae1", false},
      {"//sp.example.com/Sae1", "//sp.example.com/Sae1", "/Sae1", false},
      {"C" + kName64.substr(1), "//sp.example.com/cse1/C" + kName64.substr(1),
       "/cse1/C" + kName64.substr(1), true},
  };
  for (const auto& row : rows) {
    BOOST_TEST_INFO(row.text);
    const auto ae = AeId::Parse(row.text, kCse);
    BOOST_TEST_REQUIRE(ErrorOf(ae) == "");
    BOOST_TEST(ae->Absolute() == row.absolute);
    BOOST_TEST(ae->SpRelative() == row.sp_relative);
    BOOST_TEST(ae->assigned_by_cse() == row.by_cse);
    BOOST_TEST((*AeId::ParseAbsolute(row.absolute) == *ae));
  }
  BOOST_TEST((*AeId::Parse("Cae1", kCse) != *AeId::Parse("CAE1", kCse)));
}

BOOST_AUTO_TEST_CASE(ae_ids_refused) {
  const std::vector<Refusal> rows = {
      {"", Error::kEmpty},
      {"C", Error::kBadForm},
      {"S", Error::kBadForm},
      {"x", Error::kBadForm},
      {"cae1", Error::kBadForm},
      {"sae1", Error::kBadForm},
      {"/", Error::kEmpty},
      {"//", Error::kEmpty},
      {"/Cae1", Error::kBadForm},
      {"/cse1", Error::kBadForm},
      {"/cse1/Sae1", Error::kBadForm},
      {"/cse1/C", Error::kBadForm},
      {"/cse1/", Error::kEmpty},
      {"/S", Error::kBadForm},
      {"//sp.example.com/Cae1", Error::kBadForm},
      {"//sp.example.com/cse1/Sae1", Error::kBadForm},
      {"//sp.example.com/cse1/Cae1/x", Error::kBadCharacter},
      {"/cse1/Cae1/x", Error::kBadCharacter},
      {"/../Cae1", Error::kBadForm},
      {"Cae1/", Error::kBadCharacter},
      {"Cae1/x", Error::kBadCharacter},
      {"C e", Error::kBadCharacter},
      {"C*", Error::kBadCharacter},
      {std::string("Cae1\0", 5), Error::kBadCharacter},
      {std::string("C\0", 2), Error::kBadCharacter},
      {"Ca\xFF", Error::kBadCharacter},
      {"C" + kName64, Error::kTooLong},
      {"S" + kName64, Error::kTooLong},
      {"/" + kName65 + "/Cx", Error::kTooLong},
      {"//sp.example.com/cse1/C" + kName64, Error::kTooLong},
      {"C" + std::string(10 * 1024, 'x'), Error::kTooLong},
      {"/" + std::string(10 * 1024, 'x'), Error::kTooLong},
      {"/cse1/" + std::string(10 * 1024, 'x'), Error::kTooLong},
  };
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(AeId::Parse(row.text, kCse)) == Text(row.error));
  }
  BOOST_TEST(ErrorOf(AeId::ParseAbsolute("Cae1")) == Text(Error::kBadForm));
  BOOST_TEST(ErrorOf(AeId::ParseAbsolute("/cse1/Cae1")) == Text(Error::kBadForm));
}

BOOST_AUTO_TEST_CASE(stems) {
  for (const char* good : {"Cx", "Sx", "C-._~9"}) BOOST_TEST(IsAeIdStem(good));
  for (const char* bad : {"", "C", "S", "x", "cx", "C/x", "C x", "/Sx"}) {
    BOOST_TEST(!IsAeIdStem(bad));
  }
  BOOST_TEST(IsAeIdStem("C" + std::string(63, 'x')));
  BOOST_TEST(!IsAeIdStem("C" + std::string(64, 'x')));
  BOOST_TEST(!IsAeIdStem(std::string("Cx\0", 3)));
}

BOOST_AUTO_TEST_CASE(originators) {
  using Form = OriginatorForm;
  const struct {
    std::string text;
    Form form;
    std::string sp, cse, stem;
  } rows[] = {
      {"", Form::kNone, "", "", ""},
      {"C", Form::kJustC, "", "", "C"},
      {"S", Form::kJustS, "", "", "S"},
      {"Cae1", Form::kCStem, "", "", "Cae1"},
      {"Sae1", Form::kSStem, "", "", "Sae1"},
      {"/cse1", Form::kSpRelative, "", "", "cse1"},
      {"/Sae1", Form::kSpRelative, "", "", "Sae1"},
      {"/Cx", Form::kSpRelative, "", "", "Cx"},
      {"/cse1/Cae1", Form::kSpRelativeCStem, "", "cse1", "Cae1"},
      {"//sp.example.com/cse1", Form::kAbsolute, "sp.example.com", "", "cse1"},
      {"//SP.example.com/Sae1", Form::kAbsolute, "SP.example.com", "", "Sae1"},
      {"//sp.example.com/cse1/Cae1", Form::kAbsoluteCStem, "sp.example.com", "cse1", "Cae1"},
      {"cae1", Form::kOther, "", "", ""},
      {"/cse1/Sae1", Form::kOther, "", "", ""},
      {"/cse1/C", Form::kOther, "", "", ""},
      {"/cse1/", Form::kOther, "", "", ""},
      {"/", Form::kOther, "", "", ""},
      {"//", Form::kOther, "", "", ""},
      {"//sp.example.com", Form::kOther, "", "", ""},
      {"//sp.example.com/", Form::kOther, "", "", ""},
      {"//sp_/cse1", Form::kOther, "", "", ""},
      {"//127.0.0.1/cse1", Form::kOther, "", "", ""},
      {"///cse1", Form::kOther, "", "", ""},
      {"/cse1/Cae1/x", Form::kOther, "", "", ""},
      {"/cse1//Cae1", Form::kOther, "", "", ""},
      {"/..", Form::kOther, "", "", ""},
      {"Cae1/x", Form::kOther, "", "", ""},
      {"C/", Form::kOther, "", "", ""},
      {"Cae 1", Form::kOther, "", "", ""},
      {std::string("Cae1\0", 5), Form::kOther, "", "", ""},
      {std::string("\0", 1), Form::kOther, "", "", ""},
      {std::string("C\0", 2), Form::kOther, "", "", ""},
      {"\xFF", Form::kOther, "", "", ""},
      {"C" + kName64, Form::kOther, "", "", ""},
      {"/" + kName65, Form::kOther, "", "", ""},
      {std::string(10 * 1024, '/'), Form::kOther, "", "", ""},
      {std::string(10 * 1024, 'C'), Form::kOther, "", "", ""},
  };
  for (const auto& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    const Originator originator = ParseOriginator(row.text);
    BOOST_TEST(static_cast<int>(originator.form) == static_cast<int>(row.form));
    BOOST_TEST(originator.sp == row.sp);
    BOOST_TEST(originator.cse == row.cse);
    BOOST_TEST(originator.stem == row.stem);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
