#include "tasks/risk/backtest.h"

#include <cmath>

#include "eddy/error.h"
#include "tasks/risk/split.h"

namespace eddy {

PriceRisk RunOnPrices(TrainedRisk& risk, PriceSet prices, const std::string& from, Threads& threads) {
  const RiskDesign& design = risk.design();
  const double begin_time = from.empty() ? design.until : ParseFrom(prices, from);
  PriceRisk run;
  run.prices = std::move(prices);
  run.seen = begin_time < design.until;
  for (const ReturnSeries& series : run.prices.series) {
    const size_t begin = FirstReturnFrom(series, begin_time);
    if (series.size() == 0) Fail("risk", "a series", "at least two prices", "one");
    run.risks.push_back(risk.Run(series, FitOf(series, design, begin), threads));
    run.paths.push_back(run.risks.back().Combined(design.combination));
    run.judged.push_back({&series, nullptr, JudgedOrigins(series.size(), begin, design.horizon)});
  }
  for (size_t s = 0; s < run.risks.size(); ++s) run.judged[s].risk = &run.risks[s];
  return run;
}

std::vector<RiskForecast> NextOf(const PriceRisk& run, const RiskDesign& design) {
  const size_t Q = design.levels.size();
  std::vector<RiskForecast> forecasts;
  for (size_t s = 0; s < run.risks.size(); ++s) {
    const ReturnSeries& series = run.prices.series[s];
    const SeriesRisk& risk = run.risks[s];
    const size_t origin = series.size();
    RiskForecast& forecast = forecasts.emplace_back();
    forecast.series = series.name;
    forecast.time = run.prices.axis.Format(series.next);
    forecast.volatility = risk.volatility[origin];
    forecast.levels = design.levels;
    for (size_t q = 0; q < Q; ++q) {
      const TailRisk& tail = run.paths[s].tails[origin * Q + q];
      forecast.value_at_risk.push_back(-tail.value);
      forecast.expected_shortfall.push_back(-tail.shortfall);
    }
    forecast.realised_variance =
        risk.realised_forecast.empty() ? std::nan("") : std::exp(risk.realised_forecast[origin] + risk.realised_spread / 2);
  }
  return forecasts;
}

}  // namespace eddy
