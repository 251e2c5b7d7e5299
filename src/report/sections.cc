#include "report/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/hidden_map.h"
#include "report/html_text.h"

namespace eddy {
namespace {

const char* Plural(size_t count) { return count == 1 ? "" : "s"; }

Curve TrainingCurve(const History& history) {
  Curve curve{.name = "training", .x = {}, .y = {}};
  for (const TrainingPoint& point : history.training) {
    curve.x.push_back(static_cast<double>(point.step));
    curve.y.push_back(point.loss);
  }
  return curve;
}

Curve ValidationCurve(const History& history) {
  Curve curve{.name = "held out", .x = {}, .y = {}};
  for (const ValidationPoint& point : history.validation) {
    curve.x.push_back(static_cast<double>(point.step));
    curve.y.push_back(point.loss);
  }
  return curve;
}

// The mean over the last tenth of the training curve, which is less noisy than its last point.
double LastTrainingLoss(const History& history) {
  const size_t count = std::max<size_t>(1, history.training.size() / 10);
  double sum = 0;
  for (size_t i = history.training.size() - count; i < history.training.size(); ++i) sum += history.training[i].loss;
  return sum / static_cast<double>(count);
}

std::string LossLesson(const History& history) {
  const std::string general =
      "While the held-out curve falls the network learns what is true of new data as well; where it turns up while training "
      "goes on falling, it learns its examples by heart.";
  const auto best = std::min_element(history.validation.begin(), history.validation.end(), [](const auto& a, const auto& b) {
    return std::isnan(b.loss) ? !std::isnan(a.loss) : a.loss < b.loss;
  });
  if (best == history.validation.end() || history.training.empty()) return general;
  return fmt::format("{} Here training ends at {}, and the best held-out figure, {}, came {}.", general,
                     ShortNumber(LastTrainingLoss(history)), ShortNumber(best->loss),
                     best + 1 == history.validation.end()
                         ? std::string("at the very end: more training might help")
                         : fmt::format("after {} of {} steps", best->step, history.training.back().step));
}

std::string SurvivalLesson(const Inside& inside) {
  std::string out =
      "The loss of the last step is sent back through time; the curve is what is left of its gradient t steps back. A "
      "network "
      "cannot learn from what lies further back than its gradient reaches.";
  for (const LayerInside& layer : inside.layers) {
    if (layer.survival.empty()) continue;
    const std::optional<size_t> half = GradientHalfLife(layer.survival);
    if (layer.survival[0] == 0) {
      out += fmt::format(" None reaches {}.", layer.name);
    } else if (half) {
      out += fmt::format(" In {} half of it is gone {} steps back.", layer.name, *half);
    } else {
      out += fmt::format(" In {} more than half of it is there to the end.", layer.name);
    }
  }
  return out;
}

Section SurvivalSection(const Inside& inside) {
  LineChart chart{.x_label = "steps back", .y_label = "gradient left", .curves = {}, .levels = {}, .logarithmic = true};
  for (const LayerInside& layer : inside.layers) {
    Curve curve{.name = layer.name, .x = {}, .y = layer.survival};
    for (size_t t = 0; t < layer.survival.size(); ++t) curve.x.push_back(static_cast<double>(t + 1));
    chart.curves.push_back(std::move(curve));
  }
  return {.title = "How much gradient survives t steps back",
          .lesson = SurvivalLesson(inside),
          .panels = {{"", std::move(chart)}}};
}

Section SaturationSection(const Inside& inside) {
  Section section{.title = "Gate saturation",
                  .lesson =
                      "A gate near its lower limit (0, or -1 for a tanh) is shut, near its upper limit 1 it is wide open; "
                      "either way hardly any gradient passes through it. Some of that is a decision well learned; bars "
                      "that are nearly full mean that the gate has stopped learning.",
                  .panels = {}};
  for (const LayerInside& layer : inside.layers) {
    BarChart chart{
        .label = "percent of values", .parts = {"near the lower limit", "near the upper limit"}, .bars = {}, .limit = 100};
    for (const auto& activation : layer.activations) {
      chart.bars.push_back({activation.name, {100 * activation.low, 100 * activation.high}});
    }
    if (!chart.bars.empty()) section.panels.push_back({layer.name, std::move(chart)});
  }
  return section;
}

Section HiddenSection(const Inside& inside) {
  Section section{.title = "Hidden states over one sample",
                  .lesson =
                      "Each row is a hidden unit and each column a step, with what is read there below; the units that "
                      "change slowest are at the top: long stripes are memory, flicker follows the single steps.",
                  .panels = {}};
  for (const LayerInside& layer : inside.layers) {
    if (layer.states.empty()) continue;
    section.panels.push_back(
        {fmt::format("{}: {} of {} units dead, {} saturated", layer.name, layer.dead, layer.hidden, layer.saturated),
         HiddenMap(layer, inside.steps)});
  }
  return section;
}

}  // namespace

Section LossSection(const History& history, const std::vector<NamedFigure>& floors, const std::string& unit) {
  LineChart chart{.x_label = "step", .y_label = unit, .curves = {TrainingCurve(history)}, .levels = {}};
  if (!history.validation.empty()) chart.curves.push_back(ValidationCurve(history));
  for (const NamedFigure& floor : floors) chart.levels.emplace_back(floor.name, floor.value);
  return {.title = "Loss over training", .lesson = LossLesson(history), .panels = {{"", std::move(chart)}}};
}

Section GradientSection(const History& history) {
  LineChart chart{.x_label = "step", .y_label = "gradient norm", .curves = {}, .levels = {}, .logarithmic = true};
  for (size_t group = 0; group < history.groups.size(); ++group) {
    Curve curve{.name = history.groups[group], .x = {}, .y = {}};
    for (const TrainingPoint& point : history.training) {
      if (group >= point.group_norms.size()) continue;
      curve.x.push_back(static_cast<double>(point.step));
      curve.y.push_back(point.group_norms[group]);
    }
    chart.curves.push_back(std::move(curve));
  }
  std::string lesson =
      "The length of the gradient of each layer's weights, before clipping. Layers of about the same size learn together; "
      "one "
      "far below the others hardly learns, and jumps upwards are what clipping is for.";
  if (history.skipped > 0) {
    lesson += fmt::format(" {} step{} had no finite gradient and were skipped.", history.skipped,
                          Plural(static_cast<size_t>(history.skipped)));
  }
  return {.title = "Gradient norm by layer", .lesson = std::move(lesson), .panels = {{"", std::move(chart)}}};
}

std::vector<Section> InsideSections(const Inside& inside) {
  std::vector<Section> sections = {SurvivalSection(inside), SaturationSection(inside), HiddenSection(inside)};
  std::erase_if(sections, [](const Section& section) { return section.panels.empty(); });
  return sections;
}

Section TextSection(const std::vector<TextSample>& samples) {
  Section section{.title = "What it writes",
                  .lesson =
                      "Each token is drawn from the network's own prediction and read back as its next input: what looks "
                      "right here it has learned, what does not it has not.",
                  .panels = {}};
  for (const TextSample& sample : samples) section.panels.push_back({sample.caption, sample});
  return section;
}

Section ForecastSection(std::vector<std::pair<std::string, ForecastChart>> forecasts) {
  Section section{.title = "Forecasts against what happened",
                  .lesson =
                      "The network saw the history up to the dotted line and nothing after it; what happened should wander "
                      "inside the band about as often as the band's quantiles promise.",
                  .panels = {}};
  for (auto& [name, chart] : forecasts) section.panels.push_back({name, std::move(chart)});
  return section;
}

}  // namespace eddy
