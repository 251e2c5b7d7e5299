// eddy evaluate, of a transcriber.
#include <fmt/format.h>

#include "tasks/reading.h"
#include "tasks/transcribe/actions.h"
#include "tasks/transcribe/result.h"

namespace eddy {
namespace {

class EvaluateTranscribe : public EvaluateAction {
 public:
  void Declare(OptionTable& table) override {
    table.Flag("all", all_, "measure also on what it was trained on");
    DeclareSearch(search_, table);
  }
  std::string notes() const override {
    return R"(  eddy evaluate speech.eddy test.tsv
  eddy evaluate speech.eddy test.tsv --lm words.arpa --beam 64)";
  }

  Outcome Run(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    const TranscriberNetwork network = LoadTranscriber(packed, context.threads);
    const Seeking seeking(search_);
    const UtteranceSet set = FindMaterial(packed, network.design(), input, context);
    context.live("Transcribing ...");
    const std::string& commonest = StringField(ObjectField(packed.description, "training"), "commonest");
    return MakeOutcome(EvaluateTranscriber(network, set.utterances, commonest, seeking.options(), context.threads));
  }

  Figure Measure(const Model& packed, const EvaluateInput& input, TaskContext& context) override {
    const TranscriberNetwork network = LoadTranscriber(packed, context.threads);
    std::vector<EncodedUtterance> encoded;
    for (const Utterance& each : FindMaterial(packed, network.design(), input, context).utterances) {
      if (WhyLeftOut(each, network.design()).empty()) encoded.push_back(EncodeUtterance(each, network.design()));
    }
    return {MeasureTranscriber(network, encoded, context.threads), "nats a character"};
  }

 private:
  // What is measured: of the training recordings the part that was held out.
  UtteranceSet FindMaterial(const Model& packed, const TranscriberDesign& design, const EvaluateInput& input,
                            TaskContext& context) const {
    const DataSource source = DataSourceFromJson(ObjectField(ObjectField(packed.description, "training"), "source"));
    UtteranceSet set = ReadUtterances(input.data, FrontEndOf(design));
    Say(set.reading, input.data.name(), context);
    if (set.hash != source.hash) return set;
    if (source.valid_file.empty() && !all_) {
      context.line(
          fmt::format("{} is what the model was trained on: measuring on the part it held out.", input.data.name()));
      return HeldOutAgain(source, std::move(set));
    }
    context.line(
        fmt::format("{} is what the model was trained on: the figures say nothing about others.", input.data.name()));
    return set;
  }

  bool all_ = false;
  TranscribeOptions search_;
};

}  // namespace

std::unique_ptr<EvaluateAction> MakeTranscriberEvaluation() { return std::make_unique<EvaluateTranscribe>(); }

}  // namespace eddy
