// Dates and times as tables write them. Times are seconds since 1970 in UTC.
#pragma once

#include <optional>
#include <string_view>

namespace eddy {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kWeek = 7 * kDay;
constexpr double kYear = 365.25 * kDay;

// Each takes what it describes off the front of `text`, and gives nothing where that is not there.
std::optional<int> TakeDigits(std::string_view& text, size_t digits);  // so many decimal digits
bool Take(std::string_view& text, std::string_view any_of);            // one character
// `separators` empty for YYYYMMDD.
std::optional<double> TakeDate(std::string_view& text, std::string_view separators);

// The beginning of a day; nothing where there is no such day, and before the year 1000.
std::optional<double> Midnight(std::optional<int> year, std::optional<int> month, std::optional<int> day);

struct Stamp {
  double time = 0;  // UTC
  double zone = 0;  // seconds east of UTC
  bool seconds = false;
  bool zoned = false;
};

// YYYY-MM-DD, alone or with HH:MM, HH:MM:SS or HH:MM:SS.fff, and these with Z, +01:00 or +0100.
std::optional<Stamp> ParseDateTime(std::string_view text);

}  // namespace eddy
