#include "data/time_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>

#include "data/csv.h"
#include "data/date_time.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

struct Civil {
  year_month_day date;
  double day_number = 0;  // since 1970
  double second = 0;      // of the day
};

Civil CivilOf(double time) {
  // Beyond these years std::chrono ends; a forecast that far is no date in any case.
  const double day = std::clamp(std::floor(time / kDay), -1e7, 1e7);
  const sys_days days{std::chrono::days(static_cast<int>(day))};
  return {year_month_day(days), day, time - day * kDay};
}

double MonthNumber(const year_month_day& date) {
  return 12.0 * static_cast<int>(date.year()) + static_cast<unsigned>(date.month()) - 1;
}

int DaysInMonth(double month_number) {
  const double year = std::floor(month_number / 12);
  const std::chrono::year_month_day_last last(
      std::chrono::year(static_cast<int>(year)),
      std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(month_number - 12 * year) + 1)));
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

double DateInMonth(double month_number, int day) {
  const double year = std::floor(month_number / 12);
  const int month = static_cast<int>(month_number - 12 * year) + 1;
  return *Midnight(std::clamp(static_cast<int>(year), 1000, 30000), month, std::min(day, DaysInMonth(month_number)));
}

int Weekday(double day_number) { return static_cast<int>(std::fmod(std::fmod(day_number + 3, 7) + 7, 7)); }  // 0 is Monday

// Weekdays from Monday 1969-12-29 up to the day.
double WeekdayNumber(double day_number) {
  const double week = std::floor((day_number + 3) / 7);
  return 5 * week + std::min(Weekday(day_number), 5);
}

// The most frequent, the smallest of equals; differences that agree to nine digits count as one.
double MostFrequent(std::vector<double> differences) {
  std::sort(differences.begin(), differences.end());
  double most = differences[0];
  size_t most_count = 0;
  for (size_t begin = 0, end = 0; begin < differences.size(); begin = end) {
    while (end < differences.size() && differences[end] <= differences[begin] * (1 + 1e-9)) ++end;
    if (end - begin <= most_count) continue;
    most_count = end - begin;
    most = differences[begin + most_count / 2];
  }
  return most;
}

// Calls visit(before, after) for each two times that follow each other.
template <class Visit>
void ForEachStep(std::span<const std::vector<double>> times, const Visit& visit) {
  for (const std::vector<double>& series : times) {
    for (size_t i = 1; i < series.size(); ++i) visit(series[i - 1], series[i]);
  }
}

// The day of the month on which all times fall (31 for its last), and at one time of day; 0 if there is none.
int CommonDayOfMonth(std::span<const std::vector<double>> times) {
  int day = 0;
  for (const std::vector<double>& series : times) {
    for (const double time : series) day = std::max(day, static_cast<int>(static_cast<unsigned>(CivilOf(time).date.day())));
  }
  bool common = true;
  ForEachStep(times, [&](double before, double after) {
    const Civil a = CivilOf(before);
    const Civil b = CivilOf(after);
    common = common && a.second == b.second && MonthNumber(a.date) < MonthNumber(b.date);
    for (const Civil& c : {a, b}) {
      common = common && DateInMonth(MonthNumber(c.date), day) == c.day_number * kDay;
    }
  });
  return common ? day : 0;
}

bool SkipsWeekends(std::span<const std::vector<double>> times) {
  bool workdays = true;
  bool skipped = false;
  ForEachStep(times, [&](double before, double after) {
    workdays = workdays && Weekday(CivilOf(before).day_number) < 5 && Weekday(CivilOf(after).day_number) < 5;
    skipped = skipped || after - before == 3 * kDay;
  });
  return workdays && skipped;
}

std::string Plural(double count, std::string_view unit) {
  return count == 1 ? std::string(unit) : fmt::format("{} {}s", count, unit);
}

}  // namespace

std::optional<double> TimeAxis::ParseAs(TimeFormat format, std::string_view cell) {
  std::string_view rest = cell;
  std::optional<double> time;
  switch (format) {
    case TimeFormat::kNumber:
      return ParseNumber(cell);
    case TimeFormat::kYear:
      time = Midnight(TakeDigits(rest, 4), 1, 1);
      break;
    case TimeFormat::kYearMonth: {
      const std::optional<int> year = TakeDigits(rest, 4);
      if (Take(rest, "-/")) time = Midnight(year, TakeDigits(rest, 2), 1);
      break;
    }
    case TimeFormat::kCompactDate:
      time = TakeDate(rest, "");
      break;
    case TimeFormat::kDate:
      time = TakeDate(rest, "-/");
      break;
    case TimeFormat::kDateTime: {
      const std::optional<Stamp> stamp = ParseDateTime(cell);
      return stamp ? std::optional(stamp->time) : std::nullopt;
    }
  }
  return rest.empty() ? time : std::nullopt;
}

TimeAxis TimeAxis::Detect(std::span<const std::string_view> cells, std::string_view column, std::string_view source,
                          std::span<const size_t> lines) {
  constexpr std::array kFormats = {TimeFormat::kYear, TimeFormat::kCompactDate, TimeFormat::kYearMonth,
                                   TimeFormat::kDate, TimeFormat::kDateTime,    TimeFormat::kNumber};
  TimeAxis axis;
  size_t furthest = 0;
  for (const TimeFormat format : kFormats) {
    size_t read = 0;
    while (read < cells.size() && ParseAs(format, cells[read])) ++read;
    furthest = std::max(furthest, read);
    if (read < cells.size()) continue;
    axis.format_ = format;
    axis.TakeLayout(cells);
    return axis;
  }
  Fail("read", fmt::format("{} line {} column {}", source, lines[furthest], Excerpt(column)),
       furthest == 0 ? "a date such as 2024-03-29, 2024-03-29 13:00, 20240329, 2024-03 or 2024, or a number"
                     : fmt::format("a time as in the rows before, such as {}", Excerpt(cells[0])),
       Excerpt(cells[furthest]));
}

void TimeAxis::TakeLayout(std::span<const std::string_view> cells) {
  if (format_ == TimeFormat::kYearMonth || format_ == TimeFormat::kDate || format_ == TimeFormat::kDateTime) {
    date_separator_ = cells[0][4];
  }
  if (format_ != TimeFormat::kDateTime) return;
  const auto with_time = std::find_if(cells.begin(), cells.end(), [](std::string_view cell) { return cell.size() > 10; });
  const Stamp stamp = *ParseDateTime(*with_time);
  time_separator_ = (*with_time)[10];
  seconds_ = stamp.seconds;
  zoned_ = stamp.zoned;
  zone_ = stamp.zone;
}

std::optional<double> TimeAxis::Parse(std::string_view cell) const { return ParseAs(format_, cell); }

std::string TimeAxis::Format(double time) const {
  if (format_ == TimeFormat::kNumber) return fmt::format("{}", time);
  const Civil civil = CivilOf(time + zone_);
  const int year = static_cast<int>(civil.date.year());
  const unsigned month = static_cast<unsigned>(civil.date.month());
  const unsigned day = static_cast<unsigned>(civil.date.day());
  if (format_ == TimeFormat::kYear) return fmt::format("{:04}", year);
  if (format_ == TimeFormat::kYearMonth) return fmt::format("{:04}{}{:02}", year, date_separator_, month);
  if (format_ == TimeFormat::kCompactDate) return fmt::format("{:04}{:02}{:02}", year, month, day);
  std::string text = fmt::format("{:04}{}{:02}{}{:02}", year, date_separator_, month, date_separator_, day);
  if (format_ == TimeFormat::kDate) return text;

  const auto milliseconds = static_cast<int64_t>(std::round(civil.second * 1000));
  const int64_t second = std::min<int64_t>(milliseconds / 1000, 86399);
  text += fmt::format("{}{:02}:{:02}", time_separator_, second / 3600, second / 60 % 60);
  if (seconds_) text += fmt::format(":{:02}", second % 60);
  if (seconds_ && milliseconds % 1000 != 0) text += fmt::format(".{:03}", milliseconds % 1000);
  if (!zoned_) return text;
  if (zone_ == 0) return text + 'Z';
  const int minutes = static_cast<int>(std::abs(zone_) / 60);
  return text + fmt::format("{}{:02}:{:02}", zone_ < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void TimeAxis::DetectStep(std::span<const std::vector<double>> times) {
  std::vector<double> differences;
  ForEachStep(times, [&](double before, double after) { differences.push_back(after - before); });

  const bool months_only = format_ == TimeFormat::kYear || format_ == TimeFormat::kYearMonth;
  if (format_ == TimeFormat::kNumber) {
    unit_ = StepUnit::kNumber;
    step_ = differences.empty() ? 1 : MostFrequent(differences);
  } else if (differences.empty()) {
    unit_ = months_only ? StepUnit::kMonths : StepUnit::kSeconds;
    step_ = format_ == TimeFormat::kYear ? 12 : months_only ? 1 : format_ == TimeFormat::kDateTime ? kHour : kDay;
  } else if (const int day = CommonDayOfMonth(times); day > 0) {
    unit_ = StepUnit::kMonths;
    anchor_day_ = day;
    differences.clear();
    ForEachStep(times, [&](double before, double after) {
      differences.push_back(MonthNumber(CivilOf(after).date) - MonthNumber(CivilOf(before).date));
    });
    step_ = MostFrequent(differences);
  } else {
    unit_ = StepUnit::kSeconds;
    step_ = MostFrequent(differences);
    if (step_ == kDay && SkipsWeekends(times)) {
      unit_ = StepUnit::kWeekdays;
      step_ = 1;
    }
  }
}

double TimeAxis::Advance(double time, size_t steps) const {
  const double distance = static_cast<double>(steps) * step_;
  if (unit_ == StepUnit::kNumber || unit_ == StepUnit::kSeconds) return time + distance;
  const Civil civil = CivilOf(time);
  if (unit_ == StepUnit::kMonths) return DateInMonth(MonthNumber(civil.date) + distance, anchor_day_) + civil.second;
  const double number = WeekdayNumber(civil.day_number) + distance;
  const double week = std::floor(number / 5);
  return (7 * week + (number - 5 * week) - 3) * kDay + civil.second;
}

std::optional<size_t> TimeAxis::StepsBetween(double first, double second) const {
  double steps = (second - first) / step_;
  if (unit_ == StepUnit::kMonths) {
    steps = (MonthNumber(CivilOf(second).date) - MonthNumber(CivilOf(first).date)) / step_;
  } else if (unit_ == StepUnit::kWeekdays) {
    steps = WeekdayNumber(CivilOf(second).day_number) - WeekdayNumber(CivilOf(first).day_number);
  }
  const double whole = std::round(steps);
  if (whole < 0 || whole > 1e9 || std::abs(steps - whole) > 1e-6) return std::nullopt;
  const auto count = static_cast<size_t>(whole);
  const double tolerance = 1e-6 * std::max(step_, 1e-9 * std::abs(second));
  if (std::abs(Advance(first, count) - second) > tolerance) return std::nullopt;
  return count;
}

std::string TimeAxis::StepName() const {
  switch (unit_) {
    case StepUnit::kNumber:
      return Plural(step_, "step");
    case StepUnit::kWeekdays:
      return "weekday";
    case StepUnit::kMonths:
      if (std::fmod(step_, 12) == 0) return Plural(step_ / 12, "year");
      return step_ == 3 ? "quarter" : Plural(step_, "month");
    case StepUnit::kSeconds:
      break;
  }
  using Unit = std::pair<double, std::string_view>;
  for (const auto& [seconds, name] :
       {Unit(kWeek, "week"), Unit(kDay, "day"), Unit(kHour, "hour"), Unit(kMinute, "minute")}) {
    if (std::fmod(step_, seconds) == 0) return Plural(step_ / seconds, name);
  }
  return Plural(step_, "second");
}

TimeAxis::Cycles TimeAxis::UsefulCycles() const {
  switch (unit_) {
    case StepUnit::kNumber:
      return {};
    case StepUnit::kWeekdays:
      return {.week = true, .year = true};
    case StepUnit::kMonths:
      return {.year = step_ < 12};
    case StepUnit::kSeconds:
      break;
  }
  return {.day = step_ < kDay, .week = step_ < kWeek, .year = step_ < 365 * kDay};
}

std::vector<std::string> TimeAxis::FeatureNames() const {
  const Cycles cycles = UsefulCycles();
  std::vector<std::string> names;
  const auto add = [&](bool useful, std::string_view cycle) {
    if (!useful) return;
    names.push_back(fmt::format("{} sine", cycle));
    names.push_back(fmt::format("{} cosine", cycle));
  };
  add(cycles.day, "day");
  add(cycles.week, "week");
  add(cycles.year, "year");
  return names;
}

void TimeAxis::Features(double time, float* features) const {
  const Cycles cycles = UsefulCycles();
  if (!cycles.day && !cycles.week && !cycles.year) return;
  const Civil civil = CivilOf(time + zone_);
  const double day = civil.second / kDay;
  const auto add = [&](bool useful, double share) {
    if (!useful) return;
    *features++ = static_cast<float>(std::sin(2 * std::numbers::pi * share));
    *features++ = static_cast<float>(std::cos(2 * std::numbers::pi * share));
  };
  add(cycles.day, day);
  add(cycles.week, (Weekday(civil.day_number) + day) / 7);
  const sys_days new_year(civil.date.year() / 1 / 1);
  const sys_days next_year((civil.date.year() + std::chrono::years(1)) / 1 / 1);
  const double into_year = civil.day_number - new_year.time_since_epoch().count() + day;
  add(cycles.year, into_year / (next_year - new_year).count());
}

std::vector<size_t> TimeAxis::NaturalSeasons() const {
  std::vector<double> lengths;
  switch (unit_) {
    case StepUnit::kNumber:
      break;
    case StepUnit::kWeekdays:
      lengths = {5, 261};
      break;
    case StepUnit::kMonths:
      lengths = {12 / step_};
      break;
    case StepUnit::kSeconds:
      // A year is no whole number of any of these steps, but near enough to one.
      lengths = {kDay / step_, kWeek / step_, std::round(kYear / step_)};
      break;
  }
  std::vector<size_t> seasons;
  for (const double length : lengths) {
    if (length >= 2 && length < 1e6 && length == std::round(length)) seasons.push_back(static_cast<size_t>(length));
  }
  return seasons;
}

}  // namespace eddy
