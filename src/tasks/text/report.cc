#include "tasks/text/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/ops.h"
#include "model/architecture.h"
#include "tasks/text/generate.h"

namespace eddy {
namespace {

constexpr size_t kSampleTokens = 160;
constexpr size_t kGeneratedTokens = 600;

std::vector<TextSample> Samples(const TextModel& model) {
  std::vector<TextSample> samples;
  for (double temperature : {0.5, 0.8, 1.0}) {
    GenerateOptions options;
    options.length = kGeneratedTokens;
    options.sampling.temperature = temperature;
    std::string text;
    Generate(model, options, [&](std::string_view piece) {
      text += piece;
      return true;
    });
    samples.push_back({fmt::format("temperature {:.1f}", temperature), "", text});
  }
  return samples;
}

std::vector<Fact> Facts(TextModel& model, const TrainingResult& training) {
  return {{"Layers", Describe(model.network.options().encoder)},
          {"Weights", fmt::format("{}", CountWeights(model.network.parameters()))},
          {"Vocabulary", fmt::format("{} {}", model.format.vocabulary.size(), TextUnitName(model.format.unit))},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Inside LookInsideText(TextModel& model, const Corpus& text, Threads& threads) {
  const size_t steps = std::min(kSampleTokens, text.tokens.size() - 1);
  Require(steps >= 1, "inspect", "the text", "of at least two tokens", "shorter");
  const std::vector<int32_t> inputs = text.tokens.Copy(0, steps);
  const int32_t target = text.tokens[steps];

  Sequence sequence;
  sequence.steps = steps;
  sequence.rows = 1;
  Tape tape(threads, Tape::Mode::kInference, 0, model.network.options().encoder.precision);
  const Tensor x = tape.Value(model.network.Embed(tape, inputs, sequence));
  std::vector<std::string> names;
  for (int32_t token : inputs) names.push_back(model.format.vocabulary[token]);
  const auto last_loss = [&](Tape& on, Var y) {
    const Var logits = model.network.Logits(on, Slice(on, y, steps - 1, steps));
    return SoftmaxCrossEntropy(on, logits, std::span(&target, 1));
  };
  return LookInside(RequireStack(model.network.encoder()), x, std::move(names), last_loss, model.network.parameters(),
                    threads);
}

std::string_view UnitName(TextUnit unit) {
  switch (unit) {
    case TextUnit::kCharacters:
      return "character";
    case TextUnit::kBytes:
      return "byte";
    case TextUnit::kWords:
      return "word";
  }
  return "token";
}

std::string LossUnit(TextUnit unit) { return fmt::format("nats a {}", UnitName(unit)); }

TextOutcome CompareWithFloor(const TextScore& score, const NgramScore& floor, TextUnit unit) {
  const NamedFigure named = {"the best n-gram (" + floor.Name() + ")", floor.nats};
  return {score.nats, floor, JudgeByError(score.nats, named, score.StandardError(), score.blocks.size(), LossUnit(unit))};
}

Report MakeTextReport(TextModel& model, const Corpus& held_out, const TextOutcome& outcome, const TrainingResult& training,
                      std::string title, Threads& threads) {
  const std::string unit = LossUnit(model.format.unit);
  Report report;
  report.title = std::move(title);
  report.verdict = outcome.verdict.sentence;
  report.lost = outcome.verdict.lost;
  report.figures = {{"network, " + unit, fmt::format("{:.3f}", outcome.nats)},
                    {outcome.floor.Name(), fmt::format("{:.3f}", outcome.floor.nats)}};
  report.facts = Facts(model, training);
  report.sections.push_back(LossSection(training.history, {{outcome.floor.Name(), outcome.floor.nats}}, unit));
  report.sections.push_back(TextSection(Samples(model)));
  if (model.network.encoder().stack() != nullptr) {
    for (Section& section : InsideSections(LookInsideText(model, held_out, threads))) {
      report.sections.push_back(std::move(section));
    }
  }
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
