// Stocks made by a fixed seed, for tests of direction: each goes on the way it went the day before, as much as `momentum`
// says.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "eddy/random.h"

namespace eddy {

// A table with the columns stock, day, close, own (the day's return) and next (that of the day after, which nobody knows).
// `price_of` may change what is shown of a day.
inline std::string StockTable(size_t stocks, size_t days, double momentum,
                              const std::function<double(size_t, double)>& price_of = {}) {
  Random random(11);
  std::string text = "stock,day,close,own,next\n";
  for (size_t s = 0; s < stocks; ++s) {
    std::vector<double> returns = {0};
    for (size_t t = 1; t <= days; ++t) returns.push_back(momentum * returns.back() + random.Normal());
    double log = std::log(50.0);
    for (size_t t = 0; t < days; ++t) {
      log += returns[t] / 100;
      const double price = std::exp(log);
      text += fmt::format("s{},{},{:.8g},{:.5g},{:.5g}\n", s, t, price_of ? price_of(t, price) : price, returns[t],
                          returns[t + 1]);
    }
  }
  return text;
}

}  // namespace eddy
