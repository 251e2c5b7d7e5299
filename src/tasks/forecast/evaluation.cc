#include "tasks/forecast/evaluation.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr size_t kWindowsAtOnce = 1024;

// A point forecast says the same for every quantile.
std::vector<double> Repeated(const std::vector<double>& forecast, size_t quantiles) {
  std::vector<double> repeated;
  for (double value : forecast) repeated.insert(repeated.end(), quantiles, value);
  return repeated;
}

// The figure of the verdict, and what it is called.
struct Judged {
  double ForecastScores::*figure;
  const char* unit;
};
Judged JudgedFigureOf(const ForecastResult& result) {
  if (!std::isfinite(result.network.mase)) return {&ForecastScores::mae, "mean absolute error"};
  if (result.intermittent) return {&ForecastScores::scaled_pinball, "scaled pinball loss"};
  return {&ForecastScores::mase, "MASE"};
}

// What a method is measured by: all forecasts together, and each of them.
struct Measured {
  ForecastMetrics all;
  std::vector<ForecastScores> each;

  void Add(Observations history, Observations actual, const ForecastDesign& design, std::span<const double> forecast) {
    all.Add(history, actual, design.quantiles, forecast);
    ForecastMetrics alone(design.season);
    alone.Add(history, actual, design.quantiles, forecast);
    each.push_back(alone.scores());
  }
  PartSums Parts(double ForecastScores::*figure) const {
    PartSums parts{2};
    for (const ForecastScores& scores : each) {
      const bool defined = std::isfinite(scores.*figure);
      parts.Add(std::vector<double>{defined ? scores.*figure : 0, defined ? 1.0 : 0.0});
    }
    return parts;
  }
};

}  // namespace

const ForecastScores& ForecastResult::ScoresOf(const std::string& floor) const {
  return std::ranges::find(floors, floor, [](const FloorResult& each) { return each.floor.key; })->scores;
}

ForecastResult EvaluateForecaster(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                                  Threads& threads, ProcessGroup& group) {
  const ForecastDesign& design = forecaster.design();
  const size_t season = design.season;
  const std::vector<ForecastFloor> floors = FloorsOf(design);
  Measured network{ForecastMetrics(season), {}};
  std::vector<Measured> simple(floors.size(), network);
  for (size_t begin = 0; begin < windows.size(); begin += kWindowsAtOnce) {
    const std::span<const Window> part = windows.subspan(begin, std::min(kWindowsAtOnce, windows.size() - begin));
    const std::vector<std::vector<double>> forecasts = forecaster.Forecast(set, part, threads, group);
    std::vector<Observations> histories;
    for (const Window& window : part) histories.push_back(set.series[window.series].all().first(window.origin));
    const FloorForecasts of_floors = ForecastFloors(design, histories, threads, group);
    for (size_t i = 0; i < part.size(); ++i) {
      const Series& series = set.series[part[i].series];
      const size_t origin = part[i].origin, known = std::min(design.horizon, series.size() - origin);
      const Observations actual = series.all().subspan(origin, known);
      network.Add(histories[i], actual, design, forecasts[i]);
      for (size_t k = 0; k < floors.size(); ++k) {
        simple[k].Add(histories[i], actual, design, Repeated(of_floors[i][k], design.quantiles.size()));
      }
    }
  }
  ForecastResult result;
  result.windows = windows.size();
  result.season = season;
  result.intermittent = design.intermittent;
  result.mix = forecaster.mix();
  result.network = network.all.scores();
  const auto figure = JudgedFigureOf(result).figure;
  result.network_parts = network.Parts(figure);
  for (size_t k = 0; k < floors.size(); ++k) {
    result.floors.push_back({floors[k], simple[k].all.scores(), simple[k].Parts(figure)});
  }
  result.naive2 = result.ScoresOf("naive2");
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
  std::vector<JudgedMethod> floors;
  for (const FloorResult& each : result.floors) {
    if (result.season > 1 || !each.floor.seasonal) floors.push_back({each.floor.in_words, each.parts});
  }
  const JudgedFigure figure = {.of = [](std::span<const double> sums) { return sums[0] / sums[1]; },
                               .unit = JudgedFigureOf(result).unit,
                               .part = "forecast"};
  return JudgeByParts({"network", result.network_parts}, floors, figure, AllJudge(result.windows));
}

}  // namespace eddy
