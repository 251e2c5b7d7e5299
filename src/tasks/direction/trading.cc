#include "tasks/direction/trading.h"

#include <cmath>
#include <map>

namespace eddy {

Strategy Trade(std::string name, const PriceSet& prices, double begin, const DirectionDesign& design,
               const std::function<double(size_t series, size_t origin)>& bet) {
  struct Day {
    double sum = 0, traded = 0, count = 0;
  };
  std::map<double, Day> days;
  for (size_t s = 0; s < prices.series.size(); ++s) {
    const ReturnSeries& series = prices.series[s];
    const size_t first = FirstReturnFrom(series, begin);
    double held = 0;
    for (size_t i = first; i < series.size(); ++i) {
      double position = 0;
      for (size_t k = 0; k < design.horizon && i >= first + k; ++k) position += bet(s, i - k);
      position /= static_cast<double>(design.horizon);
      Day& day = days[series.times[i]];
      day.traded += std::abs(position - held);
      day.sum += position * 100 * std::expm1(series.returns[i] / 100) - design.costs * std::abs(position - held);
      ++day.count;
      held = position;
    }
  }
  Strategy strategy{std::move(name), {}, 0, 0, {}};
  double value = 1;
  for (const auto& [time, day] : days) {
    strategy.returns.push_back(day.sum / day.count);
    value *= 1 + strategy.returns.back() / 100;
    strategy.turnover += day.traded / day.count / static_cast<double>(days.size());
  }
  strategy.total = 100 * (value - 1);
  strategy.sharpe = SharpeOf(strategy.returns);
  return strategy;
}

}  // namespace eddy
