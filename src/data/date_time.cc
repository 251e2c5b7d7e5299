#include "data/date_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace eddy {

std::optional<int> TakeDigits(std::string_view& text, size_t digits) { return TakeDigits(text, digits, digits); }

std::optional<int> TakeDigits(std::string_view& text, size_t least, size_t most) {
  int value = 0;
  size_t i = 0;
  for (; i < most && i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) value = 10 * value + (text[i] - '0');
  if (i < least) return std::nullopt;
  text.remove_prefix(i);
  return value;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<double> Midnight(std::optional<int> year, std::optional<int> month, std::optional<int> day) {
  if (!year || !month || !day || *year < 1000) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return kDay * std::chrono::sys_days(date).time_since_epoch().count();
}

int Weekday(double day) { return static_cast<int>(std::fmod(std::fmod(day + 3, 7) + 7, 7)); }

std::optional<double> MondayOf(int year, int week) {
  const std::optional<double> fourth = Midnight(year, 1, 4);  // of January: always in the first week
  if (!fourth || week < 1) return std::nullopt;
  const double day = *fourth / kDay;
  const double monday = day - Weekday(day) + 7 * (week - 1);
  const YearAndWeek there = WeekOf(monday);
  return there.year == year && there.week == week ? std::optional(monday * kDay) : std::nullopt;
}

YearAndWeek WeekOf(double day) {
  const double thursday = day - Weekday(day) + 3;  // a week belongs to the year of its Thursday
  const std::chrono::sys_days days{std::chrono::days(static_cast<int>(thursday))};
  const std::chrono::year_month_day date(days);
  const auto into_year = (days - std::chrono::sys_days(date.year() / 1 / 1)).count();
  return {static_cast<int>(date.year()), static_cast<int>(into_year / 7) + 1};
}

std::optional<double> TakeTimeOfDay(std::string_view& text, Clock& clock) {
  clock.padded = text.size() >= 2 && text[1] != ':';
  std::optional<int> hour = TakeDigits(text, 1, 2);
  if (!hour || !Take(text, ":")) return std::nullopt;
  const std::optional<int> minute = TakeDigits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  double seconds = 0;
  clock.seconds = Take(text, ":");
  if (clock.seconds) {
    const std::optional<int> second = TakeDigits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    seconds = *second;
    if (Take(text, ".,")) {
      for (double unit = 0.1; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10, text.remove_prefix(1)) {
        seconds += unit * (text[0] - '0');
      }
    }
  }
  std::string_view rest = text;
  clock.blank = Take(rest, " ");
  const bool afternoon = rest.starts_with('P') || rest.starts_with('p');
  clock.upper = rest.starts_with('A') || rest.starts_with('P');
  clock.twelve = Take(rest, "AaPp") && (Take(rest, "."), true) && Take(rest, "Mm");
  if (clock.twelve) {
    Take(rest, ".");
    if (*hour < 1 || *hour > 12) return std::nullopt;
    hour = *hour % 12 + (afternoon ? 12 : 0);
    text = rest;
  }
  if (*hour > 23) return std::nullopt;
  return kHour * *hour + kMinute * *minute + seconds;
}

std::string FormatTimeOfDay(double seconds, const Clock& clock) {
  const auto milliseconds = static_cast<int64_t>(std::round(seconds * 1000));
  const int64_t second = std::clamp<int64_t>(milliseconds / 1000, 0, 86399);
  const int64_t hour = second / 3600;
  const int64_t shown = clock.twelve ? (hour + 11) % 12 + 1 : hour;
  std::string text = clock.padded ? fmt::format("{:02}", shown) : fmt::format("{}", shown);
  text += fmt::format(":{:02}", second / 60 % 60);
  if (clock.seconds) text += fmt::format(":{:02}", second % 60);
  if (clock.seconds && milliseconds % 1000 != 0) text += fmt::format(".{:03}", milliseconds % 1000);
  if (!clock.twelve) return text;
  if (clock.blank) text += ' ';
  return text + (clock.upper ? (hour < 12 ? "AM" : "PM") : (hour < 12 ? "am" : "pm"));
}

std::optional<double> TakeZone(std::string_view& text) {
  if (Take(text, "Zz")) return 0;
  if (text.starts_with("UTC") || text.starts_with("GMT")) {
    text.remove_prefix(3);
    return 0;
  }
  const double sign = text.starts_with('-') ? -1 : 1;
  if (!Take(text, "+-")) return std::nullopt;
  const std::optional<int> hours = TakeDigits(text, 2);
  if (!hours || *hours > 23) return std::nullopt;
  if (text.empty()) return sign * kHour * *hours;
  Take(text, ":");
  const std::optional<int> minutes = TakeDigits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (kHour * *hours + kMinute * *minutes);
}

}  // namespace eddy
