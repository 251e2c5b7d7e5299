#include "data/series_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string_view>
#include <unordered_map>

#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr double kUneven = 0.1;        // of a step by which rows may be early or late
constexpr size_t kTellingGaps = 8;     // from which on times can be said to have no step
constexpr double kMostUneven = 0.5;    // of the gaps
constexpr size_t kMostFilled = 10;     // times the rows of a series
constexpr double kFar = 100;           // steps to a row that is far away from all others
constexpr double kMostFarRows = 0.01;  // of a series
constexpr size_t kLargeGap = 10;       // steps

// Of one series: what PlaceRows tells of.
struct Found {
  size_t filled = 0, uneven = 0, closed = 0, not_filled = 0;
  size_t large_gap = 0;  // the row after it; 0 for none
  size_t large_steps = 0;
};

// How rows are placed, with what errors and notes need.
class Placing {
 public:
  Placing(const CsvTable& table, size_t column, const TimeAxis& axis) : table_(table), column_(column), axis_(axis) {}

  Found Place(SeriesRows& series) const {
    Found found;
    const size_t rows = series.rows.size();
    std::vector<size_t> steps(rows, 0);  // from the row before
    for (size_t i = 1; i < rows; ++i) steps[i] = StepsTo(series, i, found);
    const bool no_step = static_cast<double>(found.uneven) > kMostUneven * static_cast<double>(rows - 1);
    if (no_step && rows > kTellingGaps) FailWithoutStep(series, found.uneven);
    RequireNear(series, steps);
    series.places.assign(rows, 0);
    std::iota(series.places.begin(), series.places.end(), size_t{0});
    if (found.uneven > 0 && rows <= kTellingGaps) return found;

    found.large_gap = LargeGap(steps, found.large_steps);
    size_t place = 0;
    std::vector<size_t> places = {0};
    for (size_t i = 1; i < rows; ++i) {
      const bool fills = steps[i] - 1 <= rows;
      if (!fills) ++found.not_filled;
      place += fills ? steps[i] : 1;
      places.push_back(place);
    }
    if (place + 1 > (kMostFilled + 1) * rows) {
      found.not_filled = static_cast<size_t>(std::count_if(steps.begin(), steps.end(), [](size_t n) { return n > 1; }));
      return found;
    }
    found.filled = place + 1 - rows;
    series.places = std::move(places);
    return found;
  }

  std::string DescribeGap(const SeriesRows& series, const Found& found) const {
    const size_t row = found.large_gap;
    return fmt::format("{} steps before {} (line {})", found.large_steps, Cell(series, row), table_.line(series.rows[row]));
  }

 private:
  size_t StepsTo(const SeriesRows& series, size_t i, Found& found) const {
    const double before = series.times[i - 1], time = series.times[i];
    const std::optional<size_t> exact = axis_.StepsBetween(series.calendar, before, time);
    if (exact && *exact > 0) return *exact;
    const size_t nearest = axis_.NearestSteps(series.calendar, before, time);
    if (series.calendar.has_closed()) {
      ++found.closed;
    } else if (std::abs(axis_.Steps(series.calendar, before, time) - static_cast<double>(nearest)) > kUneven) {
      ++found.uneven;
    }
    return nearest;
  }

  // The row after a gap that is larger than all others.
  static size_t LargeGap(const std::vector<size_t>& steps, size_t& largest) {
    size_t at = 0, second = 1;
    for (size_t i = 1; i < steps.size(); ++i) {
      if (at == 0 || steps[i] > steps[at]) {
        if (at > 0) second = std::max(second, steps[at]);
        at = i;
      } else {
        second = std::max(second, steps[i]);
      }
    }
    largest = at > 0 ? steps[at] : 0;
    return largest >= kLargeGap && largest >= 3 * second ? at : 0;
  }

  // A few rows at either end that are further from the others than these are from each other: a year mistyped.
  void RequireNear(const SeriesRows& series, const std::vector<size_t>& steps) const {
    const size_t rows = steps.size();
    if (rows < 3) return;
    const double all =
        std::accumulate(steps.begin(), steps.end(), 0.0, [](double sum, size_t n) { return sum + static_cast<double>(n); });
    const size_t most = std::max<size_t>(1, static_cast<size_t>(kMostFarRows * static_cast<double>(rows)));
    for (size_t i = 1; i < rows; ++i) {
      const bool head = i <= most, tail = rows - i <= most;
      const auto gap = static_cast<double>(steps[i]);
      if ((!head && !tail) || gap <= std::max(2 * (all - gap), kFar)) continue;
      const size_t far = tail ? i : i - 1;
      Fail("read", Place(series, far),
           fmt::format("a time near those of the other rows, from {} to {}", Cell(series, tail ? 0 : i),
                       Cell(series, tail ? i - 1 : rows - 1)),
           fmt::format("{}, {} {}", Cell(series, far), Distance(series.times[i] - series.times[i - 1]),
                       tail ? "after them" : "before them"));
    }
  }

  [[noreturn]] void FailWithoutStep(const SeriesRows& series, size_t uneven) const {
    std::vector<double> gaps;
    size_t first = 0;
    for (size_t i = 1; i < series.times.size(); ++i) {
      gaps.push_back(series.times[i] - series.times[i - 1]);
      Found found;
      StepsTo(series, i, found);
      if (first == 0 && found.uneven > 0) first = i;
    }
    const auto [least, most] = std::minmax_element(gaps.begin(), gaps.end());
    Fail("read", Place(series, first),
         "a whole number of steps after the row before, for there to be a step (without the time column, rows are steps)",
         fmt::format("{}: {} of {} rows fit no step, and are {} to {} apart", Cell(series, first), uneven, gaps.size(),
                     Distance(*least), Distance(*most)));
  }

  std::string Distance(double gap) const { return axis_.dates() ? DescribeSeconds(gap) : fmt::format("{:.6g}", gap); }
  std::string Place(const SeriesRows& series, size_t i) const {
    return fmt::format("{} line {} column {}", table_.source(), table_.line(series.rows[i]),
                       Excerpt(table_.names()[column_]));
  }
  std::string Cell(const SeriesRows& series, size_t i) const { return std::string(table_.cell(series.rows[i], column_)); }

  const CsvTable& table_;
  const size_t column_;
  const TimeAxis& axis_;
};

TimeAxis SortByTime(const CsvTable& table, size_t column, const SeriesReading& reading, std::vector<SeriesRows>& groups) {
  std::vector<std::string_view> cells(table.rows());
  std::vector<size_t> lines(table.rows());
  for (size_t row = 0; row < table.rows(); ++row) {
    cells[row] = table.cell(row, column);
    lines[row] = table.line(row);
  }
  TimeAxis axis = TimeAxis::Detect(cells, table.names()[column], table.source(), lines, reading.date_order);

  std::vector<double> times(table.rows());
  for (size_t row = 0; row < table.rows(); ++row) times[row] = *axis.Parse(cells[row]);
  std::vector<std::vector<double>> sorted;
  for (SeriesRows& group : groups) {
    std::stable_sort(group.rows.begin(), group.rows.end(), [&](size_t a, size_t b) { return times[a] < times[b]; });
    for (const size_t row : group.rows) {
      if (!group.times.empty() && times[row] <= group.times.back()) {
        Fail("read", fmt::format("{} line {} column {}", table.source(), lines[row], Excerpt(table.names()[column])),
             group.name.empty() ? "a time that occurs once"
                                : fmt::format("a time that occurs once in series {}", Excerpt(group.name)),
             fmt::format("{} again", Excerpt(cells[row])));
      }
      group.times.push_back(times[row]);
    }
    sorted.push_back(group.times);
  }
  axis.DetectStep(sorted);
  if (reading.calendar) axis.Expect(*reading.calendar, sorted);
  return axis;
}

std::string NameOf(const SeriesRows& series) { return series.name.empty() ? "the series" : series.name; }

// What several series have in common is one note.
class NoteTaker {
 public:
  NoteTaker(const TimeAxis& axis, std::vector<SeriesNote>& notes) : axis_(axis), notes_(notes) {
    if (!axis.dates()) return;
    std::string text = fmt::format("Rows are {} apart", WithArticle(axis.StepName()));
    const std::string open = axis.calendar().DescribeOpen();
    if (!open.empty()) text += fmt::format(": {}. Nothing is put in or forecast at other times", open);
    notes_.push_back({SeriesNoteKind::kCalendar, 0, text + "."});
  }

  void Add(const Placing& placing, const SeriesRows& series, const Found& found) {
    if (series.calendar.StepName() != axis_.StepName() || series.calendar.open != axis_.calendar().open) {
      const std::string open = series.calendar.DescribeOpen();
      others_.push_back(
          fmt::format("{} ({}{}{})", NameOf(series), series.calendar.StepName(), open.empty() ? "" : ": ", open));
    }
    Count(filled_, series, found.filled);
    Count(not_filled_, series, found.not_filled);
    Count(uneven_, series, found.uneven);
    Count(closed_, series, found.closed);
    if (found.large_gap > 0) gaps_.push_back(fmt::format("{}: {}", NameOf(series), placing.DescribeGap(series, found)));
  }

  void Finish() {
    if (!others_.empty()) {
      Add(SeriesNoteKind::kOtherCalendar, others_.size(),
          fmt::format("{} series have another step or are open at other times: {}.", others_.size(), ListNames(others_)));
    }
    AddRows(SeriesNoteKind::kFilled, filled_, "rows that are left out were put in as missing");
    if (!gaps_.empty()) {
      Add(SeriesNoteKind::kLargeGap, gaps_.size(), fmt::format("A gap larger than all others: {}.", ListNames(gaps_)));
    }
    AddRows(SeriesNoteKind::kNotFilled, not_filled_,
            "gaps are too large to be filled: the rows around them are taken as neighbours");
    AddRows(SeriesNoteKind::kUneven, uneven_, "rows are no whole number of steps after the row before");
    AddRows(SeriesNoteKind::kClosed, closed_, "rows lie at times that are closed otherwise");
  }

 private:
  struct Counted {
    size_t rows = 0;
    std::vector<std::string> series;
  };
  static void Count(Counted& counted, const SeriesRows& series, size_t rows) {
    if (rows == 0) return;
    counted.rows += rows;
    counted.series.push_back(NameOf(series));
  }
  void Add(SeriesNoteKind kind, size_t count, std::string text) { notes_.push_back({kind, count, std::move(text)}); }
  void AddRows(SeriesNoteKind kind, const Counted& counted, std::string_view what) {
    if (counted.rows == 0) return;
    Add(kind, counted.rows, fmt::format("{} {}, in {}.", counted.rows, what, ListNames(counted.series)));
  }

  const TimeAxis& axis_;
  std::vector<SeriesNote>& notes_;
  std::vector<std::string> others_, gaps_;
  Counted filled_, not_filled_, uneven_, closed_;
};

}  // namespace

std::string ListNames(const std::vector<std::string>& names) {
  constexpr size_t kMost = 3;
  std::string text;
  for (size_t i = 0; i < names.size() && i < kMost; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  if (names.size() > kMost) text += fmt::format(" and {} more", names.size() - kMost);
  return text;
}

std::vector<SeriesRows> GroupRows(const CsvTable& table, std::optional<size_t> series_column) {
  std::vector<SeriesRows> groups;
  if (!series_column) {
    SeriesRows& all = groups.emplace_back();
    all.rows.resize(table.rows());
    std::iota(all.rows.begin(), all.rows.end(), size_t{0});
    return groups;
  }
  std::unordered_map<std::string_view, size_t> found;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string_view name = table.cell(row, *series_column);
    if (name.empty()) {
      Fail("read",
           fmt::format("{} line {} column {}", table.source(), table.line(row), Excerpt(table.names()[*series_column])),
           "the name of a series", "empty");
    }
    const auto [entry, fresh] = found.emplace(name, groups.size());
    if (fresh) groups.emplace_back().name = name;
    groups[entry->second].rows.push_back(row);
  }
  return groups;
}

TimeAxis PlaceRows(const CsvTable& table, std::optional<size_t> time_column, const SeriesReading& reading,
                   std::vector<SeriesRows>& groups, std::vector<SeriesNote>& notes) {
  if (!time_column) {
    for (SeriesRows& group : groups) {
      group.places.resize(group.rows.size());
      std::iota(group.places.begin(), group.places.end(), size_t{0});
      for (const size_t place : group.places) group.times.push_back(static_cast<double>(place + 1));
    }
    return {};
  }
  TimeAxis axis = SortByTime(table, *time_column, reading, groups);
  const Placing placing(table, *time_column, axis);
  NoteTaker taker(axis, notes);
  for (SeriesRows& group : groups) {
    group.calendar = axis.CalendarOf(group.times);
    taker.Add(placing, group, placing.Place(group));
  }
  taker.Finish();
  return axis;
}

}  // namespace eddy
