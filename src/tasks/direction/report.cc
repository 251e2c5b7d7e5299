#include "tasks/direction/report.h"

#include <fmt/format.h>

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/architecture.h"
#include "report/sections.h"
#include "tasks/direction/features.h"
#include "tasks/direction/result.h"

namespace eddy {
namespace {

constexpr size_t kInsideRows = 128;

LineChart ValuesOf(const std::vector<Strategy>& strategies) {
  LineChart chart{.x_label = "day judged", .y_label = "percent earned", .curves = {}, .levels = {{"nothing", 0}}};
  for (const Strategy& each : strategies) {
    Curve curve{each.name, {0}, {0}};
    double value = 1;
    for (size_t day = 0; day < each.returns.size(); ++day) {
      value *= 1 + each.returns[day] / 100;
      curve.x.push_back(static_cast<double>(day + 1));
      curve.y.push_back(100 * (value - 1));
    }
    chart.curves.push_back(std::move(curve));
  }
  return chart;
}

Section Earned(const DirectionResult& result) {
  Table table;
  table.columns = {"", "return", "Sharpe, a year", "traded a day"};
  for (const Strategy& each : result.strategies) {
    table.rows.push_back({each.name, fmt::format("{:.2f}%", each.total),
                          fmt::format("{:.2f}", each.sharpe.ratio * std::sqrt(kDaysOfAYear)),
                          fmt::format("{:.0f}%", 100 * each.turnover)});
  }
  return {
      "What it would have earned",
      fmt::format("Bets on every series in equal parts, long or short, after {:g}% of what is bought or sold. The deflated "
                  "Sharpe ratio is the probability that it is more than the luck of the best of {} tried: {:.3f}; skill "
                  "would be above 0.95.",
                  result.costs, result.trials, result.deflated),
      {{"", ValuesOf(result.strategies)}, {"", table}}};
}

Section Scores(const DirectionResult& result) {
  Table table;
  table.columns = {"", "accuracy", "95% by day", "MCC", "95% by day", "said to be up"};
  const auto add = [&](const DirectionScores& s) {
    table.rows.push_back({s.name, fmt::format("{:.2f}%", 100 * s.accuracy),
                          fmt::format("{:.2f}% to {:.2f}%", 100 * s.accuracy_low, 100 * s.accuracy_high),
                          fmt::format("{:.4f}", s.mcc), fmt::format("{:.4f} to {:.4f}", s.mcc_low, s.mcc_high),
                          fmt::format("{:.1f}%", 100 * s.said_up)});
  };
  add(result.network);
  for (const DirectionScores& floor : result.floors) add(floor);
  return {"On what was held out",
          fmt::format(
              "{} forecasts of {} days, of which {:.1f}% were up. Stocks move together, so that whole days are drawn for "
              "the intervals: where MCC's holds 0, it is no better than chance.",
              result.forecasts, result.days, 100 * result.up),
          {{"", table}}};
}

}  // namespace

Inside LookInsideDirection(TrainedDirection& direction, const PriceSet& prices, Threads& threads) {
  const DirectionDesign& design = direction.design();
  const ReturnSeries& series = prices.series.front();
  if (series.size() == 0) Fail("inspect", "the first series", "at least two prices", "one");
  const std::vector<float> features = ScaledDirectionFeatures(series, MarketReturns(prices).front(), design);
  const size_t D = design.inputs(), steps = std::min(kInsideRows, series.size()), first = series.size() - steps;
  Tensor input = Tensor::Uninitialized({steps, 1, D});
  std::copy(features.begin() + static_cast<ptrdiff_t>(first * D), features.end(), input.values().begin());
  std::vector<std::string> names;
  for (size_t row = first; row < series.size(); ++row) names.push_back(fmt::format("{:.2f}", series.returns[row]));
  const auto last_loss = [&](Tape& tape, Var y) { return Sum(tape, Slice(tape, y, steps - 1, steps)); };
  Encoder& encoder = direction.network().encoder(design.networks() - design.members);
  return LookInside(RequireStack(encoder), input, std::move(names), last_loss, direction.network().parameters(), threads);
}

Report MakeDirectionReport(TrainedDirection& direction, const PriceSet& prices, const DirectionResult& result,
                           const TrainingResult& training, std::string title, Threads& threads) {
  const DirectionDesign& design = direction.design();
  Report report;
  report.title = std::move(title);
  report.facts = {
      {"Layers", fmt::format("{} times {} times {}", design.refits.size(), design.members, Describe(design.encoder))},
      {"Weights", fmt::format("{}", CountWeights(direction.network().parameters()))},
      {"Series", fmt::format("{}", prices.series.size())},
      {"Horizon", fmt::format("{} day{}", design.horizon, design.horizon == 1 ? "" : "s")},
      {"Steps", fmt::format("{}", training.steps)},
      {"Time", fmt::format("{:.0f} s", training.seconds)}};
  if (result.forecasts == 0) {
    report.verdict = "Nothing was held out, so nothing is known of how good the forecasts are.";
  } else {
    report.verdict = result.verdict.sentence;
    report.lost = result.verdict.lost;
    report.figures = {{"network, accuracy", fmt::format("{:.1f}%", 100 * result.network.accuracy)},
                      {"MCC", fmt::format("{:.3f}", result.network.mcc)}};
    for (const DirectionScores& floor : result.floors) {
      report.figures.push_back({floor.name, fmt::format("{:.1f}%", 100 * floor.accuracy)});
    }
    report.sections.push_back(Scores(result));
    report.sections.push_back(Earned(result));
  }
  report.sections.push_back(LossSection(training.history, {{"even odds", std::log(2)}}, "nats a day"));
  for (Section& section : InsideSections(LookInsideDirection(direction, prices, threads))) {
    report.sections.push_back(std::move(section));
  }
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
