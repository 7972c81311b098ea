// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/log.h"

#include <boost/test/unit_test.hpp>

namespace saef::bindings {

BOOST_AUTO_TEST_SUITE(log)

BOOST_AUTO_TEST_CASE(printable_text_stands_in_quotes) {
  BOOST_TEST(Quote("C1@maf.example") == "\"C1@maf.example\"");
  BOOST_TEST(Quote("") == "\"\"");
}

BOOST_AUTO_TEST_CASE(nothing_breaks_the_line_or_the_quotes) {
  BOOST_TEST(Quote("a\nb\r\x1b[0m") == "\"a\\x0Ab\\x0D\\x1B[0m\"");
  BOOST_TEST(Quote("a\"b\\") == "\"a\\x22b\\x5C\"");
  BOOST_TEST(Quote(std::string_view("\0\x7f\xc3\xbc", 4)) == "\"\\x00\\x7F\\xC3\\xBC\"");
}

BOOST_AUTO_TEST_CASE(long_text_is_bounded_and_tells_its_length) {
  BOOST_TEST(Quote("abcdef", 6) == "\"abcdef\"");
  BOOST_TEST(Quote("abcdefg", 6) == "\"abcdef…\" (7 octets)");
  BOOST_TEST(Quote(std::string(100000, '\x01')).size() < 800u);
}

BOOST_AUTO_TEST_CASE(a_log_says_which_lines_are_for_it) {
  std::string lines;
  const auto take = [&lines](LogLevel, std::string_view text) { lines += text; };
  const Log log(take, LogLevel::kWarning);
  BOOST_TEST(log.Takes(LogLevel::kError));
  BOOST_TEST(log.Takes(LogLevel::kWarning));
  BOOST_TEST(!log.Takes(LogLevel::kInfo));
  log(LogLevel::kError, "a");
  BOOST_TEST(lines == "a");
  BOOST_TEST(Log(take).Takes(LogLevel::kDebug));
  BOOST_TEST(!Log().Takes(LogLevel::kError));
  BOOST_TEST(!static_cast<bool>(Log(nullptr)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
