#include "tasks/risk/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "eddy/error.h"
#include "tasks/risk/floors.h"

namespace eddy {
namespace {

constexpr size_t kBlocks = 5;        // of which one chooses
constexpr size_t kMostBlock = 63;    // days: a quarter of a year
constexpr size_t kHoldOutShare = 5;  // a fifth of the rows

std::vector<OriginUse> UsesOf(size_t returns, size_t begin, size_t horizon, size_t embargo) {
  std::vector<OriginUse> uses(returns + 1, OriginUse::kNone);
  const size_t block = std::clamp<size_t>(begin / (3 * kBlocks), 1, kMostBlock);
  const auto validates = [&](size_t origin) { return origin / block % kBlocks == kBlocks - 1; };
  const size_t warm = std::min(kFirstResiduals, begin / 3), reach = horizon + embargo;
  for (size_t i = 1; i + reach <= begin; ++i) {
    if (validates(i)) {
      if (validates(i + horizon - 1) && i >= warm) uses[i] = OriginUse::kValidate;
      continue;
    }
    // Nothing from its horizon to the end of the embargo may choose, nor the horizons of those that end shortly before it.
    bool apart = true;
    for (size_t j = i + 1; j < i + reach && apart; ++j) apart = !validates(j);
    for (size_t j = i - std::min(i, embargo); j < i && apart; ++j) apart = !validates(j);
    if (apart) uses[i] = OriginUse::kTrain;
  }
  return uses;
}

}  // namespace

RiskSplit SplitPrices(const PriceSet& prices, const RiskOptions& options) {
  RiskSplit split;
  std::optional<double> from;
  if (!options.from.empty()) from = ParseFrom(prices, options.from);
  const size_t least = std::max(kLeastReturns, 4 * options.horizon);
  size_t longest = 0, judged = 0;
  split.until = std::numeric_limits<double>::infinity();
  double last = -std::numeric_limits<double>::infinity();
  for (const ReturnSeries& series : prices.series) {
    const size_t T = series.size();
    const size_t rows = std::min(T, options.hold_out.value_or(T / kHoldOutShare));
    const size_t begin = from ? FirstReturnFrom(series, *from) : T - rows;
    split.begins.push_back(begin);
    longest = std::max(longest, begin);
    if (begin < T) split.until = std::min(split.until, series.times[begin]);
    last = std::max(last, series.next);
    if (begin < least) {
      split.uses.emplace_back(T + 1, OriginUse::kNone);
      ++split.untrained;
      continue;
    }
    judged += JudgedOrigins(T, begin, options.horizon).size();
    split.uses.push_back(UsesOf(T, begin, options.horizon, options.embargo.value_or(options.horizon)));
  }
  if (split.untrained == prices.series.size()) {
    Fail("train risk", "the longest series", fmt::format("of at least {} returns before what is held out", least),
         fmt::format("{}", longest));
  }
  if (judged == 0) {
    if (options.hold_out.value_or(1) > 0) Fail("train risk", "what is held out", "at least a horizon of returns", "fewer");
    split.until = last;
  }
  return split;
}

std::vector<size_t> JudgedOrigins(size_t returns, size_t begin, size_t horizon) {
  std::vector<size_t> origins;
  for (size_t i = begin; i + horizon <= returns; i += horizon) origins.push_back(i);
  return origins;
}

}  // namespace eddy
