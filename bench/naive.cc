// The floors for series (persistence, seasonal naive, Naive2, the damped trend) on the last rows of each series of a CSV.
//     naive FILE.csv SERIES TIME TARGET SEASON HORIZON
// With bench/m4_long.py's hourly file (series step value 24 48) this prints the figures of the M4 competition: seasonal
// naive 13.912 and 1.193, Naive2 18.383 and 2.395. SERIES and TIME may be "".
#include "floors/naive.h"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>

#include "data/series.h"
#include "data/windows.h"
#include "floors/damped_trend.h"
#include "floors/season.h"
#include "tasks/forecast/scores.h"

int main(int argc, char** argv) try {
  if (argc != 7) {
    fmt::print(stderr, "usage: naive FILE.csv SERIES TIME TARGET SEASON HORIZON\n");
    return 2;
  }
  eddy::SeriesColumns columns;
  columns.series = argv[2];
  columns.time = argv[3];
  columns.target = argv[4];
  const size_t season = std::strtoul(argv[5], nullptr, 10);
  const size_t horizon = std::strtoul(argv[6], nullptr, 10);
  const eddy::SeriesSet set = eddy::ReadSeries(eddy::ReadCsv(argv[1]), columns);
  const std::vector<size_t> ends = eddy::HoldOutLast(set, horizon);

  eddy::ForecastMetrics persistence(season), seasonal(season), naive2(season), damped(season);
  for (size_t i = 0; i < set.series.size(); ++i) {
    const eddy::Observations all = set.series[i].all();
    const eddy::Observations history = all.first(ends[i]);
    const eddy::Observations actual = all.subspan(ends[i], all.size() - ends[i]);
    persistence.Add(history, actual, eddy::Persistence(history, horizon));
    seasonal.Add(history, actual, eddy::SeasonalNaive(history, season, horizon));
    naive2.Add(history, actual, eddy::Naive2(history, season, horizon));
    damped.Add(history, actual, eddy::DampedTrend(history, season, horizon));
  }
  fmt::print("{} series, a row a {}; guessed season {}\n", set.series.size(), set.axis.StepName(),
             eddy::GuessSeason(set, ends));
  fmt::print("{:15} {:>8} {:>8} {:>8}\n", "", "sMAPE", "MASE", "OWA");
  const eddy::ForecastScores reference = naive2.scores();
  const auto row = [&](const char* name, const eddy::ForecastScores& scores) {
    fmt::print("{:15} {:8.3f} {:8.3f} {:8.3f}\n", name, scores.smape, scores.mase, eddy::Owa(scores, reference));
  };
  row("persistence", persistence.scores());
  row("seasonal naive", seasonal.scores());
  row("Naive2", reference);
  row("damped trend", damped.scores());
} catch (const std::exception& error) {
  fmt::print(stderr, "naive: {}\n", error.what());
  return 1;
}
