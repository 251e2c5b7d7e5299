#include <fmt/format.h>

#include "console.h"
#include "tag_result.h"
#include "tasks/tag_data.h"
#include "tasks/tagger.h"
#include "tell.h"

namespace eddy {
namespace {

ClassSource SourceOf(const Model& model) {
  return ClassSourceFromJson(ObjectField(ObjectField(model.description, "training"), "source"));
}

// What is measured: of the training file the part that was held out.
TokenSet FindMaterial(const ClassSource& source, const EvaluateOptions& options, Console& console) {
  TokenSet set = ReadConll(options.file, /*tagged=*/true);
  if (HashOf(set) != source.hash) return set;
  if (source.valid_file.empty() && !options.all) {
    console.Line(fmt::format("{} is what the model was trained on: measuring on the part it held out.", options.file));
    return SplitAgain(source, std::move(set)).held_out;
  }
  console.Line(fmt::format("{} is what the model was trained on: the figures say nothing about others.", options.file));
  return set;
}

}  // namespace

Figure MeasureTagger(const Model& model, const EvaluateOptions& options) {
  Console console(/*quiet=*/true);
  Threads threads(options.threads);
  TaggerNetwork network = LoadTagger(model, threads);
  const TokenSet set = FindMaterial(SourceOf(model), options, console);
  const TagIds right = TagTargets(set, network.design().tags);
  return {MeasureTags(network, EncodeTokens(set, network.design()), right, threads), "nats a token"};
}

void EvaluateTagger(const Model& model, const EvaluateOptions& options) {
  Console console(options.quiet);
  Threads threads(options.threads);
  TaggerNetwork network = LoadTagger(model, threads);
  const TaggerDesign& design = network.design();
  const ClassSource source = SourceOf(model);
  const TokenSet set = FindMaterial(source, options, console);
  const TagIds right = TagTargets(set, design.tags);
  const EncodedTokens tokens = EncodeTokens(set, design);
  TaggerResult result;
  result.tags = design.tags;
  result.loss = MeasureTags(network, tokens, right, threads);
  result.network = ScoreTags(SayTags(network, tokens, threads), right, design.tags);
  console.Live("Training a simple method to compare with ...");
  const std::string path = options.train.empty() ? std::string() : options.train.front();
  if (const std::optional<TokenSet> train = FindTrainingSequences(source, path)) {
    result.floors = TagFloors(*train, set, right, design.tags);
  } else {
    console.Line("The training sequences are not at hand (--train), so there is nothing to compare with.");
  }
  console.ClearLive();
  TellEvaluation(kTagTask, result, options);
}

}  // namespace eddy
