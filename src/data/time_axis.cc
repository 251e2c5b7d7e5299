#include "data/time_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "data/csv.h"
#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kSureShare = 0.9;  // of cells that are dates in YYYYMM or YYYYMMDD: the others are then mistyped

// How many cells from the first on hold, and how many in all.
struct Readable {
  size_t first = 0, all = 0;
};

template <class Read>
Readable CountReadable(std::span<const std::string_view> cells, const Read& read) {
  Readable count;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!read(cells[i])) continue;
    if (count.first == i) ++count.first;
    ++count.all;
  }
  return count;
}

// By which steps of a week that begin with this time begin late.
double PhaseIn(const Calendar& calendar, double time) {
  const double phase = std::fmod(time + 3 * kDay, calendar.step);
  return phase < 0 ? phase + calendar.step : phase;
}

[[noreturn]] void FailToRead(std::span<const std::string_view> cells, size_t row, std::string_view place) {
  Fail("read", place,
       row == 0 ? "a date such as 2024-03-29, 2024-03-29 13:00, 3/29/2024, 29.03.2024, 2024-03, 2024Q1 or 2024, or a number"
                : fmt::format("a time as in the rows before, such as {}", Excerpt(cells[0])),
       Excerpt(cells[row]));
}

}  // namespace

TimeAxis TimeAxis::Detect(std::span<const std::string_view> cells, std::string_view column, std::string_view source,
                          std::span<const size_t> lines, DateOrder order) {
  const auto place = [&](size_t row) { return fmt::format("{} line {} column {}", source, lines[row], Excerpt(column)); };
  TimeAxis axis;
  const Readable numbers = CountReadable(cells, [](std::string_view cell) { return ParseNumber(cell).has_value(); });
  size_t furthest = numbers.first;
  std::vector<DateLayout> layouts, readable;
  // A first cell of 13/2/2024 has one layout, and another row may show that it is the wrong one: all are candidates.
  for (size_t i = 0; i < cells.size() && layouts.empty(); ++i) layouts = DateLayout::Of(cells[i]);
  for (const DateLayout& layout : layouts) {
    const Readable count = CountReadable(cells, [&](std::string_view cell) { return layout.Parse(cell).has_value(); });
    if (count.all == cells.size()) readable.push_back(layout);
    furthest = std::max(furthest, count.first);
    const bool mistyped = layout.digits_only() && layout.unit() != DateUnit::kYear && cells.size() >= 10 &&
                          static_cast<double>(count.all) >= kSureShare * static_cast<double>(cells.size());
    if (mistyped && count.all < cells.size()) FailToRead(cells, count.first, place(count.first));
  }
  if (order != DateOrder::kAsShown) {
    std::erase_if(readable, [&](const DateLayout& layout) {
      return layout.order() != DateOrder::kAsShown && layout.order() != order;
    });
  }
  if (readable.size() > 1) {
    Fail("read", place(0), "a date of which the day and the month can be told apart, in this row or any other",
         fmt::format("{}: say whether the day or the month comes first", Excerpt(cells[0])));
  }
  if (readable.empty() && numbers.all == cells.size()) return axis;
  if (readable.empty()) FailToRead(cells, furthest, place(furthest));
  axis.layout_ = readable[0];
  axis.layout_->TakeStyle(cells);
  if (!axis.layout_->zoned()) return axis;
  std::vector<ZonedTime> rows;
  for (const std::string_view cell : cells) {
    const Stamp stamp = *axis.layout_->Parse(cell);
    if (stamp.zoned) rows.push_back({stamp.time, stamp.zone});
  }
  axis.zone_ = TimeZone(std::move(rows));
  return axis;
}

std::optional<double> TimeAxis::Parse(std::string_view cell) const {
  if (!layout_) return ParseNumber(cell);
  std::optional<Stamp> stamp = layout_->Parse(cell);
  const std::vector<DateLayout> others = stamp ? std::vector<DateLayout>() : DateLayout::Of(cell);
  if (others.size() == 1 && !others[0].digits_only()) stamp = others[0].Parse(cell);
  if (!stamp) return std::nullopt;
  return layout_->zoned() && !stamp->zoned ? zone_.ToUtc(stamp->time) : stamp->time;
}

std::string TimeAxis::Format(double time) const {
  if (!layout_) return fmt::format("{}", time);
  return layout_->Format(zone_.ToLocal(time), zone_.OffsetAt(time));
}

std::vector<std::vector<double>> TimeAxis::Local(std::span<const std::vector<double>> times) const {
  std::vector<std::vector<double>> local(times.begin(), times.end());
  for (std::vector<double>& series : local) {
    for (double& time : series) time = zone_.ToLocal(time);
  }
  return local;
}

// Steps shorter than a day are as long whatever the clock says, but days and what is open go by the clock.
Calendar TimeAxis::Find(std::span<const std::vector<double>> times) const {
  if (!layout_) return FindNumberCalendar(times);
  Calendar by_clock = FindCalendar(Local(times), layout_->unit());
  if (!zone_.changes()) return by_clock;
  const Calendar in_utc = FindCalendar(times, layout_->unit());
  if (in_utc.unit == StepUnit::kMonths || in_utc.step >= kDay || in_utc.unit == StepUnit::kOpenInMonth) return by_clock;
  if (by_clock.has_closed() && by_clock.step == in_utc.step) return by_clock;
  return {StepUnit::kSeconds, in_utc.step, 1, 0, {}};
}

void TimeAxis::DetectStep(std::span<const std::vector<double>> times) { calendar_ = Find(times); }

void TimeAxis::Expect(const Calendar& calendar, std::span<const std::vector<double>> times) {
  if (!layout_ || !calendar.has_closed() || calendar_.has_closed()) return;
  for (const std::vector<double>& series : times) {
    if (TellsOpen(series)) return;
    Calendar own = calendar;
    if (own.unit == StepUnit::kOpenInWeek && !series.empty()) own.phase = PhaseIn(own, zone_.ToLocal(series[0]));
    for (size_t i = 1; i < series.size(); ++i) {
      if (!StepsBetween(own, series[i - 1], series[i])) return;
    }
  }
  calendar_ = calendar;
}

Calendar TimeAxis::CalendarOf(const std::vector<double>& times) const {
  constexpr size_t kTelling = 8;  // rows
  Calendar common = calendar_;
  if (common.unit == StepUnit::kOpenInWeek) common.phase = PhaseIn(common, zone_.ToLocal(times[0]));
  if (times.size() < kTelling) return common;
  const Calendar own = Find({&times, 1});
  if (own == common) return common;
  const auto share_of = [&](const Calendar& calendar) {  // of the rows that are one step after another
    size_t ones = 0;
    for (size_t i = 1; i < times.size(); ++i) ones += StepsBetween(calendar, times[i - 1], times[i]) == 1u;
    return static_cast<double>(ones) / static_cast<double>(times.size() - 1);
  };
  const bool same_step = own.step == common.step && (own.unit == common.unit || common.has_closed());
  const bool cannot_tell = same_step && !own.has_closed() && !TellsOpen(times);
  if (cannot_tell) return share_of(common) >= share_of(own) ? common : own;
  return share_of(own) > 0.5 && share_of(own) >= share_of(common) ? own : common;
}

double TimeAxis::Advance(const Calendar& calendar, double time, size_t steps) const {
  if (calendar.in_utc()) return calendar.Advance(time, steps);
  return zone_.ToUtc(calendar.Advance(zone_.ToLocal(time), steps));
}

std::optional<size_t> TimeAxis::StepsBetween(double first, double second) const {
  return StepsBetween(calendar_, first, second);
}

std::optional<size_t> TimeAxis::StepsBetween(const Calendar& calendar, double first, double second) const {
  return calendar.StepsBetween(OnClock(calendar, first), OnClock(calendar, second));
}

size_t TimeAxis::NearestSteps(const Calendar& calendar, double first, double second) const {
  return calendar.NearestSteps(OnClock(calendar, first), OnClock(calendar, second));
}

double TimeAxis::Steps(const Calendar& calendar, double first, double second) const {
  return calendar.Steps(OnClock(calendar, first), OnClock(calendar, second));
}

TimeAxis::Cycles TimeAxis::UsefulCycles() const {
  switch (calendar_.unit) {
    case StepUnit::kNumber:
      return {};
    case StepUnit::kMonths:
      return {.year = calendar_.step < 12};
    case StepUnit::kOpenInMonth:
      return {.year = true};
    case StepUnit::kOpenInWeek:
    case StepUnit::kSeconds:
      break;
  }
  const double step = calendar_.step;
  return {.day = step < kDay, .week = step < kWeek, .year = step < 365 * kDay};
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
  using std::chrono::sys_days;
  const Cycles cycles = UsefulCycles();
  if (!cycles.day && !cycles.week && !cycles.year) return;
  const double local = zone_.ToLocal(time);
  const double days = std::clamp(std::floor(local / kDay), -1e7, 1e7);
  const std::chrono::year_month_day date(sys_days(std::chrono::days(static_cast<int>(days))));
  const double day = (local - days * kDay) / kDay;
  const auto add = [&](bool useful, double share) {
    if (!useful) return;
    *features++ = static_cast<float>(std::sin(2 * std::numbers::pi * share));
    *features++ = static_cast<float>(std::cos(2 * std::numbers::pi * share));
  };
  add(cycles.day, day);
  add(cycles.week, (Weekday(days) + day) / 7);
  const sys_days new_year(date.year() / 1 / 1);
  const sys_days next_year((date.year() + std::chrono::years(1)) / 1 / 1);
  const double into_year = days - new_year.time_since_epoch().count() + day;
  add(cycles.year, into_year / (next_year - new_year).count());
}

std::vector<size_t> TimeAxis::NaturalSeasons() const {
  const auto open = static_cast<double>(calendar_.open.size());
  const double step = calendar_.step;
  std::vector<double> lengths;
  switch (calendar_.unit) {
    case StepUnit::kNumber:
      break;
    case StepUnit::kMonths:
      lengths = {12 / step};
      break;
    case StepUnit::kOpenInMonth:
      lengths = {open, 12 * open};
      break;
    case StepUnit::kOpenInWeek: {
      const auto per_day = static_cast<uint32_t>(std::llround(kDay / step));
      std::vector<double> in_day(7, 0);
      for (const uint32_t place : calendar_.open) ++in_day[place / per_day];
      const double most = *std::max_element(in_day.begin(), in_day.end());
      const bool alike = std::all_of(in_day.begin(), in_day.end(), [&](double n) { return n == 0 || n == most; });
      if (alike) lengths.push_back(most);  // otherwise no number of rows is a day
      if (lengths.empty() || most < open) lengths.push_back(open);
      lengths.push_back(std::round(kYear / kWeek * open));
      break;
    }
    case StepUnit::kSeconds:
      // A year is no whole number of any of these steps, but near enough to one.
      lengths = {kDay / step, kWeek / step, std::round(kYear / step)};
      break;
  }
  std::vector<size_t> seasons;
  for (const double length : lengths) {
    if (length >= 2 && length < 1e6 && length == std::round(length)) seasons.push_back(static_cast<size_t>(length));
  }
  return seasons;
}

}  // namespace eddy
