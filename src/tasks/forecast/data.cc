#include "tasks/forecast/data.h"

#include <algorithm>

#include "data/digest.h"
#include "data/encoding.h"
#include "eddy/error.h"
#include "tasks/forecast/design.h"

namespace eddy {

SeriesData LoadSeries(std::string_view text, const std::string& source, const ForecastOptions& options) {
  SeriesColumns columns{options.target, options.time, options.series, options.covariates, options.known};
  columns.each = options.each;
  columns.each_of_numbers = options.wide;
  if (columns.target.empty() && !columns.wide()) throw UsageError("forecast needs --target, or --each or --wide");
  for (const std::string& name : columns.known) {
    const auto& covariates = columns.covariates;
    if (std::find(covariates.begin(), covariates.end(), name) == covariates.end()) columns.covariates.push_back(name);
  }
  SeriesData data;
  data.source = source;
  data.set = ReadSeries(ParseCsv(text, source), columns, {.date_order = options.dates, .calendar = {}});
  data.hold_out.rows = options.hold_out.value_or(options.horizon);
  if (!options.from.empty()) {
    data.hold_out.from = data.set.axis.Parse(options.from);
    if (!data.hold_out.from) Fail("forecast", "--from", "a time like those of the time column", Quoted(options.from));
  }
  data.split = SplitSeries(data.set, data.hold_out, options.horizon);
  data.fingerprint = {{"bytes", text.size()}, {"hash", DigestOf(text)}};
  return data;
}

SeriesData LoadSeries(const Data& table, const ForecastOptions& options) {
  return LoadSeries(ReadDecoded(table).text, table.name(), options);
}

SeriesSet ReadSeriesOf(const ForecastDesign& design, std::string_view text, const std::string& source) {
  return ReadSeries(ParseCsv(text, source), design.columns, {.date_order = {}, .calendar = design.open});
}

SeriesSet ReadSeriesOf(const ForecastDesign& design, const Data& table) {
  return ReadSeriesOf(design, ReadDecoded(table).text, table.name());
}

Json ToJson(const HoldOut& hold_out) {
  return {{"rows", hold_out.rows}, {"from", hold_out.from ? Json(*hold_out.from) : Json()}};
}

HoldOut HoldOutFromJson(const Json& json) {
  HoldOut hold_out;
  hold_out.rows = static_cast<size_t>(IntegerField(json, "rows", 0, kMostWindow));
  if (!Field(json, "from").is_null()) hold_out.from = NumberField(json, "from");
  return hold_out;
}

}  // namespace eddy
