// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of TS-0004 7.3.2.1 and what this plugin adds to it, row by row, at the CSE
// //sp.example.com/cse1. Its registrees: the AEs Creg and Sreg, the CSEs /cse2, /cse3, /Scse and
// //other.example/cse9.
#include "plugin/originator_check.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

namespace saef::plugin {
namespace {

using onem2m::AeId;
using onem2m::CseId;

const CseId& Own() {
  static const CseId own = CseId::ParseAbsolute("//sp.example.com/cse1").value();
  return own;
}

class Registrees : public OriginatorQuestions {
 public:
  bool IsRegisteredAe(std::string_view stem) override {
    return stem == "Creg" || stem == "Sreg" || stem == "Csecured";
  }
  bool IsRegistreeCse(std::string_view id) override {
    return id == "/cse2" || id == "/cse3" || id == "/Scse" || id == "//other.example/cse9";
  }
  bool IsSecured(const AeId& ae) override {
    return ae.Absolute() == "//sp.example.com/cse1/Csecured" ||
           ae.Absolute() == "//sp.example.com/Ssecured";
  }
  bool IsAssignedToAnother(const AeId& ae) override {
    return ae.Absolute() == "//sp.example.com/cse1/Ctaken";
  }
};

enum What { kOther, kRegister };

struct Row {
  const char* from;
  What what;
  int expected;
};

void Check(const Speaker& speaker, const std::vector<Row>& rows, bool always = false) {
  Registrees registrees;
  for (const Row& row : rows) {
    const OriginatorRequest request{row.what == kRegister, row.from};
    const OriginatorVerdict verdict = CheckOriginator(Own(), always, speaker, request, registrees);
    BOOST_TEST_CONTEXT("From \"" << row.from << "\"" << (row.what ? ", CREATE <AE>" : "") << ": "
                                 << verdict.reason) {
      BOOST_TEST(Number(verdict.status) == row.expected);
      BOOST_TEST(verdict.reason.empty() == (row.expected == 2000));
    }
  }
}

void CheckAe(const char* ae_id, const std::vector<Row>& rows) {
  const AeId ae = AeId::ParseAbsolute(ae_id).value();
  Check({Speaker::Kind::kAe, {&ae, 1}, nullptr}, rows);
}

BOOST_AUTO_TEST_SUITE(originator_check)

BOOST_AUTO_TEST_CASE(ae_with_c_type_id) {
  CheckAe("//sp.example.com/cse1/Cae1", {
                                            {"Cae1", kOther, 2000},
                                            {"Cae1", kRegister, 2000},
                                            // Nobody yet, at registration only.
                                            {"", kRegister, 2000},
                                            {"C", kRegister, 2000},
                                            {"S", kRegister, 4106},
                                            {"", kOther, 4000},
                                            {"C", kOther, 4000},
                                            {"S", kOther, 4000},
                                            // Somebody else.
                                            {"Creg", kOther, 4106},
                                            {"Creg", kRegister, 4106},
                                            {"Cae", kOther, 4106},
                                            {"Cae12", kOther, 4106},
                                            {"cae1", kOther, 4000},
                                            {"CAE1", kOther, 4106},
                                            {"Sae1", kOther, 4106},
                                            {"Sae1", kRegister, 4106},
                                            // Other forms, even of its own identity.
                                            {"/cse1/Cae1", kOther, 4000},
                                            {"/cse1/Cae1", kRegister, 4000},
                                            {"//sp.example.com/cse1/Cae1", kOther, 4000},
                                            {"/cse1", kOther, 4000},
                                            {"/cse2", kOther, 4000},
                                            {"//sp.example.com/cse2", kOther, 4000},
                                            {"/Sae1", kOther, 4000},
                                            {"Cae1 ", kOther, 4000},
                                            {"Cae1/x", kOther, 4000},
                                            {"\xff", kOther, 4000},
                                            {"\xff", kRegister, 4000},
                                        });
}

BOOST_AUTO_TEST_CASE(ae_with_s_type_id) {
  CheckAe("//sp.example.com/Sae1", {
                                       {"Sae1", kOther, 2000},
                                       {"Sae1", kRegister, 2000},
                                       {"", kRegister, 2000},
                                       {"S", kRegister, 2000},
                                       {"C", kRegister, 4106},
                                       {"Sreg", kOther, 4106},
                                       {"Cae1", kOther, 4106},
                                       {"/Sae1", kOther, 4000},
                                   });
}

BOOST_AUTO_TEST_CASE(ae_of_somewhere_else) {
  // Completed with our own identifier, no stem is theirs; nor may they ask for an identity here.
  for (const char* ae :
       {"//sp.example.com/cse2/Cae1", "//other.example/cse1/Cae1", "//other.example/Sae1"}) {
    CheckAe(ae, {
                    {"Cae1", kOther, 4106},
                    {"Cae1", kRegister, 4106},
                    {"Sae1", kOther, 4106},
                    {"", kRegister, 4106},
                    {"C", kRegister, 4106},
                    {"S", kRegister, 4106},
                });
  }
}

BOOST_AUTO_TEST_CASE(cse) {
  const CseId cse = CseId::ParseAbsolute("//sp.example.com/cse2").value();
  Check({Speaker::Kind::kCse, {}, &cse},
        {
            {"/cse2", kOther, 2000},
            {"//sp.example.com/cse2", kOther, 2000},
            {"//SP.Example.com/cse2", kOther, 2000},
            // Its own AEs, and those that it transits for.
            {"/cse2/Cx", kOther, 2000},
            {"//sp.example.com/cse2/Cx", kOther, 2000},
            {"/cse7/Cx", kOther, 2000},
            {"//far.example/cse3/Cx", kOther, 2000},
            {"/Sx", kOther, 2000},
            {"Sx", kOther, 2000},
            {"//far.example/Sx", kOther, 2000},
            {"/cse7", kOther, 2000},
            {"//other.example/cse2", kOther, 2000},
            // Another registree.
            {"/cse3", kOther, 4106},
            {"//sp.example.com/cse3", kOther, 4106},
            {"//SP.example.com/cse3", kOther, 4106},
            {"//other.example/cse9", kOther, 4106},
            {"//OTHER.example/cse9", kOther, 4106},
            {"/Scse", kOther, 4106},
            {"/cse3/Cx", kOther, 4106},
            {"//SP.example.com/cse3/Cx", kOther, 4106},
            {"//other.example/cse9/Cx", kOther, 4106},
            // A CSE-relative C-stem.
            {"Cx", kOther, 4106},
            {"Creg", kOther, 4106},
            // Us.
            {"/cse1", kOther, 4106},
            {"//sp.example.com/cse1", kOther, 4106},
            {"//SP.example.com/cse1", kOther, 4106},
            // An AE of ours, as a group of that CSE fans its request out to us.
            {"/cse1/Creg", kOther, 2000},
            // Nobody.
            {"", kOther, 4000},
            {"C", kOther, 4000},
            {"S", kOther, 4000},
            {"//", kOther, 4000},
            {"/cse2/Sx", kOther, 4000},
            {"/cse2/Cx/y", kOther, 4000},
            {"//sp_x/cse3", kOther, 4000},
            // AEs register for themselves.
            {"", kRegister, 4106},
            {"C", kRegister, 4106},
            {"Sx", kRegister, 4106},
            {"/cse2", kRegister, 4106},
        });
}

BOOST_AUTO_TEST_CASE(unresolved) {
  Check({Speaker::Kind::kUnresolved, {}, nullptr}, {
                                                       {"", kRegister, 2000},
                                                       {"C", kRegister, 2000},
                                                       {"S", kRegister, 2000},
                                                       {"Cnew", kRegister, 2000},
                                                       {"Snew", kRegister, 2000},
                                                       {"Ctaken", kRegister, 4106},
                                                       {"/cse1/Cnew", kRegister, 4000},
                                                       {"/cse2", kRegister, 4000},
                                                       {"?", kRegister, 4000},
                                                       {"Cnew", kOther, 4106},
                                                       {"Creg", kOther, 4106},
                                                       {"/cse2", kOther, 4106},
                                                       {"/cse1/Creg", kOther, 4106},
                                                       {"", kOther, 4000},
                                                       {"C", kOther, 4000},
                                                       {"?", kOther, 4000},
                                                   });
}

BOOST_AUTO_TEST_CASE(in_the_clear) {
  Check({}, {
                // Registration.
                {"", kRegister, 2000},
                {"C", kRegister, 2000},
                {"S", kRegister, 2000},
                {"Cnew", kRegister, 2000},
                {"Snew", kRegister, 2000},
                {"Csecured", kRegister, 4107},
                {"Ssecured", kRegister, 4107},
                // AEs.
                {"Creg", kOther, 2000},
                {"Sreg", kOther, 2000},
                {"/cse1/Creg", kOther, 2000},
                {"//sp.example.com/cse1/Creg", kOther, 2000},
                {"//SP.example.com/cse1/Creg", kOther, 2000},
                {"/Sreg", kOther, 2000},
                {"//sp.example.com/Sreg", kOther, 2000},
                {"Cnew", kOther, 4106},
                {"Snew", kOther, 4106},
                {"creg", kOther, 4000},
                {"/cse2/Creg", kOther, 4106},
                {"//other.example/cse1/Creg", kOther, 4106},
                // AEs that have an association.
                {"Csecured", kOther, 4107},
                {"/cse1/Csecured", kOther, 4107},
                {"//SP.example.com/cse1/Csecured", kOther, 4107},
                // CSEs, and what may be one.
                {"/cse2", kOther, 4107},
                {"//sp.example.com/cse2", kOther, 4107},
                {"/cse1", kOther, 4107},
                {"/unknown", kOther, 4107},
                {"/Scse", kOther, 4107},
                {"//other.example/Sreg", kOther, 4107},
                {"/cse2", kRegister, 4107},
                // Nobody.
                {"", kOther, 4000},
                {"C", kOther, 4000},
                {"S", kOther, 4000},
                {"?", kOther, 4000},
                {"?", kRegister, 4000},
                {"//", kOther, 4000},
            });
}

BOOST_AUTO_TEST_CASE(always) {
  Check({},
        {
            {"", kRegister, 4107},
            {"Cnew", kRegister, 4107},
            {"Creg", kOther, 4107},
            {"/cse2", kOther, 4107},
            {"", kOther, 4107},
            {"?", kOther, 4107},
        },
        true);
  const AeId ae = AeId::ParseAbsolute("//sp.example.com/cse1/Cae1").value();
  Check({Speaker::Kind::kAe, {&ae, 1}, nullptr}, {{"Cae1", kOther, 2000}, {"Creg", kOther, 4106}},
        true);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
