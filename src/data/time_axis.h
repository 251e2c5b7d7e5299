// The time column of a set of series: how its cells are written, how far apart rows are, what follows the last row, and
// the place of a time in the day, week and year.
//
// A time is a double: seconds since 1970-01-01 00:00 UTC for dates, else the number itself. Calendar arithmetic is that of
// the proleptic Gregorian calendar, without leap seconds.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/calendar.h"
#include "data/date_layout.h"
#include "data/time_zone.h"

namespace eddy {

class TimeAxis {
 public:
  // The axis of a table without a time column: rows are numbered 1, 2, 3 ...
  TimeAxis() = default;
  // The layout in which all cells can be read, dates before plain numbers; the calendar is not known yet. Throws Error
  // naming the column and the line (that of cell i is lines[i]) of the first cell that cannot, and for dates such as
  // 3/4/2024 of which no row tells whether the day or the month comes first, unless `order` does.
  static TimeAxis Detect(std::span<const std::string_view> cells, std::string_view column, std::string_view source,
                         std::span<const size_t> lines, DateOrder order = DateOrder::kAsShown);

  // A cell in this axis' layout, or a date such as 2024-03-29 13:00 in any other; or nothing.
  std::optional<double> Parse(std::string_view cell) const;
  std::string Format(double time) const;
  bool dates() const { return layout_.has_value(); }

  // Finds the calendar of the times of each series (sorted, none twice).
  void DetectStep(std::span<const std::vector<double>> times);
  // The calendar of one series: its own where its times show another step or other open hours, else the axis'.
  Calendar CalendarOf(const std::vector<double>& times) const;
  // Takes a calendar found earlier, of a model: it holds where times are too few to tell open from closed.
  void Expect(const Calendar& calendar, std::span<const std::vector<double>> times);

  // The time `steps` after `time`.
  double Advance(double time, size_t steps) const { return Advance(calendar_, time, steps); }
  double Advance(const Calendar& calendar, double time, size_t steps) const;
  // How many steps lie between, if a whole number does.
  std::optional<size_t> StepsBetween(double first, double second) const;
  std::optional<size_t> StepsBetween(const Calendar& calendar, double first, double second) const;
  size_t NearestSteps(const Calendar& calendar, double first, double second) const;
  double Steps(const Calendar& calendar, double first, double second) const;

  const Calendar& calendar() const { return calendar_; }
  std::string StepName() const { return calendar_.StepName(); }

  // Sine and cosine of the place in the day (steps shorter than a day), the week (shorter than a week) and the year
  // (shorter than a year). None for numbers. They depend on StepName() alone.
  std::vector<std::string> FeatureNames() const;
  void Features(double time, float* features) const;  // [FeatureNames().size()]

  // Steps in a day, week and year where they are whole numbers above 1, the shortest first: {24, 168, 8766} for hours.
  std::vector<size_t> NaturalSeasons() const;

 private:
  struct Cycles {
    bool day = false, week = false, year = false;
  };
  Cycles UsefulCycles() const;  // those longer than a step
  Calendar Find(std::span<const std::vector<double>> times) const;
  double OnClock(const Calendar& calendar, double time) const { return calendar.in_utc() ? time : zone_.ToLocal(time); }
  std::vector<std::vector<double>> Local(std::span<const std::vector<double>> times) const;

  std::optional<DateLayout> layout_;  // nothing for numbers
  TimeZone zone_;
  Calendar calendar_;
};

}  // namespace eddy
