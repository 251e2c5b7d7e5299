#include <fmt/format.h>

#include "console.h"
#include "tasks/text_model.h"
#include "tasks/text_report.h"
#include "tasks/text_source.h"
#include "tell.h"
#include "text_result.h"

namespace eddy {
namespace {

// What is measured, and what the n-gram floor is estimated on.
struct Material {
  Corpus measured;
  std::optional<Corpus> training;
};

Material FindMaterial(const TextModel& model, const EvaluateOptions& options, Console& console) {
  const TextSource source = TextSourceFromJson(ObjectField(model.training, "text"));
  const std::string text = ReadTextFiles(std::span(&options.file, 1), model.format.unit, model.format.lines);
  const bool trained_on = IsTrainingText(source, text);
  if (trained_on && source.valid_file.empty() && !options.all) {
    console.Line(fmt::format("{} is what the model was trained on: measuring on the part it held out.", options.file));
    TextSplit split = SplitAgain(source, text);
    return {std::move(split.valid), std::move(split.train)};
  }
  if (trained_on) {
    console.Line(
        fmt::format("{} is what the model was trained on: the figure says nothing about other text.", options.file));
  }
  return {model.format.Encode(text, options.file), FindTrainingCorpus(source, model.format, options.train)};
}

}  // namespace

Figure MeasureTextModel(const Model& packed, const EvaluateOptions& options) {
  Console console(/*quiet=*/true);
  TextModel model = UnpackTextModel(packed);
  Threads threads(options.threads);
  const Material material = FindMaterial(model, options, console);
  return {MeasureText(model.network, material.measured, Measure::kExact, threads).nats, LossUnit(model.format.unit)};
}

void EvaluateText(const Model& packed, const EvaluateOptions& options) {
  Console console(options.quiet);
  TextModel model = UnpackTextModel(packed);
  const Material material = FindMaterial(model, options, console);
  console.Live(fmt::format("Reading {} {} ...", material.measured.predicted(), TextUnitName(model.format.unit)));
  Threads threads(options.threads);
  TextResult result;
  result.unit = model.format.unit;
  result.score = MeasureText(model.network, material.measured, Measure::kExact, threads);
  result.bytes = material.measured.bytes;
  result.unknown = material.measured.unknown;
  if (material.training) result.floor = BestNgram(*material.training, material.measured, model.format.vocabulary.size());
  console.ClearLive();

  TellEvaluation(kTextTask, result, options);
}

}  // namespace eddy
