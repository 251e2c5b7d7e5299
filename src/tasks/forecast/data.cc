#include "tasks/forecast/data.h"

#include <algorithm>

#include "data/encoding.h"
#include "eddy/error.h"
#include "tasks/forecast/design.h"
#include "train/checkpoint.h"

namespace eddy {

SeriesData LoadSeries(std::string_view text, const SeriesInput& input, const ForecastOptions& options) {
  SeriesColumns columns = input.columns;
  if (columns.target.empty() && !columns.wide()) throw UsageError("forecast needs --target, or --each or --wide");
  for (const std::string& name : columns.known) {
    const auto& covariates = columns.covariates;
    if (std::find(covariates.begin(), covariates.end(), name) == covariates.end()) columns.covariates.push_back(name);
  }
  SeriesData data;
  data.source = input.file;
  data.set = ReadSeries(ParseCsv(text, input.file), columns, {.date_order = input.date_order, .calendar = {}});
  data.hold_out.rows = options.hold_out.value_or(options.horizon);
  if (!options.from.empty()) {
    data.hold_out.from = data.set.axis.Parse(options.from);
    if (!data.hold_out.from) Fail("forecast", "--from", "a time like those of the time column", Quoted(options.from));
  }
  data.split = SplitSeries(data.set, data.hold_out, options.horizon);
  data.fingerprint = {{"bytes", text.size()}, {"hash", HashBytes(text)}};
  return data;
}

SeriesData LoadSeries(const SeriesInput& input, const ForecastOptions& options) {
  return LoadSeries(ReadDecoded(input.file).text, input, options);
}

SeriesSet ReadSeriesOf(const ForecastDesign& design, std::string_view text, const std::string& source) {
  return ReadSeries(ParseCsv(text, source), design.columns, {.date_order = {}, .calendar = design.open});
}

SeriesSet ReadSeriesOf(const ForecastDesign& design, const std::string& file) {
  return ReadSeriesOf(design, ReadDecoded(file).text, file);
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
