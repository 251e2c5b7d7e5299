#include "tasks/classify/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/counted.h"
#include "data/class_split.h"
#include "data/utf8.h"
#include "model/architecture.h"
#include "report/sections.h"
#include "tasks/classify/costs.h"
#include "tasks/classify/explanation.h"

namespace eddy {
namespace {

constexpr size_t kMostDrawnClasses = 30;
constexpr size_t kDrawnConfusions = 20;  // where there are more classes
constexpr size_t kDrawnSteps = 40;
constexpr size_t kNameLetters = 16;  // that fit beside a bar

std::string Cell(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "none"; }

Section Scores(const ClassifierResult& result) {
  Table table;
  table.columns = {"", "accuracy", "macro F1", "log loss", "calibration error"};
  const auto add = [&](const std::string& name, const ClassScores& s) {
    table.rows.push_back({name, Cell(s.accuracy), Cell(s.macro_f1), Cell(s.log_loss), Cell(s.calibration_error)});
  };
  add(NetworkName(result), result.network);
  for (const ClassFloor& floor : result.floors) add(floor.name, floor.scores);
  return {
      "On what was held out",
      "Accuracy counts right answers; macro F1 gives every class the same weight, however rare it is; the log loss asks for "
      "honest probabilities, and the calibration error is how far confidence and accuracy lie apart. The network's scale "
      "was "
      "fitted to these examples too, which makes its last two figures a little too good.",
      {{"", table}}};
}

// What is shown in place of a matrix where there are too many classes for one.
Section Confusions(const ClassifierResult& result) {
  Table table;
  table.columns = {"right", "said", "examples"};
  for (const Confused& c : MostConfused(result.network.confusion, result.classes.size(), kDrawnConfusions)) {
    table.rows.push_back({result.classes[c.right], result.classes[c.said], std::to_string(c.examples)});
  }
  return {"Which classes are taken for which", "The most frequent confusions.", {{"", table}}};
}

Section Confusion(const ClassifierResult& result) {
  const size_t classes = result.classes.size();
  if (classes > kMostDrawnClasses) return Confusions(result);
  Table table;
  table.columns = {"right \\ said"};
  table.columns.insert(table.columns.end(), result.classes.begin(), result.classes.end());
  for (size_t row = 0; row < classes; ++row) {
    std::vector<std::string>& cells = table.rows.emplace_back(1, result.classes[row]);
    for (size_t column = 0; column < classes; ++column) {
      cells.push_back(std::to_string(result.network.confusion[row * classes + column]));
    }
  }
  return {"Which classes are taken for which",
          "A row for each right class, a column for each class that the network said; what is not on the diagonal is wrong.",
          {{"", table}}};
}

// Of two classes: the share of examples that are of the second, by the probability that they were given of it.
Section Reliability(const ClassifierResult& result) {
  const std::string& name = result.classes[1];
  LineChart chart{.x_label = "probability said of " + name, .y_label = "share that was", .curves = {}, .levels = {}};
  Curve said{"network", {}, {}};
  for (const ReliabilityBin& bin : result.network.binary->reliability) {
    said.x.push_back(bin.said);
    said.y.push_back(bin.share);
  }
  chart.curves = {said, {"what is said is so", {0, 1}, {0, 1}}};
  return {
      "Whether probabilities are what they say",
      "Each point is a tenth of the examples. Below the diagonal the network is too sure of the class, above it not sure "
      "enough.",
      {{"", chart}}};
}

Panel ExplanationPanel(ClassifierNetwork& network, const Example& example, const std::string& caption, Threads& threads) {
  const ClassifierDesign& design = network.design();
  const EncodedExamples encoded = EncodeExamples(Alone(example, design), design);
  const Explanation explanation = Explain(network, encoded[0], threads);
  const auto name = [&](int32_t c) { return design.classes[static_cast<size_t>(c)]; };
  BarChart chart;
  chart.label = "moved the log odds by";
  chart.parts = {"towards " + name(explanation.predicted), "towards " + name(explanation.rival)};
  for (const ExplainedStep& step : NameSteps(explanation, example, design, kDrawnSteps)) {
    chart.bars.push_back(
        {std::string(FirstCodePoints(step.name, kNameLetters)), {std::max(step.share, 0.0), std::max(-step.share, 0.0)}});
  }
  return {fmt::format("{}: {} with {:.3f}; right is {}", caption, name(explanation.predicted),
                      explanation.probabilities[static_cast<size_t>(explanation.predicted)], example.label()),
          std::move(chart)};
}

// The right and the wrong answer that the network is surest of, and the one it is least sure of.
Section Explanations(ClassifierNetwork& network, const ExampleSet& held_out, Threads& threads) {
  const ClassifierDesign& design = network.design();
  const std::vector<int32_t> targets = TargetsOf(held_out, design.classes);
  const std::vector<double> probabilities = ClassProbabilities(network, held_out, threads);
  const size_t classes = design.classes.size(), none = held_out.size();
  size_t surest_right = none, surest_wrong = none, unsure = none;
  const auto confidence = [&](size_t i) {
    const auto row = probabilities.begin() + static_cast<ptrdiff_t>(i * classes);
    return *std::max_element(row, row + static_cast<ptrdiff_t>(classes));
  };
  for (size_t i = 0; i < held_out.size(); ++i) {
    const bool right = LikeliestClass(std::span(probabilities).subspan(i * classes, classes)) == targets[i];
    size_t& surest = right ? surest_right : surest_wrong;
    if (surest == none || confidence(i) > confidence(surest)) surest = i;
    if (unsure == none || confidence(i) < confidence(unsure)) unsure = i;
  }
  Section section{
      .title = "What moved single predictions",
      .lesson =
          "Each bar is how far a step moved the log odds between the class that the network said and its closest "
          "rival (integrated gradients, summed from an input of nothing): where a wrong answer leans on a step "
          "that should not matter, the data has taught it something untrue.",
      .panels = {}};
  const auto add = [&](size_t i, const char* caption) {
    if (i != none) section.panels.push_back(ExplanationPanel(network, held_out[i], caption, threads));
  };
  add(surest_right, "surest and right");
  add(surest_wrong, "surest and wrong");
  if (unsure != surest_wrong && unsure != surest_right) add(unsure, "least sure");
  return section;
}

std::vector<Fact> Facts(ClassifierNetwork& network, const TrainingResult& training) {
  const ClassifierDesign& design = network.design();
  return {{"Layers", Describe(design.encoder)},
          {"Weights", fmt::format("{}", CountWeights(network.parameters()))},
          {"Classes", fmt::format("{}", design.classes.size())},
          {"Reads", design.is_text() ? fmt::format("{} different {}", design.sentences.vocabulary.size(),
                                                   TextUnitName(design.sentences.unit))
                                     : Counted(design.scalings.size(), "column")},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Report MakeClassReport(ClassifierNetwork& network, const ExampleSet& held_out, const ClassifierResult& result,
                       const TrainingResult& training, std::string title, Threads& threads) {
  const Verdict verdict = JudgeClassifier(result);
  Report report;
  report.title = std::move(title);
  report.verdict = verdict.sentence;
  report.lost = verdict.lost;
  report.figures = {{NetworkName(result) + ", accuracy", Cell(result.network.accuracy)}};
  std::vector<NamedFigure> losses;
  for (const ClassFloor& floor : result.floors) {
    report.figures.push_back({floor.name, Cell(floor.scores.accuracy)});
    if (std::isfinite(floor.scores.log_loss)) losses.push_back({floor.name, floor.scores.log_loss});
  }
  report.facts = Facts(network, training);
  report.sections.push_back(Scores(result));
  report.sections.push_back(Confusion(result));
  if (result.network.binary) report.sections.push_back(Reliability(result));
  if (std::optional<Section> costs = CostSection(result)) report.sections.push_back(std::move(*costs));
  if (!HasZoneout(network.design().encoder)) report.sections.push_back(Explanations(network, held_out, threads));
  report.sections.push_back(LossSection(training.history, losses, "nats an example"));
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
