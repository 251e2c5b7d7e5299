#include "tasks/direction/backtest.h"

#include "data/encoding.h"

namespace eddy {

DirectionRun RunOnPrices(TrainedDirection& direction, const Data& table, const std::string& from, Threads& threads) {
  const DirectionDesign& design = direction.design();
  DirectionRun run;
  run.prices = ReadPrices(ReadDecoded(table).text, table.name(), design.columns);
  run.begin = from.empty() ? design.refits[0].begin : ParseFrom(run.prices, from);
  run.seen = run.begin < design.refits[0].begin;
  run.directions = direction.Run(run.prices, threads);
  return run;
}

std::vector<DirectionForecast> NextOf(const DirectionRun& run) {
  std::vector<DirectionForecast> forecasts;
  for (size_t s = 0; s < run.directions.size(); ++s) {
    const ReturnSeries& series = run.prices.series[s];
    forecasts.push_back({series.name, run.prices.axis.Format(series.next), run.directions[s].network.back()});
  }
  return forecasts;
}

}  // namespace eddy
