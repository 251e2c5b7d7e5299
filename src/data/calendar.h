// A calendar: the times at which the rows of a series lie, one step after another.
//
// Steps are numbers, seconds, months (on one day of the month), or what is open of a week or month: the opening hours of
// a shop, the weekdays of a stock exchange, the 1st and 15th. Nothing is ever filled or forecast where it is closed. Times
// are seconds by the clock of the place.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/date_layout.h"

namespace eddy {

enum class StepUnit { kNumber, kSeconds, kMonths, kOpenInWeek, kOpenInMonth };

struct Calendar {
  StepUnit unit = StepUnit::kNumber;
  double step = 1;     // 3600 seconds, 3 months; open in a week: seconds, which divide a day; in a month: 1
  int anchor_day = 1;  // months: the day of the month, 31 for its last
  double phase = 0;    // open in a week: seconds by which steps begin late; in a month: of the day
  // Open in a week: numbers of steps from Monday 0:00 on. In a month: days, 31 for its last. Rising.
  std::vector<uint32_t> open;

  // The time `steps` after `time`; from a closed time, the first step leads to the next open one.
  double Advance(double time, size_t steps) const;
  // How many steps lie between; always whole where something is closed.
  double Steps(double first, double second) const;
  // The same, if the second is just a whole number of steps after the first.
  std::optional<size_t> StepsBetween(double first, double second) const;
  // The same to the nearest number, at least 1, for second > first; open times that lie between, and the last, where the
  // second is at a closed time.
  size_t NearestSteps(double first, double second) const;

  bool has_closed() const { return !open.empty(); }
  // Whether steps are as long on every clock, so that they are counted in UTC.
  bool in_utc() const;

  std::string StepName() const;      // "hour", "15 minutes", "open hour", "weekday", "quarter", "step", "2.5 steps"
  std::string DescribeOpen() const;  // "Monday to Friday 09:00 to 16:00, Saturday 09:00 to 12:00"; empty if always

  bool operator==(const Calendar&) const = default;

 private:
  double CountUpTo(double time) const;   // open times up to and with `time`, from any fixed one on
  double OpenTime(double number) const;  // that of this number
};

// For messages.
std::string DescribeSeconds(double seconds);              // "1.5 hours", "2 days"
std::string Plural(double count, std::string_view unit);  // "hour", "2 hours"
std::string WithArticle(std::string_view name);           // "a day", "an hour", "15 minutes"

// The calendar of the times of some series (sorted, none twice; taken together): months where every row of a series falls
// on one day of the month, days of the month where few of these repeat, else the most frequent difference; and of a week
// what is open, where the rest is closed beyond chance. `unit` says what the times can tell apart.
Calendar FindCalendar(std::span<const std::vector<double>> times, DateUnit unit);
Calendar FindNumberCalendar(std::span<const std::vector<double>> times);

// Whether the times are enough to tell open from closed: three weeks, or three months of days.
bool TellsOpen(std::span<const double> times);

}  // namespace eddy
