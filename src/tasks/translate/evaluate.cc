// eddy evaluate, of a translator.
#include <fmt/format.h>

#include "eddy/error.h"
#include "tasks/translate/actions.h"
#include "tasks/translate/data.h"
#include "tasks/translate/evaluation.h"
#include "tasks/translate/result.h"

namespace eddy {
namespace {

PairSource SourceOf(const Model& packed) {
  return PairSourceFromJson(ObjectField(ObjectField(packed.description, "training"), "source"));
}

// --train: one table, or a file of sources and one of targets.
PairFiles TrainingFiles(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  Require(paths.size() <= 2, "evaluate", "--train", "one file of pairs, or one of sources and one of targets",
          std::to_string(paths.size()) + " files");
  if (paths.size() == 1) return {paths[0], {}, {}};
  return {{}, paths[0], paths[1]};
}

class EvaluateTranslate : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, for the simple method to compare with")
        .Usually("where they were");
    table.Add("beam", beam_.width, WholeNumber(1, kMostBeam),
              "beginnings kept in the search; 1 for the likeliest token at every step");
    table.AddMany("with", with_, AnyText("MODEL"), "models of the same vocabularies that decide together with MODEL");
    table.Add("tokenize", tokenize_, OneOf({"13a", "none"}), "of BLEU: 13a, or none for text that is tokenised already");
  }
  std::string notes() const override {
    return R"(  eddy evaluate de-en.eddy test.tsv --beam 10
  eddy evaluate seed1.eddy test.tsv --with seed2.eddy seed3.eddy)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    std::vector<TranslatorNetwork> networks = Deciding(packed, input.model, context.threads);
    const TranslatorDesign& design = networks[0].design();
    const BleuTokens tokens = ParseBleuTokens(tokenize_);
    const PairSource source = SourceOf(packed);
    Halves halves;
    const PairSet pairs = FindMaterial(source, input, context, halves);
    context.live("Translating ...");
    TranslationResult result = EvaluateTranslator(PointersTo(networks), pairs, beam_, tokens, context.threads);
    result.halves = std::move(halves);
    result.floors.push_back(CopiedSource(design, pairs, tokens));
    context.live("Training a simple method to compare with ...");
    if (const std::optional<PairSet> train = FindTrainingPairs(source, TrainingFiles(train_))) {
      const std::string warning = SeenWarning(CountSeen(*train, pairs), pairs.size(), "sources");
      if (!warning.empty()) context.line(warning);
      result.floors.push_back(SimpleTranslation(design, *train, pairs, tokens, context.threads));
    } else {
      context.line("The training pairs are not at hand (--train), so the source alone is there to compare with.");
    }
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    TranslatorNetwork network = LoadTranslator(packed, context.threads);
    Halves halves;
    const PairSet pairs = FindMaterial(SourceOf(packed), input, context, halves);
    const EncodedPairs encoded = EncodePairs(pairs, network.design());
    return {NatsPerToken(network, encoded.All(), context.threads), "nats a token"};
  }

 private:
  // The models that decide together; one alone need be no file.
  std::vector<TranslatorNetwork> Deciding(const Model& packed, const std::string& path, Threads& threads) const {
    std::vector<TranslatorNetwork> networks;
    if (with_.empty()) {
      networks.push_back(LoadTranslator(packed, threads));
      return networks;
    }
    std::vector<std::string> models = {path};
    models.insert(models.end(), with_.begin(), with_.end());
    return LoadTranslators(models, threads);
  }

  // What is measured, and which of it judges: of the training file the part that was held out.
  PairSet FindMaterial(const PairSource& source, const EvaluateInput& input, TaskContext& context, Halves& halves) const {
    PairSet pairs = ReadPairs({input.data, {}, {}});
    halves = AllJudge(GroupsOf(pairs.sources()).size());
    const std::string hash = HashOf(pairs);
    if (hash == source.valid_hash) halves = HalvesOf(pairs);
    if (hash != source.hash) return pairs;
    if (source.valid.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      PairData data = SplitAgain(source, std::move(pairs));
      halves = data.halves;
      return std::move(data.held_out);
    }
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return pairs;
  }

  bool all_ = false;
  std::vector<std::string> train_, with_;
  BeamOptions beam_;
  std::string tokenize_ = "13a";
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeTranslatorEvaluation() { return std::make_unique<EvaluateTranslate>(); }

}  // namespace eddy
