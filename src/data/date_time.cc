#include "data/date_time.h"

#include <chrono>

namespace eddy {

std::optional<int> TakeDigits(std::string_view& text, size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = 10 * value + (text[i] - '0');
  }
  text.remove_prefix(digits);
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

std::optional<double> TakeDate(std::string_view& text, std::string_view separators) {
  const std::optional<int> year = TakeDigits(text, 4);
  if (!separators.empty() && !Take(text, separators)) return std::nullopt;
  const std::optional<int> month = TakeDigits(text, 2);
  if (!separators.empty() && !Take(text, separators)) return std::nullopt;
  const std::optional<int> day = TakeDigits(text, 2);
  return Midnight(year, month, day);
}

namespace {

// HH:MM, HH:MM:SS or HH:MM:SS.fff: seconds since midnight.
std::optional<double> TakeTimeOfDay(std::string_view& text, bool& has_seconds) {
  const std::optional<int> hour = TakeDigits(text, 2);
  if (!hour || !Take(text, ":")) return std::nullopt;
  const std::optional<int> minute = TakeDigits(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  double time = kHour * *hour + kMinute * *minute;
  has_seconds = Take(text, ":");
  if (!has_seconds) return time;
  const std::optional<int> second = TakeDigits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  time += *second;
  if (Take(text, ".,")) {
    for (double unit = 0.1; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10, text.remove_prefix(1)) {
      time += unit * (text[0] - '0');
    }
  }
  return time;
}

// Z, +01:00 or +0100: seconds east of UTC.
std::optional<double> TakeZone(std::string_view& text) {
  if (Take(text, "Z")) return 0;
  const double sign = text.starts_with('-') ? -1 : 1;
  if (!Take(text, "+-")) return std::nullopt;
  const std::optional<int> hours = TakeDigits(text, 2);
  Take(text, ":");
  const std::optional<int> minutes = TakeDigits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (kHour * *hours + kMinute * *minutes);
}

}  // namespace

std::optional<Stamp> ParseDateTime(std::string_view text) {
  Stamp stamp;
  const std::optional<double> date = TakeDate(text, "-/");
  if (!date) return std::nullopt;
  stamp.time = *date;
  if (text.empty()) return stamp;  // midnight, which some writers leave out
  if (!Take(text, "T ")) return std::nullopt;
  const std::optional<double> time = TakeTimeOfDay(text, stamp.seconds);
  if (!time) return std::nullopt;
  stamp.time += *time;
  stamp.zoned = !text.empty();
  if (stamp.zoned) {
    const std::optional<double> zone = TakeZone(text);
    if (!zone || !text.empty()) return std::nullopt;
    stamp.zone = *zone;
    stamp.time -= *zone;
  }
  return stamp;
}

}  // namespace eddy
