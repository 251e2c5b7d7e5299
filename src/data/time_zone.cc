#include "data/time_zone.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "data/date_time.h"

namespace eddy {
namespace {

using std::chrono::sys_days;

// One hour is added between two Sundays of a year. Times of day are in UTC, or by the standard time of the zone.
struct DaylightRule {
  unsigned begin_month, begin_sunday;  // which Sunday of the month; 0 for its last
  unsigned end_month, end_sunday;
  double time_of_day;
  bool utc;
};

constexpr std::array kRules = {
    DaylightRule{3, 0, 10, 0, kHour, true},       // European Union
    DaylightRule{3, 2, 11, 1, 2 * kHour, false},  // United States and Canada: ends at 2:00 by the summer's clock
    DaylightRule{10, 1, 4, 1, 2 * kHour, false},  // Australia
    DaylightRule{9, 0, 4, 1, 2 * kHour, false},   // New Zealand
};
constexpr size_t kNorthAmerica = 1;

double SundayOf(std::chrono::year year, unsigned month, unsigned which) {
  const std::chrono::month m(month);
  const sys_days day = which == 0 ? sys_days(year / m / std::chrono::Sunday[std::chrono::last])
                                  : sys_days(year / m / std::chrono::Sunday[which]);
  return kDay * day.time_since_epoch().count();
}

bool IsDaylight(size_t rule, double standard, double utc) {
  const DaylightRule& r = kRules[rule];
  const double day = std::clamp(std::floor((utc + standard) / kDay), -1e7, 1e7);
  const std::chrono::year year = std::chrono::year_month_day(sys_days(std::chrono::days(static_cast<int>(day)))).year();
  const double shift = r.time_of_day - (r.utc ? 0 : standard);
  const double begin = SundayOf(year, r.begin_month, r.begin_sunday) + shift;
  const double end = SundayOf(year, r.end_month, r.end_sunday) + shift - (rule == kNorthAmerica ? kHour : 0);
  return begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
}

}  // namespace

TimeZone::TimeZone(std::vector<ZonedTime> rows) {
  if (rows.empty()) return;
  std::stable_sort(rows.begin(), rows.end(), [](const ZonedTime& a, const ZonedTime& b) { return a.utc < b.utc; });
  runs_.clear();
  standard_ = rows[0].offset;
  double most = standard_;
  for (const ZonedTime& row : rows) {
    if (runs_.empty() || runs_.back().offset != row.offset) runs_.push_back(row);
    standard_ = std::min(standard_, row.offset);
    most = std::max(most, row.offset);
  }
  last_ = rows.back().utc;
  if (most - standard_ != kHour) return;
  for (size_t rule = 0; rule < kRules.size() && rule_ < 0; ++rule) {
    const bool agrees = std::all_of(rows.begin(), rows.end(), [&](const ZonedTime& row) {
      return row.offset == standard_ + (IsDaylight(rule, standard_, row.utc) ? kHour : 0);
    });
    if (agrees) rule_ = static_cast<int>(rule);
  }
}

double TimeZone::ShownAt(double utc) const {
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), utc, [](double time, const ZonedTime& run) { return time < run.utc; });
  return after == runs_.begin() ? runs_.front().offset : (after - 1)->offset;
}

double TimeZone::OffsetAt(double utc) const {
  if (!changes()) return runs_.front().offset;
  if (rule_ >= 0) return standard_ + (IsDaylight(static_cast<size_t>(rule_), standard_, utc) ? kHour : 0);
  constexpr double kYearOfWeeks = 52 * kWeek;
  if (utc <= last_) return ShownAt(utc);
  const double years = std::ceil((utc - last_) / kYearOfWeeks);
  const double earlier = utc - years * kYearOfWeeks;
  return earlier >= runs_.front().utc ? ShownAt(earlier) : runs_.back().offset;
}

double TimeZone::ToUtc(double local) const {
  if (!changes()) return local - runs_.front().offset;
  double most = standard_;
  for (const ZonedTime& run : runs_) most = std::max(most, run.offset);
  const double early = local - most;
  if (ToLocal(early) == local) return early;
  const double late = local - standard_;
  return ToLocal(late) == local ? late : local - OffsetAt(late);
}

}  // namespace eddy
