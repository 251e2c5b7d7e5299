#include "tasks/forecast/split.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "eddy/error.h"
#include "model/json.h"

namespace eddy {
namespace {

// Adds the forecast of rows [origin, origin + rows) if there is something to judge it by.
void AddWindow(const SeriesSet& set, size_t series, size_t origin, size_t rows, std::vector<Window>& windows) {
  const std::vector<uint8_t>& observed = set.series[series].observed;
  const auto first = observed.begin() + static_cast<ptrdiff_t>(origin);
  const auto last = observed.begin() + static_cast<ptrdiff_t>(std::min(observed.size(), origin + rows));
  if (std::all_of(first, last, [](uint8_t each) { return each == 0; })) return;
  windows.push_back({static_cast<uint32_t>(series), static_cast<uint32_t>(origin)});
}

constexpr size_t kFewSeries = 30;

// Rows of a series, of those before what is held out, that choose.
size_t ValidationRows(size_t rows, size_t horizon, size_t series) {
  constexpr size_t kHorizons = 12;
  if (series >= kFewSeries) return std::max(horizon, std::min(2 * horizon, rows / 10));
  const size_t each = (kHorizons + series - 1) / series;
  return std::max({horizon, rows / 10, std::min(each * horizon, rows / 4)});
}

// The stretches of `wanted` rows in all, the last of which ends at `rows`.
std::vector<RowRange> Stretches(size_t rows, size_t wanted, size_t horizon, size_t series) {
  constexpr size_t kMost = 4;
  const size_t count = series >= kFewSeries ? 1 : std::clamp<size_t>(2 * wanted / (3 * horizon), 1, kMost);
  std::vector<RowRange> stretches;
  for (size_t i = count; i-- > 0;) {
    const size_t end = rows - i * (rows - rows / 4) / count;
    stretches.push_back({end - wanted / count, end});
  }
  return stretches;
}

// Rows between origins of forecasts that end within `spared` rows, so that all of them cost about as much as some steps of
// training, and the memory of their histories stays within some 200 MB.
size_t OriginStride(size_t rows, size_t spared, size_t horizon, size_t series) {
  constexpr size_t kMostForecasts = 400, kLeast = 16, kMostRows = 2'000'000;
  const size_t most = std::clamp<size_t>(std::min(kMostForecasts, std::max(kLeast, kMostRows / rows)) / series, 2, 400);
  return std::max<size_t>(1, (spared - horizon + most - 1) / most);
}

// Origins over the last three quarters of the first `rows` rows of a series.
void AddRolling(const SeriesSet& set, size_t series, size_t rows, size_t horizon, std::vector<Window>& rolling) {
  const size_t begin = std::max(kLeastHistory, rows / 4);
  if (rows < begin + horizon) return;
  const size_t stride = OriginStride(rows, rows - begin, horizon, set.series.size());
  for (size_t origin = begin; origin + horizon <= rows; origin += stride) AddWindow(set, series, origin, horizon, rolling);
}

// At least one series has rows for a history and the whole horizon in its training part, and one is judged if any is to be.
void RequireSomethingLeft(const SeriesSet& set, const HoldOut& hold_out, size_t horizon, const ForecastSplit& split) {
  size_t longest = 0, most_left = 0;
  for (const Series& series : set.series) {
    longest = std::max(longest, series.size());
    most_left = std::max(most_left, HeldOutBegin(series, hold_out));
  }
  const size_t least = kLeastHistory + horizon;
  if (most_left < least && hold_out.from) {
    Fail("train forecast", "the time from which on rows are held out",
         fmt::format("after at least {} rows of a series, to learn a horizon of {} from", least, horizon),
         most_left == 0 ? fmt::format("at or before the first of {} rows", longest) : fmt::format("after {}", most_left));
  }
  if (most_left < least) {
    Fail("train forecast", "a series",
         fmt::format("longer than {} rows: {} that are held out, and {} to learn a horizon of {} from",
                     hold_out.rows + least - 1, hold_out.rows, least, horizon),
         fmt::format("of {} rows at most, of which {} are left to train on", longest, most_left));
  }
  if (!split.held_out.empty()) return;
  if (hold_out.from) {
    Fail("train forecast", "the time from which on rows are held out", "at or before the last value of a series",
         most_left == longest ? fmt::format("behind all {} rows", longest) : "followed by missing values alone");
  }
  Require(hold_out.rows == 0, "train forecast", "what is held out", "of rows with values to judge by",
          fmt::format("{} rows, without a value in any series", hold_out.rows));
}

}  // namespace

size_t HeldOutBegin(const Series& series, const HoldOut& hold_out) {
  return hold_out.from ? FirstRowFrom(series, *hold_out.from) : series.size() - std::min(series.size(), hold_out.rows);
}

std::vector<Window> HeldOutWindows(const SeriesSet& set, const HoldOut& hold_out, size_t horizon) {
  std::vector<Window> windows;
  for (size_t i = 0; i < set.series.size(); ++i) {
    const size_t begin = HeldOutBegin(set.series[i], hold_out);
    if (begin < kLeastHistory) continue;
    for (size_t origin = begin; origin < set.series[i].size(); origin += horizon)
      AddWindow(set, i, origin, horizon, windows);
  }
  return windows;
}

std::vector<Window> FutureWindows(const SeriesSet& set, size_t horizon) {
  std::vector<Window> windows;
  for (size_t i = 0; i < set.series.size(); ++i) {
    const Series& series = set.series[i];
    if (!set.columns.known.empty() && series.future() < horizon) {
      Fail("forecast", fmt::format("series {}", Quoted(series.name)),
           fmt::format("followed by {} rows with {}, known in the future", horizon, fmt::join(set.columns.known, ", ")),
           fmt::format("followed by {}", series.future()));
    }
    windows.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(series.size())});
  }
  return windows;
}

ForecastSplit SplitSeries(const SeriesSet& set, const HoldOut& hold_out, size_t horizon) {
  ForecastSplit split;
  split.held_out = HeldOutWindows(set, hold_out, horizon);
  for (size_t i = 0; i < set.series.size(); ++i) {
    const size_t rows = HeldOutBegin(set.series[i], hold_out);
    const size_t wanted = ValidationRows(rows, horizon, set.series.size());
    std::vector<RowRange> spared;
    if (rows >= kLeastHistory + horizon + wanted) spared = Stretches(rows, wanted, horizon, set.series.size());
    for (const RowRange& stretch : spared) {
      const size_t stride = OriginStride(rows, wanted - (spared.size() - 1) * horizon, horizon, set.series.size());
      for (size_t origin = stretch.begin; origin + horizon <= stretch.end; origin += stride) {
        AddWindow(set, i, origin, horizon, split.validation);
      }
    }
    if (set.series.size() < kFewSeries) AddRolling(set, i, rows, horizon, split.rolling);
    split.ends.push_back(spared.empty() ? rows : spared.back().begin);
    if (!spared.empty()) spared.pop_back();
    split.spared.push_back(std::move(spared));
    if (split.ends.back() <= kLeastHistory) ++split.untrained;
  }
  if (split.rolling.empty()) split.rolling = split.validation;
  RequireSomethingLeft(set, hold_out, horizon, split);
  return split;
}

}  // namespace eddy
