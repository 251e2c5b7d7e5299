#include "tasks/forecast/evaluation.h"

#include <algorithm>
#include <cmath>

#include "floors/naive.h"

namespace eddy {
namespace {

constexpr size_t kWindowsAtOnce = 1024;

// A point forecast says the same for every quantile.
std::vector<double> Repeated(const std::vector<double>& forecast, size_t quantiles) {
  std::vector<double> repeated;
  for (double value : forecast) repeated.insert(repeated.end(), quantiles, value);
  return repeated;
}

PartSums FigureParts(const std::vector<ForecastScores>& windows, bool scaled) {
  PartSums parts{2};
  for (const ForecastScores& window : windows) {
    const double error = scaled ? window.mase : window.mae;
    const bool defined = std::isfinite(error);
    parts.Add(std::vector<double>{defined ? error : 0, defined ? 1.0 : 0.0});
  }
  return parts;
}

}  // namespace

ForecastResult EvaluateForecaster(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                  Threads& threads) {
  const ForecastDesign& design = forecaster.design();
  const std::vector<double>& quantiles = design.quantiles;
  const size_t H = design.horizon, season = design.season;
  ForecastMetrics network(season), naive(season), seasonal_naive(season), naive2(season), past_median(season);
  std::vector<ForecastScores>
      errors[4];  // of each window: of the network, persistence, seasonal naive, the median of the past
  for (size_t begin = 0; begin < windows.size(); begin += kWindowsAtOnce) {
    const std::span<const Window> part = windows.subspan(begin, std::min(kWindowsAtOnce, windows.size() - begin));
    const std::vector<std::vector<double>> forecasts = forecaster.Forecast(set, part, threads);
    for (size_t i = 0; i < part.size(); ++i) {
      const Series& series = set.series[part[i].series];
      const size_t origin = part[i].origin;
      const Observations history = series.all().first(origin);
      const Observations actual = series.all().subspan(origin, std::min(H, series.size() - origin));
      const auto add = [&](ForecastMetrics& metrics, const std::vector<double>& forecast) {
        metrics.Add(history, actual, quantiles, forecast);
        ForecastMetrics alone(season);
        alone.Add(history, actual, quantiles, forecast);
        return alone.scores();
      };
      const auto repeated = [&](const std::vector<double>& forecast) { return Repeated(forecast, quantiles.size()); };
      errors[0].push_back(add(network, forecasts[i]));
      errors[1].push_back(add(naive, repeated(Persistence(history, H))));
      errors[2].push_back(add(seasonal_naive, repeated(SeasonalNaive(history, season, H))));
      errors[3].push_back(add(past_median, repeated(PastMedian(history, H))));
      add(naive2, repeated(Naive2(history, season, H)));
    }
  }
  ForecastResult result = {windows.size(),          season,         network.scores(), naive.scores(),
                           seasonal_naive.scores(), naive2.scores()};
  const bool scaled = std::isfinite(result.network.mase);
  result.network_parts = FigureParts(errors[0], scaled);
  result.naive_parts = FigureParts(errors[1], scaled);
  result.seasonal_naive_parts = FigureParts(errors[2], scaled);
  result.past_median_parts = FigureParts(errors[3], scaled);
  result.past_median = past_median.scores();
  return result;
}

std::vector<double> WindowErrors(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                 Threads& threads) {
  const ForecastDesign& design = forecaster.design();
  std::vector<double> scaled, absolute;
  for (size_t begin = 0; begin < windows.size(); begin += kWindowsAtOnce) {
    const std::span<const Window> part = windows.subspan(begin, std::min(kWindowsAtOnce, windows.size() - begin));
    const std::vector<std::vector<double>> forecasts = forecaster.Forecast(set, part, threads);
    for (size_t i = 0; i < part.size(); ++i) {
      const Series& series = set.series[part[i].series];
      const Observations history = series.all().first(part[i].origin);
      const size_t known = std::min(design.horizon, series.size() - part[i].origin);
      ForecastMetrics metrics(design.season);
      metrics.Add(history, series.all().subspan(part[i].origin, known), design.quantiles, forecasts[i]);
      scaled.push_back(metrics.scores().mase);
      absolute.push_back(metrics.scores().mae);
    }
  }
  const bool any = std::any_of(scaled.begin(), scaled.end(), [](double error) { return std::isfinite(error); });
  return any ? scaled : absolute;
}

Verdict JudgeForecasts(const ForecastResult& result) {
  std::vector<JudgedMethod> floors = {{"persistence", result.naive_parts},
                                      {"the median of the past", result.past_median_parts}};
  if (result.season > 1) floors.push_back({"seasonal naive", result.seasonal_naive_parts});
  const JudgedFigure figure = {.of = [](std::span<const double> sums) { return sums[0] / sums[1]; },
                               .unit = std::isfinite(result.network.mase) ? "MASE" : "mean absolute error",
                               .part = "forecast"};
  return JudgeByParts({"network", result.network_parts}, floors, figure, AllJudge(result.windows));
}

}  // namespace eddy
