// eddy evaluate, of a tagger.
#include <fmt/format.h>

#include "base/counted.h"
#include "base/nearest.h"
#include "data/excerpt.h"
#include "tasks/tag/actions.h"
#include "tasks/tag/data.h"
#include "tasks/tag/model.h"
#include "tasks/tag/result.h"

namespace eddy {
namespace {

DataSource SourceOf(const Model& packed) {
  return DataSourceFromJson(ObjectField(ObjectField(packed.description, "training"), "source"));
}

class EvaluateTagger : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.AddMany("train", train_, AnyText("FILE"), "where the training data are, for the simple method to compare with")
        .Usually("where they were");
  }
  std::string notes() const override { return "  eddy evaluate names.eddy test.conll"; }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    TaggerNetwork network = LoadTagger(packed, context.threads);
    const TaggerDesign& design = network.design();
    const DataSource source = SourceOf(packed);
    TaggerResult result;
    const TokenSet set = FindMaterial(source, design.format, input, context, result.halves);
    result.tags = WithOtherTags(design.tags, set);
    const TokenSet learned = OnlyTaggedWith(design.tags, set);
    SayWhatWasNotLearned(result.tags, design.tags, set.sequences.size() - learned.sequences.size(), context);
    result.loss = MeasureLoss(network, learned, context);
    const TagIds right = TagTargets(set, result.tags);
    result.network = ScoreTags(SayTags(network, EncodeTokens(set, design), context.threads), right, result.tags);
    context.live("Training a simple method to compare with ...");
    const std::string path = train_.empty() ? std::string() : train_.front();
    if (const std::optional<TokenSet> train = FindTrainingSequences(source, path, design.format)) {
      const std::string warning = SeenWarning(CountSeen(InputsOf(*train), InputsOf(set)), set.sequences.size(), "sequences");
      if (!warning.empty()) context.line(warning);
      result.floors = TagFloors(*train, set, right, result.tags);
    } else {
      context.line("The training sequences are not at hand (--train), so there is nothing to compare with.");
    }
    return MakeOutcome(result);
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    TaggerNetwork network = LoadTagger(packed, context.threads);
    Halves halves;
    const TokenSet set = FindMaterial(SourceOf(packed), network.design().format, input, context, halves);
    return {MeasureLoss(network, OnlyTaggedWith(network.design().tags, set), context), "nats a token"};
  }

 private:
  static double MeasureLoss(TaggerNetwork& network, const TokenSet& learned, TaskContext& context) {
    const TaggerDesign& design = network.design();
    return MeasureTags(network, EncodeTokens(learned, design), TagTargets(learned, design.tags), context.threads);
  }

  static void SayWhatWasNotLearned(std::span<const std::string> tags, std::span<const std::string> learned, size_t sequences,
                                   TaskContext& context) {
    if (sequences == 0) return;
    const std::string& first = tags[learned.size()];
    const std::string nearest = Nearest(first, std::vector<std::string_view>(learned.begin(), learned.end()));
    context.line(fmt::format(
        "{} not learned, such as {}{}: tokens with such a tag count as wrong, and {} with them {} left out of the loss.",
        tags.size() - learned.size() == 1 ? "A tag was" : fmt::format("{} tags were", tags.size() - learned.size()),
        Excerpt(first), nearest.empty() ? "" : fmt::format(" (did you mean {}?)", Excerpt(nearest)),
        Counted(sequences, "sequence"), sequences == 1 ? "is" : "are"));
  }

  // What is measured, and which of it judges: of the training file the part that was held out.
  TokenSet FindMaterial(const DataSource& source, const ConllFormat& format, const EvaluateInput& input,
                        TaskContext& context, Halves& halves) const {
    TokenSet set = ReadConll(input.data, /*tagged=*/true, format);
    halves = AllJudge(set.sequences.size());
    const std::string hash = HashOf(set);
    if (hash == source.valid_hash) halves = HalvesOf(set.sequences.size());
    if (hash != source.hash) return set;
    if (source.valid_file.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      TagData data = SplitAgain(source, std::move(set));
      halves = data.halves;
      return std::move(data.held_out);
    }
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return set;
  }

  bool all_ = false;
  std::vector<std::string> train_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeTaggerEvaluation() { return std::make_unique<EvaluateTagger>(); }

}  // namespace eddy
