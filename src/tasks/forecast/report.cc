#include "tasks/forecast/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/counted.h"
#include "data/calendar.h"
#include "eddy/loss.h"
#include "eddy/ops.h"
#include "model/architecture.h"
#include "report/sections.h"
#include "tasks/forecast/batch.h"
#include "tasks/forecast/head.h"
#include "tasks/forecast/result.h"

namespace eddy {
namespace {

constexpr size_t kShownForecasts = 4;

ForecastChart Chart(const ForecastModel& forecaster, const SeriesSet& set, const Window& window,
                    const std::vector<double>& forecast) {
  const ForecastDesign& design = forecaster.design();
  const Series& series = set.series[window.series];
  const size_t H = design.horizon, Q = design.quantiles.size();
  const size_t shown = std::min<size_t>(window.origin, std::max(2 * H, 3 * design.season));
  const auto value = [&](size_t row) { return series.observed[row] ? series.target[row] : std::nan(""); };
  ForecastChart chart;
  chart.x_label = set.columns.time.empty() ? "row" : set.columns.time;
  chart.y_label = set.columns.wide() ? series.name : set.columns.target;
  chart.band = fmt::format("{} to {} quantile", design.quantiles.front(), design.quantiles.back());
  for (size_t row = window.origin - shown; row < window.origin; ++row) {
    chart.history.push_back(value(row));
    chart.times.push_back(set.axis.Format(series.times[row]));
  }
  for (size_t h = 0; h < H; ++h) {
    if (window.origin + h < series.size()) chart.actual.push_back(value(window.origin + h));
    chart.times.push_back(set.axis.Format(set.TimeAfter(series, series.times[window.origin - 1], h + 1)));
    chart.low.push_back(forecast[h * Q]);
    chart.median.push_back(forecast[h * Q + design.median()]);
    chart.high.push_back(forecast[h * Q + Q - 1]);
  }
  return chart;
}

// Some of the forecasts, evenly over the series.
Section Forecasts(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows, Threads& threads) {
  std::vector<Window> shown;
  const size_t count = std::min(kShownForecasts, windows.size());
  for (size_t i = 0; i < count; ++i) shown.push_back(windows[i * windows.size() / count]);
  const std::vector<std::vector<double>> forecasts = forecaster.Forecast(set, shown, threads);
  std::vector<std::pair<std::string, ForecastChart>> charts;
  for (size_t i = 0; i < shown.size(); ++i) {
    charts.emplace_back(set.series[shown[i].series].name, Chart(forecaster, set, shown[i], forecasts[i]));
  }
  return ForecastSection(std::move(charts));
}

// What comes after the last row: of the longest series for which all is known that must be.
Section Next(ForecastModel& forecaster, const SeriesSet& set, Threads& threads) {
  std::vector<Window> ends;
  for (size_t i = 0; i < set.series.size(); ++i) {
    const bool known = set.columns.known.empty() || set.series[i].future() >= forecaster.design().horizon;
    if (known) ends.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(set.series[i].size())});
  }
  std::stable_sort(ends.begin(), ends.end(), [](const Window& a, const Window& b) { return a.origin > b.origin; });
  ends.resize(std::min(kShownForecasts, ends.size()));
  const std::vector<std::vector<double>> forecasts = forecaster.Forecast(set, ends, threads);
  std::vector<std::pair<std::string, ForecastChart>> charts;
  for (size_t i = 0; i < ends.size(); ++i) {
    charts.emplace_back(set.series[ends[i].series].name, Chart(forecaster, set, ends[i], forecasts[i]));
  }
  Section section = ForecastSection(std::move(charts));
  section.title = "What comes next";
  section.lesson = "Nobody knows yet what happens after the dotted line: the band is where it should come to lie.";
  return section;
}

std::string Cell(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value) : "undefined"; }

Section Scores(const ForecastResult& result) {
  Table table;
  table.columns = {"", "MSE", "MAE", "sMAPE", "MASE", "OWA", "pinball", "coverage"};
  const auto add = [&](const char* name, const ForecastScores& s) {
    table.rows.push_back({name, Cell(s.mse), Cell(s.mae), Cell(s.smape), Cell(s.mase), Cell(Owa(s, result.naive2)),
                          Cell(s.pinball), Cell(s.coverage)});
  };
  add("network", result.network);
  for (const FloorResult& each : result.floors) add(each.floor.name, WithoutBand(each.scores));
  return {"On what was held out",
          "Anyone can repeat the last value, the last season, or the middle of all: a network is worth its training where "
          "it does better.",
          {{"", table}}};
}

std::vector<Fact> Facts(ForecastModel& forecaster, const SeriesSet& set, const TrainingResult& training) {
  const ForecastDesign& design = forecaster.design();
  return {{"Layers", Describe(design.encoder)},
          {"Weights", fmt::format("{}", CountWeights(forecaster.network().parameters()))},
          {"Series", fmt::format("{}", set.series.size())},
          {"Window", Counted(design.window, "row")},
          {"Horizon", Counted(design.horizon, "row") + " of " + WithArticle(design.step)},
          {"Forecast", DescribeMix(forecaster.mix())},
          {"Season", design.season > 1 ? fmt::format("{} rows", design.season) : "none"},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Inside LookInsideForecast(ForecastModel& forecaster, const SeriesSet& set, Threads& threads) {
  const ForecastDesign& design = forecaster.design();
  forecaster.RequireFits(set);
  const Series& first = set.series.front();
  const size_t rows = first.size(), steps = std::min(design.window, rows);
  const ForecastSeries series(set, first, design, rows);
  ForecastDesign shorter = design;  // without steps before the series begins
  shorter.window = steps;
  const ForecastPass pass{&series, rows};
  const ForecastInput input = MakeForecastInput(std::span(&pass, 1), 1, shorter);
  std::vector<std::string> names;
  for (size_t row = rows - steps; row < rows; ++row) names.push_back(fmt::format("{:.6g}", first.target[row]));

  Tensor targets({1, 1, design.horizon}), weights({1, 1, design.horizon});
  targets.Fill(input.references[0]);  // the first reference is the last value
  weights[0] = 1;
  const auto last_loss = [&](Tape& tape, Var y) {
    const Var raw = forecaster.network().Head(tape, Slice(tape, y, steps - 1, steps), input.known);
    const Var quantiles = MixReferences(tape, raw, input.references, design.median());
    return Pinball(tape, quantiles, targets, design.quantiles, weights);
  };
  return LookInside(RequireStack(forecaster.network().encoder()), input.features, std::move(names), last_loss,
                    forecaster.network().parameters(), threads);
}

Report MakeForecastReport(ForecastModel& forecaster, const SeriesSet& set, std::span<const Window> windows,
                          const ForecastResult& result, const TrainingResult& training, std::string title,
                          Threads& threads) {
  Report report;
  report.title = std::move(title);
  report.facts = Facts(forecaster, set, training);
  if (windows.empty()) {
    report.verdict = "Nothing was held out, so nothing is known of how good the forecasts are.";
  } else {
    const Verdict verdict = JudgeForecasts(result);
    report.verdict = verdict.sentence;
    report.lost = verdict.lost;
    report.figures = {{"network, MASE", Cell(result.network.mase)},
                      {"seasonal naive", Cell(result.ScoresOf("seasonal_naive").mase)},
                      {"persistence", Cell(result.ScoresOf("naive").mase)}};
    report.sections.push_back(Forecasts(forecaster, set, windows, threads));
    report.sections.push_back(Scores(result));
  }
  if (Section next = Next(forecaster, set, threads); !next.panels.empty()) report.sections.push_back(std::move(next));
  report.sections.push_back(LossSection(training.history, {}, "pinball, scaled"));
  if (forecaster.network().encoder().stack() != nullptr) {
    for (Section& section : InsideSections(LookInsideForecast(forecaster, set, threads))) {
      report.sections.push_back(std::move(section));
    }
  }
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
