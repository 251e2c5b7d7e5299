// Any bytes are a table, a set of series, or an Error. The first byte chooses what the columns are taken for.
#include <cstdint>
#include <string>

#include "data/series.h"
#include "data/windows.h"
#include "eddy/error.h"
#include "floors/naive.h"
#include "floors/season.h"
#include "tasks/forecast/scores.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t roles = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const eddy::CsvTable table = eddy::ParseCsv(text, "fuzz");
    const std::vector<std::string>& names = table.names();
    eddy::SeriesColumns columns;
    columns.target = names.back();
    if (roles & 1) columns.time = names[0];
    if (roles & 2) columns.series = names[names.size() / 2];
    if (roles & 4) columns.covariates = {names[names.size() > 1 ? 1 : 0]};
    if (roles & 8) columns.known = columns.covariates;
    const eddy::SeriesSet set = eddy::ReadSeries(table, columns);

    const std::vector<size_t> ends = eddy::HoldOutLast(set, 1 + roles / 16);
    const size_t season = eddy::GuessSeason(set, ends);
    eddy::TrainingWindows(set, ends, 1, 2);
    eddy::ForecastMetrics metrics(season);
    for (size_t i = 0; i < set.series.size(); ++i) {
      const eddy::Series& series = set.series[i];
      std::vector<float> features(set.axis.FeatureNames().size());
      set.axis.Features(series.times.back(), features.data());
      set.axis.Format(set.axis.Advance(series.times.back(), 3));
      const eddy::Observations all = series.all();
      const size_t horizon = all.size() - ends[i];
      metrics.Add(all.first(ends[i]), all.subspan(ends[i], horizon), eddy::Naive2(all.first(ends[i]), season, horizon));
      metrics.Add(all.first(ends[i]), all.subspan(ends[i], horizon),
                  eddy::SeasonalNaive(all.first(ends[i]), season, horizon));
    }
    metrics.scores();
  } catch (const eddy::Error&) {
  }
  return 0;
}
