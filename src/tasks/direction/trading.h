// What forecasts of direction would have earned: equal parts of the whole are bet on each series, long or short; what is
// bought or sold costs.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "metrics/sharpe.h"
#include "tasks/direction/model.h"

namespace eddy {

struct Strategy {
  std::string name;
  std::vector<double> returns;  // of each day, percent, after costs
  double total = 0;             // percent, compounded
  double turnover = 0;          // share of the whole that is bought or sold a day
  SharpeRatio sharpe;           // a day
};

// `bet` says of a series and an origin what is bet on the horizon that follows: 1 on up, -1 on down. A horizon of several
// days is held by as many parts, one of each day's bet. From the returns at or after `begin`.
Strategy Trade(std::string name, const PriceSet& prices, double begin, const DirectionDesign& design,
               const std::function<double(size_t series, size_t origin)>& bet);

}  // namespace eddy
