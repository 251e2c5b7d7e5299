#include "tasks/risk/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/ops.h"
#include "model/architecture.h"
#include "tasks/risk/features.h"
#include "tasks/risk/head.h"

namespace eddy {
namespace {

constexpr size_t kShownSeries = 4;
constexpr size_t kShownDays = 750;  // of a picture: more would be a smear
constexpr size_t kInsideRows = 128;

// Value at risk at the lowest and highest level, shortfall, and a line from the one to the other for each breach of the
// highest.
LineChart PictureOf(const JudgedSeries& judged, const RiskDesign& design) {
  const size_t Q = design.levels.size();
  const RiskPath path = judged.risk->Combined(design.combination);
  const size_t count = std::min(judged.origins.size(), kShownDays), first = judged.origins.size() - count;
  LineChart chart{.x_label = "day judged", .y_label = "percent", .curves = {}, .levels = {}};
  const auto curve = [&](std::string name, const auto& of_origin) {
    Curve curve{std::move(name), {}, {}};
    for (size_t k = first; k < judged.origins.size(); ++k) {
      curve.x.push_back(static_cast<double>(k + 1));
      curve.y.push_back(of_origin(judged.origins[k]));
    }
    chart.curves.push_back(std::move(curve));
  };
  curve("returns", [&](size_t i) { return judged.risk->targets[i]; });
  const std::string highest = fmt::format("{:g}%", 100 * design.levels.back());
  curve("value at risk, " + highest, [&](size_t i) { return path.tails[i * Q + Q - 1].value; });
  curve("expected shortfall, " + highest, [&](size_t i) { return path.tails[i * Q + Q - 1].shortfall; });
  if (Q > 1) {
    curve(fmt::format("value at risk, {:g}%", 100 * design.levels.front()),
          [&](size_t i) { return path.tails[i * Q].value; });
  }
  Curve breaches{"breaches of " + highest, {}, {}};
  for (size_t k = first; k < judged.origins.size(); ++k) {
    const size_t i = judged.origins[k];
    const double y = judged.risk->targets[i], v = path.tails[i * Q + Q - 1].value;
    if (y > v) continue;
    for (const double each : {y, std::nan("")}) {  // by itself: a dot
      breaches.x.push_back(static_cast<double>(k + 1));
      breaches.y.push_back(each);
    }
  }
  chart.curves.push_back(std::move(breaches));
  return chart;
}

Section Pictures(std::span<const JudgedSeries> judged, const RiskDesign& design) {
  Section section{.title = "What might have been lost, and what was",
                  .lesson = fmt::format(
                      "Each forecast was made the day before. About {:g}% of the days should end below the value at risk of "
                      "that level, one by one rather than in clusters, and on average at the expected shortfall.",
                      100 * design.levels.back()),
                  .panels = {}};
  for (const JudgedSeries& each : judged.first(std::min(kShownSeries, judged.size()))) {
    if (!each.origins.empty()) section.panels.push_back({each.series->name, PictureOf(each, design)});
  }
  return section;
}

Section Scores(const RiskResult& result) {
  Table table;
  table.columns = {""};
  for (const LevelScores& level : result.network.levels) {
    table.columns.push_back(fmt::format("FZ0, {:g}%", 100 * level.level));
    table.columns.push_back(fmt::format("breaches, {:g}%", 100 * level.level));
  }
  const auto add = [&](const MethodScores& method) {
    std::vector<std::string>& row = table.rows.emplace_back(1, method.name);
    for (const LevelScores& level : method.levels) {
      row.push_back(fmt::format("{:.4f}", level.score));
      row.push_back(fmt::format("{:.2f}%", 100 * static_cast<double>(level.breaches) / static_cast<double>(result.days)));
    }
  };
  add(result.network);
  for (const MethodScores& floor : result.floors) add(floor);
  Table tests;
  tests.columns = {"level", "breaches", "expected", "Kupiec p", "Christoffersen p", "Acerbi-Szekely", "p"};
  for (const LevelScores& level : result.network.levels) {
    tests.rows.push_back({fmt::format("{:g}%", 100 * level.level), fmt::format("{}", level.breaches),
                          fmt::format("{:.1f}", level.level * static_cast<double>(result.days)),
                          fmt::format("{:.3f}", level.kupiec.p), fmt::format("{:.3f}", level.christoffersen.p),
                          fmt::format("{:.3f}", level.acerbi_szekely.statistic),
                          fmt::format("{:.3f}", level.acerbi_szekely.p)});
  }
  return {
      "On what was held out",
      "FZ0 scores value at risk and expected shortfall together, the lower the better. A p-value below 0.05 says that the "
      "breaches are not what was promised: too many or too few (Kupiec), in clusters (Christoffersen), or too deep "
      "(Acerbi and Szekely).",
      {{"", table}, {"backtest of the network", tests}}};
}

std::vector<Fact> Facts(TrainedRisk& risk, const PriceSet& prices, const TrainingResult& training) {
  const RiskDesign& design = risk.design();
  return {{"Layers", fmt::format("{} times {}", design.members, Describe(design.encoder))},
          {"Weights", fmt::format("{}", CountWeights(risk.network().parameters()))},
          {"Series", fmt::format("{}", prices.series.size())},
          {"Horizon", fmt::format("{} day{}", design.horizon, design.horizon == 1 ? "" : "s")},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Inside LookInsideRisk(TrainedRisk& risk, const PriceSet& prices, Threads& threads) {
  const RiskDesign& design = risk.design();
  const ReturnSeries& series = prices.series.front();
  const SeriesFit fit = FitOf(series, design, series.size());
  const std::vector<float> features = ScaledFeatures(series, fit, design);
  const size_t D = design.inputs(), steps = std::min(kInsideRows, series.size()), first = series.size() - steps;
  Tensor input = Tensor::Uninitialized({steps, 1, D});
  std::copy(features.begin() + static_cast<ptrdiff_t>(first * D), features.end(), input.values().begin());
  std::vector<std::string> names;
  for (size_t row = first; row < series.size(); ++row) names.push_back(fmt::format("{:.2f}", series.returns[row]));
  const auto last_loss = [&](Tape& tape, Var y) { return Sum(tape, Slice(tape, y, steps - 1, steps)); };
  return LookInside(RequireStack(risk.network().encoder(0)), input, std::move(names), last_loss, risk.network().parameters(),
                    threads);
}

Report MakeRiskReport(TrainedRisk& risk, const PriceSet& prices, std::span<const JudgedSeries> judged,
                      const RiskResult& result, const TrainingResult& training, std::string title, Threads& threads) {
  Report report;
  report.title = std::move(title);
  report.facts = Facts(risk, prices, training);
  if (result.days == 0) {
    report.verdict = "Nothing was held out, so nothing is known of how good the forecasts are.";
  } else {
    const Verdict verdict = JudgeResult(result);
    report.verdict = verdict.sentence;
    report.lost = verdict.lost;
    report.figures = {{"network, mean FZ0", fmt::format("{:.4f}", result.network.score)},
                      {result.best_floor().name, fmt::format("{:.4f}", result.best_floor().score)}};
    report.sections.push_back(Pictures(judged, risk.design()));
    report.sections.push_back(Scores(result));
  }
  report.sections.push_back(LossSection(training.history, {}, "likelihood and joint score"));
  for (Section& section : InsideSections(LookInsideRisk(risk, prices, threads))) {
    report.sections.push_back(std::move(section));
  }
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
