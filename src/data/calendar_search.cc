// FindCalendar: from times to the calendar on which they lie.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/median.h"
#include "data/calendar.h"

namespace eddy {
namespace {

constexpr double kLeastShare = 0.25;      // of its chances at which a time is taken if it is open
constexpr double kMostExceptions = 0.02;  // of the rows that may lie at closed times
constexpr double kMostChance = 0.01;      // that something is missing where it is open each time
constexpr double kLeastChances = 3;
constexpr size_t kMostDaysOfMonth = 6;

using Times = std::span<const std::vector<double>>;

template <class Visit>
void ForEachStep(Times times, const Visit& visit) {
  for (const std::vector<double>& series : times) {
    for (size_t i = 1; i < series.size(); ++i) visit(series[i - 1], series[i]);
  }
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

struct Date {
  double month = 0;  // since the year 0
  int day = 0, last = 0;
  double second = 0;
};

Date DateOf(double time) {
  const double day = std::clamp(std::floor(time / kDay), -1e7, 1e7);
  const std::chrono::year_month_day date(std::chrono::sys_days(std::chrono::days(static_cast<int>(day))));
  const std::chrono::year_month_day_last end(date.year(), std::chrono::month_day_last(date.month()));
  return {12.0 * static_cast<int>(date.year()) + static_cast<unsigned>(date.month()) - 1,
          static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(static_cast<unsigned>(end.day())),
          time - day * kDay};
}

// The day of the month on which all times fall (31 for its last), and at one time of day; 0 if there is none.
int CommonDayOfMonth(Times times) {
  int day = 0;
  for (const std::vector<double>& series : times) {
    for (const double time : series) day = std::max(day, DateOf(time).day);
  }
  bool common = true;
  ForEachStep(times, [&](double before, double after) {
    if (!common) return;
    const Date a = DateOf(before), b = DateOf(after);
    common = a.second == b.second && a.month < b.month && a.day == std::min(day, a.last) && b.day == std::min(day, b.last);
  });
  return common ? day : 0;
}

// Months of which each has one row at most, on whatever day: the last day of trade.
std::optional<Calendar> OneRowAMonth(Times times) {
  std::vector<double> months;
  std::vector<int> days;
  bool distinct = true;
  ForEachStep(times, [&](double before, double after) {
    if (!distinct) return;
    const Date a = DateOf(before), b = DateOf(after);
    months.push_back(b.month - a.month);
    days.push_back(b.last - b.day < 3 ? 31 : b.day);
    distinct = months.back() >= 1 && after - before > 24 * kDay;
  });
  if (!distinct || days.empty()) return std::nullopt;
  return Calendar{StepUnit::kMonths, MostFrequent(months), UpperMedian(days), 0, {}};
}

// Days of the month such as the 1st and 15th, if nearly each of them is there in three months or more.
std::optional<Calendar> DaysOfMonth(Times times) {
  int latest = 0;
  for (const std::vector<double>& series : times) {
    for (const double time : series) latest = std::max(latest, DateOf(time).day);
  }
  std::vector<size_t> rows(32, 0);
  Calendar calendar{StepUnit::kOpenInMonth, 1, 1, 0, {}};
  double chances = 0, taken = 0, months = 0;
  bool first = true;
  for (const std::vector<double>& series : times) {
    for (const double time : series) {
      const Date date = DateOf(time);
      if (first) calendar.phase = date.second;
      first = false;
      if (date.second != calendar.phase) return std::nullopt;
      ++rows[static_cast<size_t>(date.day == std::min(latest, date.last) ? latest : date.day)];
    }
    if (series.empty()) continue;
    const double span = DateOf(series.back()).month - DateOf(series.front()).month;
    months = std::max(months, span);
    chances += span;
    taken += static_cast<double>(series.size());
  }
  for (uint32_t day = 1; day < rows.size(); ++day) {
    if (rows[day] > 0) calendar.open.push_back(day == static_cast<uint32_t>(latest) && day >= 28 ? 31 : day);
    if (calendar.open.size() > kMostDaysOfMonth) return std::nullopt;
  }
  if (calendar.open.size() < 2 || months < kLeastChances) return std::nullopt;
  const bool full = taken >= 0.8 * chances * static_cast<double>(calendar.open.size());
  return full ? std::optional(calendar) : std::nullopt;
}

// How often each step of a cycle could have had a row, and had one.
struct Tally {
  std::vector<double> chances, rows;
  explicit Tally(size_t steps) : chances(steps, 0), rows(steps, 0) {}

  // Which steps are open, if the others are closed beyond chance and exception; empty otherwise.
  std::vector<uint8_t> Open() const {
    double open_chances = 0, open_rows = 0, closed = 0, closed_rows = 0, fewest = 1e300;
    std::vector<uint8_t> open(rows.size(), 0);
    for (size_t i = 0; i < rows.size(); ++i) {
      open[i] = chances[i] > 0 && rows[i] >= kLeastShare * chances[i];
      if (open[i]) {
        open_chances += chances[i];
        open_rows += rows[i];
      } else {
        closed += 1;
        closed_rows += rows[i];
        fewest = std::min(fewest, chances[i]);
      }
    }
    const double missing = (open_chances - open_rows + 0.5) / (open_chances + 1);
    const bool sure = closed > 0 && fewest >= kLeastChances && closed * std::pow(missing, fewest) < kMostChance &&
                      closed_rows <= kMostExceptions * (open_rows + closed_rows);
    return sure ? open : std::vector<uint8_t>();
  }
};

// Steps of a series since a Monday; in weeks without a row nothing has a chance.
struct WeekSteps {
  double phase = 0;
  std::vector<int64_t> steps;  // of rows that lie on the grid

  WeekSteps(const std::vector<double>& times, double step) {
    if (times.empty()) return;
    phase = std::fmod(std::fmod(times[0] - kMonday, step) + step, step);
    for (const double time : times) {
      const double place = (time - kMonday - phase) / step;
      if (std::abs(place - std::round(place)) < 1e-6) steps.push_back(std::llround(place));
    }
  }
};

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// By place in a cycle of `cycle` steps: a week, or a day.
Tally Count(const std::vector<WeekSteps>& series, int64_t cycle) {
  Tally tally(static_cast<size_t>(cycle));
  for (const WeekSteps& each : series) {
    if (each.steps.empty()) continue;
    const int64_t first = each.steps.front(), last = each.steps.back();
    double whole = 0;
    int64_t counted = FloorDivide(first, cycle) - 1;
    for (const int64_t step : each.steps) {
      const int64_t begin = FloorDivide(step, cycle) * cycle;
      ++tally.rows[static_cast<size_t>(step - begin)];
      if (begin / cycle == counted) continue;
      counted = begin / cycle;
      if (begin >= first && begin + cycle - 1 <= last) {
        ++whole;
        continue;
      }
      const int64_t from = std::max(begin, first), to = std::min(begin + cycle - 1, last);
      for (int64_t i = from; i <= to; ++i) ++tally.chances[static_cast<size_t>(i - begin)];
    }
    for (double& chances : tally.chances) chances += whole;
  }
  return tally;
}

// Rows from Monday to Friday alone, and a weekend between two that follow each other.
bool SkipsWeekends(Times times) {
  bool workdays = true, skipped = false;
  ForEachStep(times, [&](double before, double after) {
    const int a = Weekday(std::floor(before / kDay)), b = Weekday(std::floor(after / kDay));
    workdays = workdays && a < 5 && b < 5;
    skipped = skipped || (a == 4 && b == 0 && after - before < 4 * kDay);
  });
  return workdays && skipped;
}

// What is open of a week, from at least three of them; from fewer, of a day, and weekends.
std::vector<uint32_t> OpenOfWeek(Times times, double step) {
  std::vector<WeekSteps> series;
  size_t rows = 0, on_grid = 0;
  for (const std::vector<double>& each : times) {
    rows += each.size();
    on_grid += series.emplace_back(each, step).steps.size();
  }
  if (static_cast<double>(on_grid) < (1 - kMostExceptions) * static_cast<double>(rows)) return {};
  const auto per_week = std::llround(kWeek / step), per_day = std::llround(kDay / step);
  std::vector<uint32_t> open;
  const Tally week = Count(series, per_week);
  if (const std::vector<uint8_t> found = week.Open(); !found.empty()) {
    for (size_t i = 0; i < found.size(); ++i) {
      if (found[i]) open.push_back(static_cast<uint32_t>(i));
    }
    return open.size() >= 2 ? open : std::vector<uint32_t>();
  }
  const bool weekends = SkipsWeekends(times);
  const bool long_enough = *std::min_element(week.chances.begin(), week.chances.end()) >= kLeastChances;
  if (long_enough && !(weekends && per_day == 1)) return {};
  std::vector<uint8_t> day = per_day > 1 ? Count(series, per_day).Open() : std::vector<uint8_t>();
  if (day.empty() && !weekends) return {};
  if (day.empty()) day.assign(static_cast<size_t>(per_day), 1);
  for (int64_t i = 0; i < per_week; ++i) {
    if (day[static_cast<size_t>(i % per_day)] && (!weekends || i / per_day < 5)) open.push_back(static_cast<uint32_t>(i));
  }
  return open.size() >= 2 ? open : std::vector<uint32_t>();
}

std::vector<double> Differences(Times times) {
  std::vector<double> differences;
  ForEachStep(times, [&](double before, double after) {
    if (after > before) differences.push_back(after - before);  // a clock that is set back repeats an hour
  });
  return differences;
}

}  // namespace

Calendar FindNumberCalendar(Times times) {
  const std::vector<double> differences = Differences(times);
  return {StepUnit::kNumber, differences.empty() ? 1 : MostFrequent(differences), 1, 0, {}};
}

Calendar FindCalendar(Times times, DateUnit unit) {
  std::vector<double> differences = Differences(times);
  if (differences.empty()) {
    if (unit <= DateUnit::kMonth) {
      return {StepUnit::kMonths, unit == DateUnit::kYear ? 12.0 : unit == DateUnit::kQuarter ? 3.0 : 1.0, 1, 0, {}};
    }
    return {StepUnit::kSeconds, unit == DateUnit::kTime ? kHour : unit == DateUnit::kWeek ? kWeek : kDay, 1, 0, {}};
  }
  if (const int day = CommonDayOfMonth(times); day > 0) {
    differences.clear();
    ForEachStep(times,
                [&](double before, double after) { differences.push_back(DateOf(after).month - DateOf(before).month); });
    return {StepUnit::kMonths, MostFrequent(differences), day, 0, {}};
  }
  Calendar calendar{StepUnit::kSeconds, MostFrequent(differences), 1, 0, {}};
  const double step = calendar.step;
  if (std::all_of(differences.begin(), differences.end(), [&](double d) { return d == step; })) return calendar;
  if (std::optional<Calendar> months = OneRowAMonth(times)) return *months;
  if (std::optional<Calendar> days = DaysOfMonth(times)) return *days;
  if (!(step >= 1 && step <= kDay) || std::fmod(kDay, step) != 0) return calendar;
  calendar.open = OpenOfWeek(times, step);
  if (!calendar.has_closed()) return calendar;
  calendar.unit = StepUnit::kOpenInWeek;
  for (const std::vector<double>& series : times) {
    if (!series.empty()) calendar.phase = WeekSteps(series, step).phase;
  }
  return calendar;
}

bool TellsOpen(std::span<const double> times) {
  return times.size() >= 8 && times.back() - times.front() >= (kLeastChances + 1) * kWeek;
}

}  // namespace eddy
