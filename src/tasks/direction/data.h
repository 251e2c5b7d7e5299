// Prices for a model of direction: read, tested for columns that know the future, and cut where what judges begins.
#pragma once

#include <string>
#include <vector>

#include "prices/leak.h"
#include "tasks/direction/options.h"

namespace eddy {

struct DirectionData {
  std::string source;
  PriceSet prices;
  std::vector<double> refit_begins;  // times, at least one; after all there are where nothing is held out
  std::vector<ColumnTiming> timings;
  Json fingerprint;  // {"bytes", "hash"} of the table
};

DirectionData LoadDirectionPrices(const Data& table, const DirectionOptions& options);  // throws Error

}  // namespace eddy
