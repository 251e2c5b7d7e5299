#include "data/windows.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/excerpt.h"
#include "eddy/error.h"

namespace eddy {
namespace {

void RequireRows(const Series& series, size_t end, size_t least) {
  if (end >= least) return;
  Fail("series", series.name.empty() ? "the series" : fmt::format("series {}", Excerpt(series.name)),
       fmt::format("long enough to leave {} rows before what is held out", least),
       fmt::format("{} rows long, which leaves {}", series.size(), end));
}

}  // namespace

std::vector<size_t> HoldOutLast(const SeriesSet& set, size_t horizon, size_t least) {
  std::vector<size_t> ends;
  for (const Series& series : set.series) {
    ends.push_back(series.size() - std::min(series.size(), horizon));
    RequireRows(series, ends.back(), least);
  }
  return ends;
}

std::vector<size_t> HoldOutFrom(const SeriesSet& set, double time, size_t least) {
  std::vector<size_t> ends;
  for (const Series& series : set.series) {
    ends.push_back(FirstRowFrom(series, time));
    RequireRows(series, ends.back(), least);
  }
  return ends;
}

std::vector<Window> TrainingWindows(const SeriesSet& set, std::span<const size_t> ends, size_t history, size_t horizon,
                                    size_t stride) {
  std::vector<Window> windows;
  for (size_t i = 0; i < set.series.size(); ++i) {
    if (ends[i] < history + horizon) continue;
    const std::vector<uint8_t>& observed = set.series[i].observed;
    const size_t last = ends[i] - horizon;
    for (size_t origin = history + (last - history) % stride; origin <= last; origin += stride) {
      const auto begin = observed.begin() + static_cast<std::ptrdiff_t>(origin);
      const bool judged = std::any_of(begin, begin + static_cast<std::ptrdiff_t>(horizon), [](uint8_t o) { return o != 0; });
      if (judged) windows.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(origin)});
    }
  }
  return windows;
}

}  // namespace eddy
