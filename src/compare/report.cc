#include "compare/report.h"

#include <fmt/format.h>

#include <cmath>

namespace eddy {
namespace {

std::string Number(double value, int digits) { return std::isfinite(value) ? fmt::format("{:.{}g}", value, digits) : "-"; }

Section SideBySide(const Comparison& comparison) {
  const ComparedModel& best = BestOf(comparison);
  Table table;
  table.columns = {"",      comparison.measure, "behind the best", "parameters", "seconds",
                   "steps", "memory, MiB",      "\u00b5s a step",  "layers"};
  for (const ComparedModel& model : comparison.models) {
    const Difference behind = Between(comparison, model, best);
    const std::string error = std::isnan(behind.error) ? "" : fmt::format("\u00a0\u00b1\u00a0{:.2g}", behind.error);
    table.rows.push_back({model.name, Number(ShownAs(comparison, LossOf(comparison, model)), 4),
                          &model == &best ? "" : fmt::format("{:.2g}{}", behind.mean, error),
                          fmt::format("{}", model.parameters), fmt::format("{:.0f}", model.run.seconds),
                          fmt::format("{}", model.run.steps),
                          std::isfinite(model.memory_bytes) ? fmt::format("{:.0f}", model.memory_bytes / (1 << 20)) : "-",
                          Number(model.step_microseconds, 3), model.layers});
  }
  for (const NamedFigure& floor : comparison.floors) {
    table.rows.push_back({floor.name, Number(ShownAs(comparison, floor.value), 4), "", "", "", "", "", "", ""});
  }
  return {"Side by side",
          fmt::format(
              "All were judged on the same {} {}. What they are behind the best is the mean of differences part by part, "
              "with its standard error: twice that is about what chance makes of two networks that are equally good.",
              comparison.weights.size(), comparison.parts),
          {{"", table}}};
}

// A run's steps take about the same time each.
Section Curves(const Comparison& comparison) {
  LineChart chart{.x_label = "seconds of training", .y_label = comparison.curve, .curves = {}, .levels = {}};
  for (const ComparedModel& model : comparison.models) {
    Curve curve{.name = model.name, .x = {}, .y = {}};
    for (const ValidationPoint& point : model.run.history.validation) {
      curve.x.push_back(static_cast<double>(point.step) * model.run.seconds / static_cast<double>(model.run.steps));
      curve.y.push_back(point.loss);
    }
    chart.curves.push_back(std::move(curve));
  }
  if (comparison.curve == comparison.measure) {
    for (const NamedFigure& floor : comparison.floors) chart.levels.emplace_back(floor.name, floor.value);
  }
  return {"Held-out loss over training",
          "A curve that still falls at its end would gain from more time, and so may overtake another in a longer run.",
          {{"", std::move(chart)}}};
}

Section Costs(const Comparison& comparison) {
  BarChart chart{.label = "microseconds", .parts = {"a step of a stream"}, .bars = {}};
  for (const ComparedModel& model : comparison.models) {
    if (std::isfinite(model.step_microseconds)) chart.bars.push_back({model.name, {model.step_microseconds}});
  }
  Section section{.title = "What a step costs",
                  .lesson =
                      "One step of the layers for one sequence, on one thread, as a program pays it that runs the model "
                      "as its data arrive.",
                  .panels = {}};
  if (!chart.bars.empty()) section.panels.push_back({"", std::move(chart)});
  return section;
}

}  // namespace

Report MakeComparisonReport(const Comparison& comparison, std::string title) {
  Report report;
  report.title = std::move(title);
  report.verdict = Advice(comparison);
  const double best = LossOf(comparison, BestOf(comparison));
  for (const NamedFigure& floor : comparison.floors) report.lost |= std::isfinite(floor.value) && best >= floor.value;
  report.figures = {
      {fmt::format("{}, {}", BestOf(comparison).name, comparison.measure), Number(ShownAs(comparison, best), 4)}};
  for (const NamedFigure& floor : comparison.floors) {
    report.figures.push_back({floor.name, Number(ShownAs(comparison, floor.value), 4)});
  }
  report.facts = {{"Time", comparison.steps > 0 ? fmt::format("{} steps each", comparison.steps)
                                                : fmt::format("{:g} minutes each", comparison.minutes)},
                  {"Held out", fmt::format("{} {}", comparison.weights.size(), comparison.parts)}};
  report.sections = {SideBySide(comparison), Curves(comparison)};
  Section costs = Costs(comparison);
  if (!costs.panels.empty()) report.sections.push_back(std::move(costs));
  return report;
}

}  // namespace eddy
