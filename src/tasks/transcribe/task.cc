// The task "transcribe": sound to words.
#include "tasks/task.h"

#include "eddy/error.h"
#include "tasks/transcribe/actions.h"
#include "tasks/transcribe/job.h"
#include "tasks/transcribe/model.h"

namespace eddy {
namespace {

class TrainTranscribe : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table
        .Add("FILE", file_, AnyText("FILE"),
             "a path, a tab and a transcript a line; or a folder of sounds with a .txt beside each")
        .Required()
        .OfTheRun();
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(Sounds are wav, flac, ogg or mp3, of any rate and any number of channels; .npy and .csv are features, a frame a row. A third
column is the speaker; with four, the second and third are the beginning and the end of the part that is meant, in seconds.
What all recordings of a speaker have in common is taken from them, where speakers are named; else what each has.
Examples:
  eddy train transcribe speech.tsv -o speech.eddy --report speech.html
  eddy train transcribe recordings/ -o speech.eddy --causal
  eddy train transcribe train.tsv --valid dev.tsv -o speech.eddy --hidden 256 --epochs 60)";
  }
  std::vector<std::string> reads() const override { return {file_.name(), options_.held_out.file.name()}; }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override { return MakeTranscriberJob(file_, options_, context); }

 private:
  Data file_;
  TranscriberOptions options_;
};

class LoadedTranscriber : public LoadedModel {
 public:
  LoadedTranscriber(const Model& packed, Threads& threads)
      : network_(LoadTranscriber(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  void SetPrecision(Precision precision) override { network_.SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeTranscriberModel(network_, training_, threads); }
  Inside LookInside(const std::string&, Threads&) override {
    Fail("inspect", "the file", "left out for a model of speech", "given (the report of training shows what it hears)");
  }

 private:
  TranscriberNetwork network_;
  const Json training_;
};

class Transcribing : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"transcribe",
                                  "Learn to write down what is said: sound to words",
                                  "transcribe",
                                  "Write down what is said",
                                  "speech",
                                  R"(  eddy train transcribe speech.tsv -o speech.eddy
  eddy transcribe speech.eddy talk.wav         what is said
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainTranscribe>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeTranscriberUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeTranscriberEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedTranscriber>(packed, threads);
  }
};

}  // namespace

const Task& TranscribeTask() {
  static const Transcribing task;
  return task;
}

}  // namespace eddy
