#include "prices/leak.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kLeastDays = 60;
// How much more a column must go with the next day than with its own and the one after, in standard deviations of a
// correlation and as it is. A volatility that options imply goes with both about alike.
constexpr double kDeviations = 4, kMargin = 0.1;
constexpr double kSignedMargin = 0.15;  // of the next day's return with its sign, which hardly anything legitimate goes with

// Ranks about 0, ties sharing theirs.
std::vector<double> Ranks(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t i = 0; i < order.size();) {
    size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    const double rank = (static_cast<double>(i + end) - static_cast<double>(order.size())) / 2;
    for (; i < end; ++i) ranks[order[i]] = rank;
  }
  return ranks;
}

double RankCorrelation(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double> x = Ranks(a), y = Ranks(b);
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += x[i] * y[i];
    xx += x[i] * x[i];
    yy += y[i] * y[i];
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

// Values or changes of a column in all series, side by side with the returns `shift` days later.
struct Sides {
  std::vector<double> column, returns, sizes;
};

template <class Values>
Sides Collect(const PriceSet& prices, const std::vector<size_t>& begins, const Values& values_of, bool changes, int shift) {
  Sides sides;
  for (size_t s = 0; s < prices.series.size(); ++s) {
    const ReturnSeries& series = prices.series[s];
    const std::span<const double> values = values_of(series);
    for (size_t t = 2; t + 2 < begins[s]; ++t) {
      const double r = series.returns[static_cast<size_t>(static_cast<ptrdiff_t>(t) + shift)];
      sides.column.push_back(changes ? values[t] - values[t - 1] : values[t]);
      sides.returns.push_back(r);
      sides.sizes.push_back(std::abs(r));
    }
  }
  return sides;
}

template <class Values>
ColumnTiming TestColumn(const std::string& name, const PriceSet& prices, const std::vector<size_t>& begins,
                        const Values& values_of) {
  ColumnTiming timing{.column = name};
  for (const bool changes : {false, true}) {
    for (const bool sizes : {false, true}) {
      double at[4];
      size_t count = 0;
      for (int shift = -1; shift <= 2; ++shift) {
        const Sides sides = Collect(prices, begins, values_of, changes, shift);
        count = sides.column.size();
        at[shift + 1] =
            count < kLeastDays ? 0 : std::abs(RankCorrelation(sides.column, sizes ? sides.sizes : sides.returns));
      }
      const double margin = std::max(sizes ? kMargin : kSignedMargin,
                                     kDeviations / std::sqrt(static_cast<double>(std::max<size_t>(count, 1))));
      const bool knows = at[2] > std::max(at[1], at[3]) + margin;
      if ((knows && !timing.knows_future) || (knows == timing.knows_future && at[2] > timing.next)) {
        timing.before = at[0], timing.own = at[1], timing.next = at[2], timing.after = at[3];
      }
      timing.knows_future = timing.knows_future || knows;
    }
  }
  return timing;
}

}  // namespace

std::vector<ColumnTiming> TestColumns(const PriceSet& prices, const std::vector<size_t>& begins) {
  const PriceColumns& columns = prices.columns;
  std::vector<ColumnTiming> timings;
  for (size_t m = 0; m < columns.measures(); ++m) {
    const std::string name =
        m < columns.ranges() ? columns.high + "\" and \"" + columns.low : columns.realised[m - columns.ranges()];
    timings.push_back(TestColumn(name, prices, begins, [&](const ReturnSeries& s) { return s.measure(m); }));
  }
  for (size_t c = 0; c < columns.covariates.size(); ++c) {
    timings.push_back(
        TestColumn(columns.covariates[c], prices, begins, [&](const ReturnSeries& s) { return s.covariate(c); }));
  }
  return timings;
}

void RequireNoneKnowsFuture(const std::vector<ColumnTiming>& timings) {
  const ColumnTiming* worst = nullptr;
  for (const ColumnTiming& each : timings) {
    if (each.knows_future && (worst == nullptr || each.next > worst->next)) worst = &each;
  }
  if (worst == nullptr) return;
  Fail(
      "read", fmt::format("column \"{}\"", worst->column), "known at the end of its day",
      fmt::format("one that knows the future: its rank correlation with the next day's return is {:.2f}, with its own day's "
                  "{:.2f}",
                  worst->next, worst->own));
}

}  // namespace eddy
