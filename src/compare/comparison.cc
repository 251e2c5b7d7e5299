#include "compare/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "metrics/normal.h"

namespace eddy {
namespace {

constexpr size_t kLeastParts = 5;

using Models = std::vector<const ComparedModel*>;

std::string Names(const Models& models) {
  std::vector<std::string> names;
  for (const ComparedModel* model : models) names.push_back(model->name);
  if (names.size() < 2) return fmt::format("{}", fmt::join(names, ""));
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

// The cheapest step of a stream; null where none has one.
const ComparedModel* Cheapest(const Models& models) {
  const ComparedModel* cheapest = nullptr;
  for (const ComparedModel* model : models) {
    if (std::isnan(model->step_microseconds)) continue;
    if (cheapest == nullptr || model->step_microseconds < cheapest->step_microseconds) cheapest = model;
  }
  return cheapest;
}

std::string Figure(const Comparison& comparison, double loss) {
  return fmt::format("{:.4g} {}", ShownAs(comparison, loss), comparison.measure);
}

std::string AgainstFloor(const Comparison& comparison, double best) {
  const NamedFigure* floor = nullptr;
  for (const NamedFigure& each : comparison.floors) {
    if (std::isfinite(each.value) && (floor == nullptr || each.value < floor->value)) floor = &each;
  }
  if (floor == nullptr) return "";
  if (best < floor->value) return "";
  return fmt::format(" None beats {} with {}, which costs next to nothing: take that, or train for longer.", floor->name,
                     Figure(comparison, floor->value));
}

}  // namespace

double LossOf(const Comparison& comparison, const ComparedModel& model) {
  const std::vector<double>& weights = comparison.weights;
  return std::inner_product(weights.begin(), weights.end(), model.losses.begin(), 0.0) /
         std::accumulate(weights.begin(), weights.end(), 0.0);
}

double ShownAs(const Comparison& comparison, double loss) { return comparison.of_errors ? 1 - loss : loss; }

const ComparedModel& BestOf(const Comparison& comparison) {
  return *std::min_element(comparison.models.begin(), comparison.models.end(),
                           [&](const auto& a, const auto& b) { return LossOf(comparison, a) < LossOf(comparison, b); });
}

Difference Between(const Comparison& comparison, const ComparedModel& other, const ComparedModel& best) {
  const std::vector<double>& weights = comparison.weights;
  const auto parts = static_cast<double>(weights.size());
  Difference difference{LossOf(comparison, other) - LossOf(comparison, best), std::nan(""), false};
  if (weights.size() < kLeastParts) return difference;
  double squares = 0, total = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    squares += std::pow(weights[i] * (other.losses[i] - best.losses[i] - difference.mean), 2);
    total += weights[i];
  }
  difference.error = std::sqrt(squares * parts / (parts - 1)) / total;
  difference.certain = difference.mean > StudentQuantile(0.975, parts - 1) * difference.error;
  return difference;
}

std::string Advice(const Comparison& comparison) {
  if (comparison.models.empty()) return "Nothing was trained to the end, so there is nothing to compare.";
  const ComparedModel& best = BestOf(comparison);
  const double loss = LossOf(comparison, best);
  std::string text = fmt::format("{} does best on what was held out, with {}", best.name, Figure(comparison, loss));
  Models equals = {&best}, all;
  for (const ComparedModel& model : comparison.models) {
    all.push_back(&model);
    if (&model != &best && !Between(comparison, model, best).certain) equals.push_back(&model);
  }
  const Models others(equals.begin() + 1, equals.end());
  if (all.size() == 1) {
    text += ".";
  } else if (comparison.weights.size() < kLeastParts) {
    text += fmt::format("; to say whether that is more than chance takes {} {} or more, here {}.", kLeastParts,
                        comparison.parts, comparison.weights.size());
  } else if (others.empty()) {
    text += fmt::format(", by more than its uncertainty over {} {}.", comparison.weights.size(), comparison.parts);
  } else {
    text += fmt::format("; {} cannot be told from it by {} {}.", Names(others), comparison.weights.size(), comparison.parts);
  }
  const ComparedModel *equal = Cheapest(equals), *cheapest = Cheapest(all);
  const auto measured = [](const ComparedModel* model) { return std::isfinite(model->step_microseconds); };
  if (equal != nullptr && std::count_if(equals.begin(), equals.end(), measured) > 1) {
    text += fmt::format(" Of these {} has the cheapest step, {:.3g} us.", equal->name, equal->step_microseconds);
  }
  if (cheapest != nullptr && cheapest != equal && std::all_of(all.begin(), all.end(), measured)) {
    text += fmt::format(" The cheapest step of all is that of {}, {:.3g} us, with {}.", cheapest->name,
                        cheapest->step_microseconds, Figure(comparison, LossOf(comparison, *cheapest)));
  }
  return text + AgainstFloor(comparison, loss);
}

}  // namespace eddy
