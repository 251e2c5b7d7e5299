#include "comparison_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

std::string Number(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-"; }

}  // namespace

std::string DescribeResult(const Comparison& comparison) {
  size_t width = 16;
  for (const ComparedModel& model : comparison.models) width = std::max(width, model.name.size() + 2);
  for (const NamedFigure& floor : comparison.floors) width = std::max(width, floor.name.size() + 2);
  const size_t figure = std::max<size_t>(10, comparison.measure.size() + 2);
  const auto row = [&](const std::string& name, const std::string& quality, const auto&... others) {
    std::string text = fmt::format("{:<{}}{:>{}}", name, width, quality, figure);
    ((text += fmt::format("{:>12}", others)), ...);
    return text + "\n";
  };
  std::string text = row("", comparison.measure, "behind", "+-", "parameters", "seconds", "MiB", "us a step");
  if (!comparison.models.empty()) {
    const ComparedModel& best = BestOf(comparison);
    for (const ComparedModel& model : comparison.models) {
      const Difference behind = Between(comparison, model, best);
      const bool is_best = &model == &best;
      text += row(model.name, Number(ShownAs(comparison, LossOf(comparison, model))), is_best ? "" : Number(behind.mean),
                  is_best ? "" : Number(behind.error), model.parameters, fmt::format("{:.0f}", model.run.seconds),
                  std::isfinite(model.memory_bytes) ? fmt::format("{:.0f}", model.memory_bytes / (1 << 20)) : "-",
                  Number(model.step_microseconds));
    }
  }
  for (const NamedFigure& floor : comparison.floors) text += row(floor.name, Number(ShownAs(comparison, floor.value)));
  return text + "\n" + Advice(comparison);
}

void AddResult(OrderedJson& json, const Comparison& comparison) {
  json["measure"] = comparison.measure;
  if (comparison.steps > 0) {
    json["steps"] = comparison.steps;
  } else {
    json["minutes"] = comparison.minutes;
  }
  json["parts"] = comparison.weights.size();
  json["models"] = OrderedJson::array();
  for (const ComparedModel& model : comparison.models) {
    const Difference behind = Between(comparison, model, BestOf(comparison));
    json["models"].push_back({{"name", model.name},
                              {"layers", model.layers},
                              {"quality", ShownAs(comparison, LossOf(comparison, model))},
                              {"behind", behind.mean},
                              {"behind_error", behind.error},
                              {"behind_certain", behind.certain},
                              {"parameters", model.parameters},
                              {"seconds", model.run.seconds},
                              {"steps", model.run.steps},
                              {"memory_bytes", model.memory_bytes},
                              {"step_microseconds", model.step_microseconds}});
  }
  json["floors"] = OrderedJson::array();
  for (const NamedFigure& floor : comparison.floors) {
    json["floors"].push_back({{"name", floor.name}, {"quality", ShownAs(comparison, floor.value)}});
  }
  json["advice"] = Advice(comparison);
}

}  // namespace eddy
