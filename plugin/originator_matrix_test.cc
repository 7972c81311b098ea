// SPDX-License-Identifier: GPL-3.0-or-later
//
// The originator check (TS-0003 7.2.1, TS-0004 7.3.2.1) with every kind of association, every form
// of From and both kinds of request, through the associations themselves. What is expected is
// written down by hand from the clause's sentences; where we are stricter than it,
// originator_check.h says so and why.
//
// The CSE is //sp.example.com/cse1. Its registrees are the AEs Cae1 and Sae1, which have spoken
// through associations, Creg and Sreg, which haven't, and the CSEs /cse2, /cse3,
// //other.example/cse2 and //other.example/cse9.
#include <array>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "plugin/admission.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

// The associations, in the order of the columns:
//   AE with a C-type AE-ID (Cae1), AE with an S-type one (Sae1), AE with a list of both, AE of
//   another CSE (//sp.example.com/cse2/Cfar) | CSE of the own service provider (/cse2), of another
//   one (//other.example/cse9) | only a Credential-ID | no association, one that has ended
constexpr std::size_t kColumns = 9;
const std::array<const char*, kColumns> kColumnNames = {"AE C",         "AE S", "AE list",
                                                        "AE elsewhere", "CSE",  "CSE elsewhere",
                                                        "unresolved",   "none", "ended"};

struct MatrixRow {
  const char* from;
  const char* other;      // any request but CREATE <AE>
  const char* registers;  // CREATE <AE>
};

// ok 2000   00 4000 BAD_REQUEST   06 4106 ORIGINATOR_NOT_AUTHENTICATED
// 07 4107 SECURITY_ASSOCIATION_REQUIRED
// clang-format off
const MatrixRow kMatrix[] = {
    {"",                           "00 00 00 00  00 00  00  00 00",   "ok ok ok 06  06 06  ok  ok ok"},
    {"C",                          "00 00 00 00  00 00  00  00 00",   "ok 06 ok 06  06 06  ok  ok ok"},
    {"S",                          "00 00 00 00  00 00  00  00 00",   "06 ok ok 06  06 06  ok  ok ok"},
    {"Cae1",                       "ok 06 ok 06  06 06  06  07 07",   "ok 06 ok 06  06 06  06  07 07"},
    {"Sae1",                       "06 ok ok 06  ok ok  06  07 07",   "06 ok ok 06  06 06  06  07 07"},
    {"Creg",                       "06 06 06 06  06 06  06  ok ok",   "06 06 06 06  06 06  ok  ok ok"},
    {"Sreg",                       "06 06 06 06  ok ok  06  ok ok",   "06 06 06 06  06 06  ok  ok ok"},
    {"Cnew",                       "06 06 06 06  06 06  06  06 06",   "06 06 06 06  06 06  ok  ok ok"},
    {"Snew",                       "06 06 06 06  ok ok  06  06 06",   "06 06 06 06  06 06  ok  ok ok"},
    {"Cfar",                       "06 06 06 06  06 06  06  06 06",   "06 06 06 06  06 06  ok  ok ok"},
    {"/cse1/Cae1",                 "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  00 00"},
    {"/cse1/Creg",                 "00 00 00 00  ok ok  06  ok ok",   "00 00 00 00  06 06  00  00 00"},
    {"/cse1/Cnew",                 "00 00 00 00  ok ok  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//sp.example.com/cse1/Cae1", "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  00 00"},
    {"//sp.example.com/cse1/Creg", "00 00 00 00  ok ok  06  ok ok",   "00 00 00 00  06 06  00  00 00"},
    {"//SP.example.com/cse1/Creg", "00 00 00 00  ok ok  06  ok ok",   "00 00 00 00  06 06  00  00 00"},
    {"/Sae1",                      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  00 00"},
    {"/Sreg",                      "00 00 00 00  ok ok  06  ok ok",   "00 00 00 00  06 06  00  00 00"},
    {"/Snew",                      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"/Creg",                      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//sp.example.com/Sae1",      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  00 00"},
    {"//sp.example.com/Sreg",      "00 00 00 00  ok ok  06  ok ok",   "00 00 00 00  06 06  00  00 00"},
    {"//sp.example.com/Snew",      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//sp.example.com/Creg",      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"/cse2/Cfar",                 "00 00 00 00  ok 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//sp.example.com/cse2/Cfar", "00 00 00 00  ok 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//SP.example.com/cse2/Cfar", "00 00 00 00  ok 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"/cse3/Cx",                   "00 00 00 00  06 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//sp.example.com/cse3/Cx",   "00 00 00 00  06 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//SP.example.com/cse3/Cx",   "00 00 00 00  06 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"/cse7/Cx",                   "00 00 00 00  ok ok  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//far.example/cse3/Cx",      "00 00 00 00  ok ok  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//other.example/cse9/Cx",    "00 00 00 00  06 ok  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"/cse1",                      "00 00 00 00  06 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//sp.example.com/cse1",      "00 00 00 00  06 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"/cse2",                      "00 00 00 00  ok 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//sp.example.com/cse2",      "00 00 00 00  ok 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//SP.example.com/cse2",      "00 00 00 00  ok 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"/cse3",                      "00 00 00 00  06 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//sp.example.com/cse3",      "00 00 00 00  06 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"/cse7",                      "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//far.example/cse7",         "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//other.example/cse9",       "00 00 00 00  06 ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//other.example/Sx",         "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//other.example/Sreg",       "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"/cse2/Creg",                  "00 00 00 00  ok 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//other.example/cse1/Creg",   "00 00 00 00  ok ok  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//other.example/cse2/Cx",     "00 00 00 00  06 06  06  06 06",   "00 00 00 00  06 06  00  00 00"},
    {"//other.example/cse1",        "00 00 00 00  ok ok  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"//other.example/cse2",        "00 00 00 00  06 06  06  07 07",   "00 00 00 00  06 06  00  07 07"},
    {"?",                          "00 00 00 00  00 00  00  00 00",   "00 00 00 00  06 06  00  00 00"},
    {"cae1",                       "00 00 00 00  00 00  00  00 00",   "00 00 00 00  06 06  00  00 00"},
    {"Cae1/x",                     "00 00 00 00  00 00  00  00 00",   "00 00 00 00  06 06  00  00 00"},
    {"/cse2/Sx",                   "00 00 00 00  00 00  00  00 00",   "00 00 00 00  06 06  00  00 00"},
    {"//",                         "00 00 00 00  00 00  00  00 00",   "00 00 00 00  06 06  00  00 00"},
    {"//sp_x/cse2",                "00 00 00 00  00 00  00  00 00",   "00 00 00 00  06 06  00  00 00"},
};
// clang-format on

int StatusOf(const std::string& cell) {
  if (cell == "ok") return 2000;
  if (cell == "00") return 4000;
  return cell == "06" ? 4106 : cell == "07" ? 4107 : 0;
}

Source::Entity Ae(const char* id) { return onem2m::AeId::ParseAbsolute(id).value(); }
Source::Entity Cse(const char* id) { return onem2m::CseId::ParseAbsolute(id).value(); }

struct Matrix {
  explicit Matrix(Require require = Require::kStandard) {
    configuration.require = require;
    table.size = sizeof(table);
    table.is_registered_ae = [](void*, const char* id, std::size_t length) -> std::int32_t {
      static const std::set<std::string> kRegistered = {"Cae1", "Sae1", "Creg", "Sreg"};
      return kRegistered.contains(std::string(id, length)) ? SAEF_YES : SAEF_NO;
    };
    table.is_registree_cse = [](void*, const char* id, std::size_t length) -> std::int32_t {
      static const std::set<std::string> kRegistrees = {"/cse2", "/cse3", "//other.example/cse2",
                                                        "//other.example/cse9"};
      return kRegistrees.contains(std::string(id, length)) ? SAEF_YES : SAEF_NO;
    };
    host.emplace(&table);
    admission.emplace(Admission::Surroundings{configuration, identities, *host, statistics, worker,
                                              [](bindings::LogLevel, std::string_view) {},
                                              nullptr});
    const Source::AeList list = {std::get<onem2m::AeId>(Ae("//sp.example.com/cse1/Cae1")),
                                 std::get<onem2m::AeId>(Ae("//sp.example.com/Sae1"))};
    columns = {Open(Ae("//sp.example.com/cse1/Cae1")),
               Open(Ae("//sp.example.com/Sae1")),
               Open(list),
               Open(Ae("//sp.example.com/cse2/Cfar")),
               Open(Cse("//sp.example.com/cse2")),
               Open(Cse("//other.example/cse9")),
               Open({}),
               SAEF_NO_ASSOCIATION,
               Open(Ae("//sp.example.com/cse1/Cae1"), Clock::now() - std::chrono::seconds(1))};
  }

  saef_association Open(Source::Entity entity, TimePoint expires = kNever) {
    auto source = std::make_shared<Source>();
    source->entity = std::move(entity);
    source->credential_id = "11-a@maf.example.com";
    saef_association association = SAEF_NO_ASSOCIATION;
    BOOST_REQUIRE(admission->Open("name", KeyFacts{std::move(source), expires}, &association) ==
                  SAEF_DONE);
    return association;
  }

  // Returns how many cells were looked at.
  std::size_t Check(const char* from, const char* cells, bool registers_ae) {
    std::istringstream in(cells);
    std::string cell;
    std::size_t column = 0;
    for (; in >> cell; ++column) {
      BOOST_REQUIRE(column < kColumns);
      const int expected = StatusOf(cell);
      BOOST_REQUIRE(expected != 0);
      const int status = admission->Check(columns[column], {registers_ae, from, {}});
      BOOST_TEST(status == expected, "From \"" << from << "\", " << kColumnNames[column]
                                               << (registers_ae ? ", CREATE <AE>: " : ": ")
                                               << status << " and not " << expected);
    }
    return column;
  }

  Configuration configuration{onem2m::CseId::ParseAbsolute("//sp.example.com/cse1").value(), {}};
  const Identities identities{{}, kStart, onem2m::Time{}};
  saef_host table{};
  std::optional<Host> host;
  Statistics statistics;
  Worker worker;
  std::optional<Admission> admission;
  std::array<saef_association, kColumns> columns{};
};

BOOST_AUTO_TEST_SUITE(originator_matrix)

BOOST_FIXTURE_TEST_CASE(every_combination, Matrix) {
  std::set<std::string> forms;
  for (const MatrixRow& row : kMatrix) {
    BOOST_TEST(Check(row.from, row.other, false) == kColumns);
    BOOST_TEST(Check(row.from, row.registers, true) == kColumns);
    BOOST_TEST(forms.insert(row.from).second, row.from << " stands there twice");
  }
}

// Each form that the parser tells apart has a row.
BOOST_AUTO_TEST_CASE(no_form_is_left_out) {
  std::set<onem2m::OriginatorForm> forms;
  for (const MatrixRow& row : kMatrix) forms.insert(onem2m::ParseOriginator(row.from).form);
  using enum onem2m::OriginatorForm;
  for (const auto form : {kNone, kJustC, kJustS, kCStem, kSStem, kSpRelativeCStem, kSpRelative,
                          kAbsoluteCStem, kAbsolute, kOther}) {
    BOOST_TEST(forms.contains(form), "no row for form " << static_cast<int>(form));
  }
}

// "require": "always": whoever has no association needs one; through one it is as before.
BOOST_AUTO_TEST_CASE(always) {
  Matrix matrix(Require::kAlways);
  for (const MatrixRow& row : kMatrix) {
    for (const bool registers_ae : {false, true}) {
      std::string cells(registers_ae ? row.registers : row.other);
      cells.resize(cells.size() - std::string("ok ok").size());
      BOOST_TEST(matrix.Check(row.from, (cells + "07 07").c_str(), registers_ae) == kColumns);
    }
  }
}

// "require": "watch": everything passes, and what would not have is counted.
BOOST_AUTO_TEST_CASE(watch) {
  Matrix matrix(Require::kWatch);
  std::size_t refused = 0;
  for (const MatrixRow& row : kMatrix) {
    for (const bool registers_ae : {false, true}) {
      std::istringstream in(registers_ae ? row.registers : row.other);
      for (std::string cell; in >> cell;) refused += cell == "ok" ? 0 : 1;
      matrix.Check(row.from, "ok ok ok ok ok ok ok ok ok", registers_ae);
    }
  }
  BOOST_TEST(matrix.statistics.checks_refused.value() == refused);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
