#include <fmt/format.h>

#include "console.h"
#include "eddy/error.h"
#include "tasks/translation_evaluation.h"
#include "tasks/translator_data.h"
#include "tell.h"
#include "translation_result.h"

namespace eddy {
namespace {

PairSource SourceOf(const Model& model) {
  return PairSourceFromJson(ObjectField(ObjectField(model.description, "training"), "source"));
}

// What is measured: of the training file the part that was held out.
std::vector<Pair> FindMaterial(const PairSource& source, const EvaluateOptions& options, Console& console) {
  std::vector<Pair> pairs = ReadPairs({options.file, {}, {}});
  if (HashOf(pairs) != source.hash) return pairs;
  if (source.valid.empty() && !options.all) {
    console.Line(fmt::format("{} is what the model was trained on: measuring on the part it held out.", options.file));
    return SplitAgain(source, std::move(pairs)).held_out;
  }
  console.Line(fmt::format("{} is what the model was trained on: the figures say nothing about others.", options.file));
  return pairs;
}

// --train: one table, or a file of sources and one of targets.
PairFiles TrainingFiles(const EvaluateOptions& options) {
  const std::vector<std::string>& paths = options.train;
  if (paths.empty()) return {};
  Require(paths.size() <= 2, "evaluate", "--train", "one file of pairs, or one of sources and one of targets",
          std::to_string(paths.size()) + " files");
  if (paths.size() == 1) return {paths[0], {}, {}};
  return {{}, paths[0], paths[1]};
}

}  // namespace

Figure MeasureTranslator(const Model& model, const EvaluateOptions& options) {
  Console console(/*quiet=*/true);
  Threads threads(options.threads);
  TranslatorNetwork network = LoadTranslator(model, threads);
  const std::vector<Pair> pairs = FindMaterial(SourceOf(model), options, console);
  return {NatsPerToken(network, EncodePairs(pairs, network.design()), threads), "nats a token"};
}

void EvaluateTranslation(const Model& model, const EvaluateOptions& options) {
  Console console(options.quiet);
  Threads threads(options.threads);
  std::vector<std::string> models = {options.model};
  models.insert(models.end(), options.with.begin(), options.with.end());
  std::vector<TranslatorNetwork> networks = LoadTranslators(models, threads);
  const TranslatorDesign& design = networks[0].design();
  const BleuTokens tokens = ParseBleuTokens(options.tokenize);
  const PairSource source = SourceOf(model);
  const std::vector<Pair> pairs = FindMaterial(source, options, console);
  console.Live("Translating ...");
  BeamOptions beam;
  beam.width = options.beam;
  TranslationResult result = EvaluateTranslator(PointersTo(networks), pairs, beam, tokens, threads);
  result.floors.push_back(CopiedSource(design, pairs, tokens));
  console.Live("Training a simple method to compare with ...");
  const std::optional<std::vector<Pair>> train = FindTrainingPairs(source, TrainingFiles(options));
  if (train) {
    result.floors.push_back(SimpleTranslation(design, *train, pairs, tokens));
  } else {
    console.Line("The training pairs are not at hand (--train), so the source alone is there to compare with.");
  }
  console.ClearLive();
  TellEvaluation(kTranslateTask, result, options);
}

}  // namespace eddy
