// Prices for a model of risk, read, split and tested for columns that know the future.
#pragma once

#include <string>
#include <vector>

#include "prices/leak.h"
#include "tasks/risk/options.h"
#include "tasks/risk/split.h"

namespace eddy {

struct RiskData {
  std::string source;
  PriceSet prices;
  RiskSplit split;
  std::vector<ColumnTiming> timings;
  Json fingerprint;  // {"bytes", "hash"} of the table
};

RiskData LoadPrices(const Data& table, const RiskOptions& options);  // throws Error
PriceSet ReadPricesOf(const RiskDesign& design, const Data& table);  // with the columns that a model was trained on

}  // namespace eddy
