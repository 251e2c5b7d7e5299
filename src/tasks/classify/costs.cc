#include "tasks/classify/costs.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/utf8.h"
#include "metrics/cost_curve.h"
#include "options/option_table.h"

namespace eddy {
namespace {

constexpr size_t kCostNameLetters = 14;  // of a class's name

struct CostedMethod {
  std::string name, how;  // `how` the threshold was found
  CostedThreshold at;
};

struct Scored {
  std::vector<double> probability;
  std::vector<uint8_t> positive;
};

Scored ScoredAt(const BinaryScores& scores, const std::vector<size_t>& places) {
  return {At(scores.probability, places), At(scores.positive, places)};
}

// The network at the threshold that its probabilities say and at the one that chose best, the floors, and who always says
// one of the classes.
std::vector<CostedMethod> CostsOf(const ClassifierResult& result) {
  const double ratio = *result.cost_ratio;
  const BinaryScores& scores = *result.network.binary;
  const Halves& halves = result.halves;
  const Scored judged = ScoredAt(scores, halves.judging);
  const auto cost_of = [&](const Scored& on, double threshold) {
    return CostOf(on.probability, on.positive, ratio, threshold);
  };
  std::vector<CostedMethod> methods = {{NetworkName(result), "said", cost_of(judged, SaidThreshold(ratio))}};
  const bool apart = halves.apart() && !halves.choosing.empty();
  const Scored choosing = apart ? ScoredAt(scores, halves.choosing) : judged;
  const double best = BestThreshold(choosing.probability, choosing.positive, ratio).threshold;
  methods.push_back({NetworkName(result), apart ? "chosen" : "in hindsight", cost_of(judged, best)});
  for (const ClassFloor& floor : result.floors) {
    if (!floor.scores.binary) continue;
    methods.push_back({floor.name, "said", cost_of(ScoredAt(*floor.scores.binary, halves.judging), SaidThreshold(ratio))});
  }
  for (const double never : {2.0, 0.0}) {
    methods.push_back({"always " + std::string(FirstCodePoints(result.classes[never == 0], kCostNameLetters)), "always",
                       cost_of(judged, never)});
  }
  return methods;
}

OrderedJson ToJson(const CostedMethod& method) {
  return {{"name", method.name},        {"how", method.how},          {"threshold", method.at.threshold},
          {"missed", method.at.missed}, {"alarms", method.at.alarms}, {"cost", method.at.cost}};
}

CostCurve CurveOf(const ClassScores& scores) {
  return scores.binary ? DrawCostCurve(scores.binary->probability, scores.binary->positive) : CostCurve();
}

std::vector<double> Places() {
  std::vector<double> places;
  for (size_t i = 0; i < kCostPlaces; ++i) places.push_back(static_cast<double>(i) / (kCostPlaces - 1));
  return places;
}

}  // namespace

void RequireCostRatio(std::optional<double> ratio, const std::vector<std::string>& classes) {
  if (!ratio || classes.size() == 2) return;
  throw UsageError(fmt::format("--cost-ratio is an option of two classes, and there are {}", classes.size()));
}

std::string DescribeCosts(const ClassifierResult& result) {
  if (!result.cost_ratio || !result.network.binary) return {};
  const std::string missed = "a missed " + std::string(FirstCodePoints(result.classes[1], kCostNameLetters));
  std::string text =
      fmt::format("\n{:<40}{:>10}{:>14}{:>10}{:>10}\n", fmt::format("{} costs {:g}, an alarm 1", missed, *result.cost_ratio),
                  "cost", "threshold", "missed", "alarms");
  for (const CostedMethod& method : CostsOf(result)) {
    const std::string threshold = method.how == "always" ? "-" : fmt::format("{:.4f}", method.at.threshold);
    const std::string name = method.how == "chosen"         ? "  threshold that was chosen"
                             : method.how == "in hindsight" ? "  best threshold, in hindsight"
                                                            : method.name;
    text += fmt::format("{:<40}{:>10.4f}{:>14}{:>10.4f}{:>10.4f}\n", name, method.at.cost, threshold, method.at.missed,
                        method.at.alarms);
  }
  return text;
}

void AddCosts(OrderedJson& json, const ClassifierResult& result) {
  if (!result.network.binary) return;
  const CostCurve curve = CurveOf(result.network);
  json["cost_curve"] = {{"weight", Places()}, {"lowest", curve.lowest}, {"said", curve.said}, {"area", curve.area}};
  if (!result.cost_ratio) return;
  json["costs"] = {{"ratio", *result.cost_ratio}, {"methods", OrderedJson::array()}};
  for (const CostedMethod& method : CostsOf(result)) json["costs"]["methods"].push_back(ToJson(method));
}

std::optional<Section> CostSection(const ClassifierResult& result) {
  const CostCurve network = CurveOf(result.network);
  if (network.lowest.empty()) return std::nullopt;
  const std::string name(FirstCodePoints(result.classes[1], kCostNameLetters));
  LineChart chart{.x_label = "weight of " + name + ": its share times what a missed one costs",
                  .y_label = "cost, 1 being always wrong",
                  .curves = {},
                  .levels = {}};
  const std::vector<double> places = Places();
  chart.curves = {{NetworkName(result), places, network.said}, {"its best threshold, in hindsight", places, network.lowest}};
  for (const ClassFloor& floor : result.floors) {
    const CostCurve curve = CurveOf(floor.scores);
    const bool looks = floor.scores.binary && floor.scores.binary->auc != 0.5;
    if (looks && !curve.said.empty()) chart.curves.push_back({floor.name, places, curve.said});
  }
  chart.curves.push_back({"without a look", {0, 0.5, 1}, {0, 0.5, 0}});
  return Section{.title = "What decisions cost",
                 .lesson = "The further right, the more a missed " + name +
                           " weighs against a false alarm. A point is the threshold that suits its costs if the "
                           "probabilities are true; how far "
                           "it lies above the best threshold is what untrue ones cost. " +
                           fmt::format("Area below the best: {:.4f}; 0.25 without a look at the examples.", network.area),
                 .panels = {{"", chart}}};
}

}  // namespace eddy
