// eddy evaluate, of a voice.
#include <fmt/format.h>

#include "tasks/reading.h"
#include "tasks/speak/actions.h"
#include "tasks/speak/alignment.h"
#include "tasks/speak/result.h"
#include "tasks/speak/training.h"

namespace eddy {
namespace {

class EvaluateSpeak : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    table.Add("alignments", alignments_, AnyText("FOLDER"), "of a voice of phonemes: where the files NAME.lab are")
        .Usually("beside the sounds");
  }
  std::string notes() const override { return "  eddy evaluate voice.eddy test.tsv"; }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    const VoiceNetwork network = LoadVoice(packed, context.threads);
    const SentenceSet set = FindMaterial(packed, network.design(), input, context);
    context.live("Speaking ...");
    return MakeOutcome(EvaluateVoice(network, set.sentences, context.threads));
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    const VoiceNetwork network = LoadVoice(packed, context.threads);
    const SentenceSet set = FindMaterial(packed, network.design(), input, context);
    return {EvaluateVoice(network, set.sentences, context.threads).network.sum.distortion(), "dB distortion"};
  }

 private:
  // What is measured: of the training recordings the part that was held out. What has no alignment files is aligned as in
  // training there, and by these recordings alone otherwise.
  SentenceSet FindMaterial(const Model& packed, const VoiceDesign& design, const EvaluateInput& input,
                           TaskContext& context) const {
    const DataSource source = DataSourceFromJson(ObjectField(ObjectField(packed.description, "training"), "source"));
    const SpeechReader reader{design.vocoder, alignments_, design.alphabet};
    SentenceSet set = ReadSentences(input.data, reader, {}, context.threads);
    Say(set.reading, input.data.name(), context);
    if (set.hash == source.hash && source.valid_file.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      VoiceData data = SplitSentences(source, std::move(set));
      Align(data.train, data.held_out, design, context);
      return std::move(data.held_out);
    }
    SentenceSet none;
    Align(set, none, design, context);
    if (set.hash != source.hash) return set;
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return set;
  }

  static void Align(SentenceSet& learn, SentenceSet& more, const VoiceDesign& design, TaskContext& context) {
    if (!design.alphabet.reads_words()) return;
    context.live("Aligning " + design.alphabet.unit() + " with the sound ...");
    AlignSymbols(learn.sentences, more.sentences, design.vocoder, context.threads);
  }

  bool all_ = false;
  std::string alignments_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeVoiceEvaluation() { return std::make_unique<EvaluateSpeak>(); }

}  // namespace eddy
