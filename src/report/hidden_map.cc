#include "report/hidden_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace eddy {
namespace {

constexpr size_t kMostUnits = 48;
constexpr size_t kMostSteps = 120;

struct Unit {
  size_t index = 0;
  double deviation = 0;  // standard deviation over the steps
  double speed = 0;      // mean change from step to step, in standard deviations
};

Unit Describe(const LayerInside& layer, size_t index, size_t first_step) {
  const size_t steps = layer.states.size() / layer.hidden;
  const auto at = [&](size_t t) { return static_cast<double>(layer.states[t * layer.hidden + index]); };
  double sum = 0, squares = 0, change = 0;
  for (size_t t = first_step; t < steps; ++t) {
    sum += at(t);
    squares += at(t) * at(t);
    if (t > first_step) change += std::abs(at(t) - at(t - 1));
  }
  const double count = static_cast<double>(steps - first_step);
  const double variance = squares / count - sum / count * sum / count;
  const double deviation = std::sqrt(std::max(variance, 0.0));
  return {index, deviation, deviation > 0 ? change / count / deviation : 0};
}

std::string Visible(const std::string& step) {
  if (step == " ") return "\u2423";
  if (step == "\n") return "\u21b5";
  if (step == "\t") return "\u21e5";
  return step;
}

}  // namespace

HeatMap HiddenMap(const LayerInside& layer, const std::vector<std::string>& steps) {
  const size_t count = layer.states.size() / layer.hidden;
  const size_t first = count > kMostSteps ? count - kMostSteps : 0;
  std::vector<Unit> units;
  for (size_t i = 0; i < layer.hidden; ++i) units.push_back(Describe(layer, i, first));
  std::stable_sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return a.deviation > b.deviation; });
  units.resize(std::min(units.size(), kMostUnits));
  std::stable_sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return a.speed < b.speed; });

  HeatMap map{.row_label = "unit",
              .column_label = "step",
              .rows = units.size(),
              .columns = count - first,
              .values = {},
              .column_names = {}};
  double largest = 0;
  for (const Unit& unit : units) {
    for (size_t t = first; t < count; ++t) {
      map.values.push_back(static_cast<double>(layer.states[t * layer.hidden + unit.index]));
      largest = std::max(largest, std::abs(map.values.back()));
    }
  }
  map.limit = largest > 0 ? std::min(largest, std::numeric_limits<double>::max()) : 1;
  for (size_t t = first; t < steps.size(); ++t) map.column_names.push_back(Visible(steps[t]));
  return map;
}

}  // namespace eddy
