// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/enrolment_state.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "onem2m/test_folder.h"

namespace saef::end_point {
namespace {

struct StateFolder : onem2m::TestFolder {
  std::string Content() const { return Read("x.state"); }
  // Why it can't be used; "" if it can.
  std::string Fault() const {
    const auto read = ReadEnrolmentState(file);
    const auto* const error = std::get_if<std::string>(&read);
    return error != nullptr ? *error : std::string();
  }

  const std::string file = Path("x.state");
};

EnrolmentState MakeState() {
  return {*onem2m::KeId::Parse("00AA@mef.example.com"),
          *onem2m::Secret::Copy(std::vector<std::uint8_t>(32, 9)),
          *onem2m::ParseTimestamp("20260101T000000"),
          *onem2m::ParseTimestamp("20260201T000000"),
          "kpmId e1@mef.example.com",
          onem2m::mef::MafInstructions{*onem2m::Fqdn::Parse("maf.example.com"),
                                       onem2m::mef::MafCredentialType::kSymmetricKey,
                                       "coaps://127.0.0.1:5684/kr",
                                       "coaps://127.0.0.1:5684/kr",
                                       "coaps://127.0.0.1:5684/km",
                                       {std::string("\1\2\3")}},
          *onem2m::KmId::Parse("E1@maf.example.com"),
          *onem2m::ParseTimestamp("20260131T000000")};
}

BOOST_AUTO_TEST_SUITE(enrolment_state)

BOOST_FIXTURE_TEST_CASE(what_is_written_is_read, StateFolder) {
  BOOST_TEST(!std::get<std::optional<EnrolmentState>>(ReadEnrolmentState(file)).has_value());
  for (const bool whole : {true, false}) {
    EnrolmentState state = MakeState();
    if (!whole) {
      state.km_id.reset();
      state.km_id_expires.reset();
    }
    BOOST_TEST(WriteEnrolmentState(file, state) == "");
    const auto read = ReadEnrolmentState(file);
    const auto* const found = std::get_if<std::optional<EnrolmentState>>(&read);
    BOOST_REQUIRE_MESSAGE(found != nullptr && found->has_value(), Fault());
    BOOST_TEST((*found)->ke_id.text() == "00AA@mef.example.com");
    BOOST_TEST((*found)->ke.Equals(state.ke.bytes()));
    BOOST_TEST(((*found)->enrolled == state.enrolled));
    BOOST_TEST(((*found)->expires == state.expires));
    BOOST_TEST((*found)->maf->km_id_retrieval.value() == "coaps://127.0.0.1:5684/km");
    BOOST_TEST((*found)->maf->trust_anchors.at(0) == "\1\2\3");
    BOOST_TEST((*found)->enrolled_as == state.enrolled_as);
    BOOST_TEST((*found)->km_id.has_value() == whole);
    BOOST_TEST(((*found)->end() == (whole ? *state.km_id_expires : state.expires)));
  }
  struct stat status {};
  BOOST_REQUIRE(stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  BOOST_TEST(!std::filesystem::exists(file + ".new"));
}

BOOST_FIXTURE_TEST_CASE(one_for_entity_b_has_no_instructions, StateFolder) {
  EnrolmentState state = MakeState();
  state.maf.reset();
  BOOST_TEST(WriteEnrolmentState(file, state) == "");
  BOOST_TEST(Fault().find("damaged") != std::string::npos, Fault());  // a KmId, and no MAF
  state.km_id.reset();
  state.km_id_expires.reset();
  BOOST_TEST(WriteEnrolmentState(file, state) == "");
  const auto read = ReadEnrolmentState(file);
  const auto* const found = std::get_if<std::optional<EnrolmentState>>(&read);
  BOOST_REQUIRE_MESSAGE(found != nullptr && found->has_value(), Fault());
  BOOST_TEST(!(*found)->maf.has_value());
  BOOST_TEST((*found)->ke.Equals(state.ke.bytes()));
}

BOOST_FIXTURE_TEST_CASE(what_others_can_read_is_refused, StateFolder) {
  BOOST_TEST(WriteEnrolmentState(file, MakeState()) == "");
  for (const mode_t mode : {0640, 0604, 0620}) {
    chmod(file.c_str(), mode);
    BOOST_TEST(Fault().find("other users") != std::string::npos, Fault());
  }
  // And is replaced by one that they can't.
  BOOST_TEST(WriteEnrolmentState(file, MakeState()) == "");
  BOOST_TEST(Fault() == "");
}

BOOST_FIXTURE_TEST_CASE(what_is_damaged_is_refused, StateFolder) {
  BOOST_TEST(WriteEnrolmentState(file, MakeState()) == "");
  const std::string whole = Content();
  const auto put = [&](const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
    BOOST_TEST((Fault().find("damaged") != std::string::npos ||
                Fault().find("too large") != std::string::npos),
               text.substr(0, 80));
  };
  for (const std::size_t length : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
    put(whole.substr(0, length));
  }
  for (const char* const member :
       {"version", "keId", "\"ke\"", "enrolled", "expirationTime", "instructions", "enrolledAs"}) {
    std::string text = whole;
    put(text.replace(text.find(member) + 1, 1, "_"));
  }
  put(std::string(300 * 1024, ' ').replace(0, 1, "{"));
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_cannot_be_written_is_told, StateFolder) {
  const std::string error = WriteEnrolmentState(Path("no/x.state"), MakeState());
  BOOST_TEST(error.find("can't be written") != std::string::npos, error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::end_point
