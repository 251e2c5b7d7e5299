// The time column of a set of series: which format its cells have, how far apart rows are, what follows the last row, and
// the place of a time in the day, week and year.
//
// A time is a double: seconds since 1970-01-01 00:00 UTC for dates, else the number itself. Calendar arithmetic is that of
// the proleptic Gregorian calendar, without leap seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

enum class TimeFormat {
  kNumber,       // 1, 2.5: steps, or any other scale
  kYear,         // 1958
  kYearMonth,    // 1958-03
  kCompactDate,  // 19580329
  kDate,         // 1958-03-29 or 1958/03/29
  kDateTime,     // 1958-03-29 13:00, with T for the space, seconds, their fractions, and Z or +01:00 if wanted
};

enum class StepUnit { kNumber, kSeconds, kWeekdays, kMonths };

class TimeAxis {
 public:
  // The axis of a table without a time column: rows are numbered 1, 2, 3 ...
  TimeAxis() = default;
  // The format in which all cells can be read; the step is not known yet. Throws Error naming the column and the line (that
  // of cell i is lines[i]) of the first cell that cannot.
  static TimeAxis Detect(std::span<const std::string_view> cells, std::string_view column, std::string_view source,
                         std::span<const size_t> lines);

  // A cell in this axis' format, or nothing.
  std::optional<double> Parse(std::string_view cell) const;
  std::string Format(double time) const;

  // Finds the step from the times of each series (sorted, none twice): months where every row of a series falls on one day
  // of the month (or the month's last), weekdays where days follow each other but for weekends, else the most frequent
  // difference.
  void DetectStep(std::span<const std::vector<double>> times);
  // The time `steps` after `time`.
  double Advance(double time, size_t steps) const;
  // How many steps lie between, if a whole number does.
  std::optional<size_t> StepsBetween(double first, double second) const;

  TimeFormat format() const { return format_; }
  StepUnit unit() const { return unit_; }
  double step() const { return step_; }  // in units: 3600 seconds, 3 months, 1 weekday
  std::string StepName() const;          // "hour", "15 minutes", "weekday", "quarter", "step", "2.5 steps"

  // Sine and cosine of the place in the day (steps shorter than a day), the week (shorter than a week) and the year
  // (shorter than a year). None for numbers. They depend on StepName() alone.
  std::vector<std::string> FeatureNames() const;
  void Features(double time, float* features) const;  // [FeatureNames().size()]

  // Steps in a day, week and year where they are whole numbers above 1, the shortest first: {24, 168, 8766} for hours.
  std::vector<size_t> NaturalSeasons() const;

 private:
  static std::optional<double> ParseAs(TimeFormat format, std::string_view cell);
  void TakeLayout(std::span<const std::string_view> cells);  // separators and the like, from the first cell that shows them

  struct Cycles {
    bool day = false, week = false, year = false;
  };
  Cycles UsefulCycles() const;  // those longer than a step

  TimeFormat format_ = TimeFormat::kNumber;
  char date_separator_ = '-';
  char time_separator_ = ' ';
  bool seconds_ = false;  // whether the time of day has them
  bool zoned_ = false;    // whether times end with a zone
  double zone_ = 0;       // of the first row, seconds east of UTC
  StepUnit unit_ = StepUnit::kNumber;
  double step_ = 1;
  int anchor_day_ = 1;  // months: the day of the month, 31 for its last
};

}  // namespace eddy
