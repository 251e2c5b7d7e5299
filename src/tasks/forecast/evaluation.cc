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

}  // namespace

ForecastResult EvaluateForecaster(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                  Threads& threads) {
  const ForecastDesign& design = forecaster.design();
  const std::vector<double>& quantiles = design.quantiles;
  const size_t H = design.horizon, season = design.season;
  ForecastMetrics network(season), naive(season), seasonal_naive(season), naive2(season);
  for (size_t begin = 0; begin < windows.size(); begin += kWindowsAtOnce) {
    const std::span<const Window> part = windows.subspan(begin, std::min(kWindowsAtOnce, windows.size() - begin));
    const std::vector<std::vector<double>> forecasts = forecaster.Forecast(set, part, threads);
    for (size_t i = 0; i < part.size(); ++i) {
      const Series& series = set.series[part[i].series];
      const size_t origin = part[i].origin;
      const Observations history = series.all().first(origin);
      const Observations actual = series.all().subspan(origin, std::min(H, series.size() - origin));
      const auto add = [&](ForecastMetrics& metrics, const std::vector<double>& forecast) {
        metrics.Add(history, actual, quantiles, Repeated(forecast, quantiles.size()));
      };
      network.Add(history, actual, quantiles, forecasts[i]);
      add(naive, Persistence(history, H));
      add(seasonal_naive, SeasonalNaive(history, season, H));
      add(naive2, Naive2(history, season, H));
    }
  }
  return {windows.size(), season, network.scores(), naive.scores(), seasonal_naive.scores(), naive2.scores()};
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
  const bool scaled = std::isfinite(result.network.mase);
  const auto figure = [&](const ForecastScores& scores) { return scaled ? scores.mase : scores.mae; };
  std::vector<NamedFigure> floors = {{"persistence", figure(result.naive)}};
  if (result.season > 1) floors.push_back({"seasonal naive", figure(result.seasonal_naive)});
  return CompareWithFloors(figure(result.network), floors, scaled ? "MASE" : "mean absolute error");
}

}  // namespace eddy
