// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"

namespace saef::bindings {
namespace {

struct KeyFolder : onem2m::TestFolder {
  std::string WriteKey(const std::string& text, mode_t mode = 0600) const {
    return Write("test.key", text, mode);
  }
};

const std::string kDigits(64, 'a');

std::string KeyErrorOf(const std::string& path) {
  const auto result = ReadKeyFile(path);
  const auto* error = std::get_if<std::string>(&result);
  BOOST_REQUIRE(error != nullptr);
  return *error;
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(key_file)

BOOST_FIXTURE_TEST_CASE(reads_a_key, KeyFolder) {
  for (const std::string& text : {kDigits, kDigits + "\n", "  " + kDigits + " \r\n"}) {
    const auto result = ReadKeyFile(WriteKey(text));
    BOOST_REQUIRE(std::holds_alternative<onem2m::Secret>(result));
    BOOST_TEST(std::get<onem2m::Secret>(result).ToHex().size() == 64u);
    BOOST_TEST(std::get<onem2m::Secret>(result).data()[31] == 0xaa);
  }
  BOOST_TEST(std::holds_alternative<onem2m::Secret>(ReadKeyFile(WriteKey(kDigits, 0400))));
}

BOOST_FIXTURE_TEST_CASE(refuses_what_others_may_read_or_write, KeyFolder) {
  for (const mode_t mode : {0640, 0604, 0660, 0644, 0620, 0602, 0610, 0601}) {
    const std::string file = WriteKey(kDigits, mode);
    BOOST_TEST(Contains(KeyErrorOf(file), "chmod 600 \"" + file + "\""));
  }
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_no_key, KeyFolder) {
  BOOST_TEST(Contains(KeyErrorOf(WriteKey("")), "holds no key"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey("\n \n")), "holds no key"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey(kDigits + "a")), "holds no key"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey(kDigits.substr(1) + "x")), "holds no key"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey(kDigits + " " + kDigits)), "holds no key"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey(std::string(30, 'a'))), "15 octets"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey(std::string(130, 'a'))), "65 octets"));
  BOOST_TEST(Contains(KeyErrorOf(WriteKey(std::string(1025, 'a'))), "larger"));
  BOOST_TEST(!Contains(KeyErrorOf(WriteKey(kDigits + "g")), kDigits));
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_no_file, KeyFolder) {
  BOOST_TEST(Contains(KeyErrorOf(Path("absent")), "can't be opened"));
  BOOST_TEST(Contains(KeyErrorOf(path().string()), "isn't a regular file"));
  const auto fifo = path() / "fifo";
  BOOST_REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(Contains(KeyErrorOf(fifo.string()), "isn't a regular file"));
  BOOST_TEST(Contains(KeyErrorOf(std::string("a\0b", 3)), "no file name"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bindings
