#include "data/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace eddy {
namespace {

constexpr double kTolerance = 1e-3;  // seconds

struct Month {
  double number = 0;  // since the year 0
  int day = 0, days = 0;
  double second = 0;
};

int DaysIn(double number) {
  const double year = std::floor(number / 12);
  const std::chrono::year_month_day_last last(
      std::chrono::year(static_cast<int>(year)),
      std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(number - 12 * year) + 1)));
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

Month MonthOf(double time) {
  const double day = std::clamp(std::floor(time / kDay), -1e7, 1e7);  // std::chrono ends beyond
  const std::chrono::year_month_day date(std::chrono::sys_days(std::chrono::days(static_cast<int>(day))));
  Month month;
  month.number = 12.0 * static_cast<int>(date.year()) + static_cast<unsigned>(date.month()) - 1;
  month.day = static_cast<int>(static_cast<unsigned>(date.day()));
  month.days = DaysIn(month.number);
  month.second = time - day * kDay;
  return month;
}

double DateIn(double number, int day) {
  const double year = std::floor(number / 12);
  const int month = static_cast<int>(number - 12 * year) + 1;
  return *Midnight(std::clamp(static_cast<int>(year), 1000, 30000), month, std::min(day, DaysIn(number)));
}

std::string ClockName(double second) { return FormatTimeOfDay(second, {}); }

// The open steps of one day as ranges of times of day.
std::string OpenOfDay(const Calendar& calendar, uint32_t day) {
  const auto per_day = static_cast<uint32_t>(std::llround(kDay / calendar.step));
  std::string text;
  const auto time = [&](uint32_t step) { return ClockName(calendar.phase + (step - day * per_day) * calendar.step); };
  const auto& open = calendar.open;
  for (size_t i = 0; i < open.size(); ++i) {
    if (open[i] / per_day != day) continue;
    size_t last = i;
    while (last + 1 < open.size() && open[last + 1] == open[last] + 1 && open[last + 1] / per_day == day) ++last;
    text += (text.empty() ? "" : " and ") + time(open[i]) + (last > i ? " to " + time(open[last]) : "");
    i = last;
  }
  return text;
}

std::string OpenOfWeek(const Calendar& calendar) {
  constexpr std::array<std::string_view, 7> kNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                      "Friday", "Saturday", "Sunday"};
  const bool hours = calendar.step < kDay;
  std::vector<std::string> days;
  for (uint32_t day = 0; day < 7; ++day) days.push_back(OpenOfDay(calendar, day));
  std::string text;
  for (size_t first = 0; first < 7; ++first) {
    if (days[first].empty()) continue;
    size_t last = first;
    while (last + 1 < 7 && days[last + 1] == days[first]) ++last;
    if (!text.empty()) text += ", ";
    text += kNames[first];
    if (last > first) text += fmt::format(" to {}", kNames[last]);
    if (hours) text += " " + days[first];
    first = last;
  }
  return text;
}

std::string OpenOfMonth(const std::vector<uint32_t>& days) {
  std::string text = "days ";
  for (size_t i = 0; i < days.size(); ++i) {
    if (i > 0) text += i + 1 == days.size() ? " and " : ", ";
    text += days[i] == 31 ? "the last" : fmt::format("{}", days[i]);
  }
  return text + " of the month";
}

std::string SecondsName(double step) {
  using Unit = std::pair<double, std::string_view>;
  for (const auto& [seconds, name] :
       {Unit(kWeek, "week"), Unit(kDay, "day"), Unit(kHour, "hour"), Unit(kMinute, "minute")}) {
    if (std::fmod(step, seconds) == 0) return Plural(step / seconds, name);
  }
  return Plural(step, "second");
}

}  // namespace

std::string Plural(double count, std::string_view unit) {
  return count == 1 ? std::string(unit) : fmt::format("{} {}s", count, unit);
}

std::string WithArticle(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return std::string(name);
  const bool vowel = std::string_view("aeiou").find(name[0]) != std::string_view::npos || name.starts_with("hour");
  return fmt::format("{} {}", vowel ? "an" : "a", name);
}

std::string DescribeSeconds(double seconds) {
  const double unit = seconds >= kDay ? kDay : seconds >= kHour ? kHour : seconds >= kMinute ? kMinute : 1;
  const double count = std::round(seconds / unit * 10) / 10;
  return fmt::format("{} {}{}", count,
                     unit == kDay      ? "day"
                     : unit == kHour   ? "hour"
                     : unit == kMinute ? "minute"
                                       : "second",
                     count == 1 ? "" : "s");
}

bool Calendar::in_utc() const { return unit == StepUnit::kNumber || (unit == StepUnit::kSeconds && step < kDay); }

double Calendar::CountUpTo(double time) const {
  const auto count = static_cast<double>(open.size());
  if (unit == StepUnit::kOpenInMonth) {
    const Month month = MonthOf(time);
    size_t before = 0;
    while (before < open.size()) {
      const int day = std::min(static_cast<int>(open[before]), month.days);
      if (day > month.day || (day == month.day && phase > month.second + kTolerance)) break;
      ++before;
    }
    return month.number * count + static_cast<double>(before);
  }
  const double since = time - kMonday - phase;
  const double week = std::floor((since + kTolerance) / kWeek);
  const auto step_of_week = static_cast<uint32_t>((since + kTolerance - week * kWeek) / step);
  const auto after = std::upper_bound(open.begin(), open.end(), step_of_week);
  return week * count + static_cast<double>(after - open.begin());
}

double Calendar::OpenTime(double number) const {
  const auto count = static_cast<double>(open.size());
  const double cycle = std::floor(number / count);
  const uint32_t place = open[static_cast<size_t>(number - cycle * count)];
  if (unit == StepUnit::kOpenInMonth) return DateIn(cycle, static_cast<int>(place)) + phase;
  return kMonday + cycle * kWeek + place * step + phase;
}

double Calendar::Advance(double time, size_t steps) const {
  if (steps == 0) return time;
  const double distance = static_cast<double>(steps) * step;
  switch (unit) {
    case StepUnit::kNumber:
    case StepUnit::kSeconds:
      return time + distance;
    case StepUnit::kMonths: {
      const Month month = MonthOf(time);
      return DateIn(month.number + distance, anchor_day) + month.second;
    }
    case StepUnit::kOpenInWeek:
    case StepUnit::kOpenInMonth:
      break;
  }
  return OpenTime(CountUpTo(time) + static_cast<double>(steps) - 1);
}

double Calendar::Steps(double first, double second) const {
  if (unit == StepUnit::kMonths) return (MonthOf(second).number - MonthOf(first).number) / step;
  return has_closed() ? CountUpTo(second) - CountUpTo(first) : (second - first) / step;
}

std::optional<size_t> Calendar::StepsBetween(double first, double second) const {
  const double steps = Steps(first, second);
  const double whole = std::round(steps);
  if (whole < 0 || whole > 1e9 || std::abs(steps - whole) > 1e-6) return std::nullopt;
  const auto count = static_cast<size_t>(whole);
  const double tolerance = std::max(1e-6 * step, 1e-15 * std::abs(second));
  if (std::abs(Advance(first, count) - second) > tolerance) return std::nullopt;
  return count;
}

size_t Calendar::NearestSteps(double first, double second) const {
  double steps = Steps(first, second);
  if (has_closed() && !StepsBetween(first, second)) ++steps;  // the closed time itself
  return static_cast<size_t>(std::clamp(std::round(steps), 1.0, 1e9));
}

std::string Calendar::StepName() const {
  switch (unit) {
    case StepUnit::kNumber:
      return Plural(step, "step");
    case StepUnit::kMonths:
      if (std::fmod(step, 12) == 0) return Plural(step / 12, "year");
      return step == 3 ? "quarter" : Plural(step, "month");
    case StepUnit::kOpenInWeek:
      if (step < kDay) return "open " + SecondsName(step);
      return open == std::vector<uint32_t>{0, 1, 2, 3, 4} ? "weekday" : "open day";
    case StepUnit::kOpenInMonth:
      return open.size() == 2 ? "half month" : fmt::format("{}th of a month", open.size());
    case StepUnit::kSeconds:
      break;
  }
  return SecondsName(step);
}

std::string Calendar::DescribeOpen() const {
  if (!has_closed()) return "";
  return unit == StepUnit::kOpenInMonth ? OpenOfMonth(open) : OpenOfWeek(*this);
}

}  // namespace eddy
