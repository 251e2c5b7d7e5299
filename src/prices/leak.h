// Whether a column that stands beside the prices knows the future. What is known at the end of a day goes with that day's
// return, or those before it; a column that goes with the next day's return more than with its own was put a day too early,
// or made of what came later.
#pragma once

#include <string>
#include <vector>

#include "prices/prices.h"

namespace eddy {

// A column beside the returns of the day before, its own day and the two that follow: the rank correlation that is largest
// in size, of its value or its change with the return or with its size.
struct ColumnTiming {
  std::string column;
  double before = 0, own = 0, next = 0, after = 0;
  bool knows_future = false;
};

// Of every column but the price and the time, from the returns before each series' begin: each column is shifted by a day
// against the returns, and by another.
std::vector<ColumnTiming> TestColumns(const PriceSet& prices, const std::vector<size_t>& begins);

// Throws Error that names the column which knows most.
void RequireNoneKnowsFuture(const std::vector<ColumnTiming>& timings);

}  // namespace eddy
