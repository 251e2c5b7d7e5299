// Dates and times as tables write them. Times are seconds since 1970 in UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eddy {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kWeek = 7 * kDay;
constexpr double kYear = 365.25 * kDay;
constexpr double kMonday = -3 * kDay;  // a Monday: 1969-12-29

// Each takes what it describes off the front of `text`, and gives nothing where that is not there.
std::optional<int> TakeDigits(std::string_view& text, size_t digits);              // so many decimal digits
std::optional<int> TakeDigits(std::string_view& text, size_t least, size_t most);  // as many as there are
bool Take(std::string_view& text, std::string_view any_of);                        // one character

// The beginning of a day; nothing where there is no such day, and before the year 1000.
std::optional<double> Midnight(std::optional<int> year, std::optional<int> month, std::optional<int> day);

int Weekday(double day);  // of a day since 1970; 0 is Monday

// The Monday of a week by ISO 8601; nothing where the year has no such week.
std::optional<double> MondayOf(int year, int week);
struct YearAndWeek {
  int year = 0, week = 0;
};
YearAndWeek WeekOf(double day);  // of a day since 1970

// How a time of day is written.
struct Clock {
  bool seconds = false;
  bool twelve = false;  // with AM or PM
  bool upper = true;    // these in capitals
  bool blank = true;    // and after a blank
  bool padded = true;   // hours have two digits
};
// H:MM, H:MM:SS or H:MM:SS.fff, with AM or PM where wanted: seconds since midnight.
std::optional<double> TakeTimeOfDay(std::string_view& text, Clock& clock);
std::string FormatTimeOfDay(double seconds, const Clock& clock);

// Z, UTC, +01:00, +0100 or +01: seconds east of UTC.
std::optional<double> TakeZone(std::string_view& text);

struct Stamp {
  double time = 0;  // UTC
  double zone = 0;  // seconds east of UTC
  bool zoned = false;
};

}  // namespace eddy
