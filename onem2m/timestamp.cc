// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/timestamp.h"

#include <algorithm>
#include <cstddef>

#include "onem2m/ascii.h"

namespace saef::onem2m {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::size_t kLength = 15;  // YYYYMMDDThhmmss
constexpr std::size_t kMaxFraction = 6;

bool HasForm(std::string_view text) noexcept {
  if (text.size() < kLength || text[8] != 'T') return false;
  const auto digits = [](std::string_view part) {
    return std::ranges::all_of(part, ascii::IsDigit);
  };
  if (!digits(text.substr(0, 8)) || !digits(text.substr(9, 6))) return false;
  const std::string_view rest = text.substr(kLength);
  if (rest.empty()) return true;
  return rest.front() == ',' && rest.size() >= 2 && rest.size() <= 1 + kMaxFraction &&
         digits(rest.substr(1));
}

int Number(std::string_view text, std::size_t begin, std::size_t length) noexcept {
  int number = 0;
  for (const char c : text.substr(begin, length)) number = number * 10 + (c - '0');
  return number;
}

}  // namespace

Result<Time> ParseTimestamp(std::string_view text) {
  if (!HasForm(text)) return Error::kBadTime;
  const year_month_day date{std::chrono::year(Number(text, 0, 4)),
                            std::chrono::month(static_cast<unsigned>(Number(text, 4, 2))),
                            std::chrono::day(static_cast<unsigned>(Number(text, 6, 2)))};
  const int hour = Number(text, 9, 2);
  const int minute = Number(text, 11, 2);
  const int second = Number(text, 13, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return Error::kBadTime;
  return Time(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
}

std::string FormatTimestamp(Time time) {
  constexpr Time kFirst = sys_days(year_month_day{std::chrono::year(0) / 1 / 1});
  constexpr Time kLast =
      sys_days(year_month_day{std::chrono::year(9999) / 12 / 31}) + days(1) - seconds(1);
  time = std::clamp(time, kFirst, kLast);
  const sys_days day = std::chrono::floor<days>(time);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text(kLength, 'T');
  const auto put = [&text](std::size_t end, std::size_t digits, unsigned number) {
    for (std::size_t at = end; at > end - digits; number /= 10) {
      text[--at] = static_cast<char>('0' + number % 10);
    }
  };
  put(4, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put(6, 2, static_cast<unsigned>(date.month()));
  put(8, 2, static_cast<unsigned>(date.day()));
  put(11, 2, static_cast<unsigned>(clock.hours().count()));
  put(13, 2, static_cast<unsigned>(clock.minutes().count()));
  put(15, 2, static_cast<unsigned>(clock.seconds().count()));
  return text;
}

Time Now() { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }

}  // namespace saef::onem2m
