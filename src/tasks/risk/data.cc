#include "tasks/risk/data.h"

#include "data/digest.h"
#include "data/encoding.h"

namespace eddy {

RiskData LoadPrices(const Data& table, const RiskOptions& options) {
  RequireMeaning(options);
  RiskData data;
  data.source = table.name();
  const std::string text = ReadDecoded(table).text;
  data.prices = ReadPrices(text, table.name(), ColumnsOf(options));
  data.split = SplitPrices(data.prices, options);
  data.timings = TestColumns(data.prices, data.split.begins);
  RequireNoneKnowsFuture(data.timings);
  data.fingerprint = {{"bytes", text.size()}, {"hash", DigestOf(text)}};
  return data;
}

PriceSet ReadPricesOf(const RiskDesign& design, const Data& table) {
  return ReadPrices(ReadDecoded(table).text, table.name(), design.columns);
}

}  // namespace eddy
