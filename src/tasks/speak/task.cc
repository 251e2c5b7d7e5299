// The task "speak": words to sound.
#include "tasks/task.h"

#include "eddy/error.h"
#include "tasks/speak/actions.h"
#include "tasks/speak/job.h"
#include "tasks/speak/model.h"

namespace eddy {
namespace {

class TrainSpeak : public TrainAction {
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
    return R"(Sounds of one voice: wav, flac, ogg or mp3, of any rate and any number of channels, a sentence or a few in each. Letters are
taken as small ones. Where there is a file NAME.lab for NAME.wav, the voice learns its phonemes instead of letters; with
--sounds those that a model finds in the words, which learned from a dictionary of spellings in small letters.
Examples:
  eddy train speak speech.tsv -o voice.eddy --report voice.html
  eddy train speak recordings/ -o voice.eddy --frame-ms 5
  eddy train speak speech.tsv -o voice.eddy --alignments lab/ --low 50 --high 250
  eddy train speak speech.tsv -o voice.eddy --sounds sounds.eddy --lexicon words.tsv)";
  }
  std::vector<std::string> reads() const override {
    return {file_.name(), options_.held_out.file.name(), options_.sounds, options_.lexicon};
  }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override { return MakeVoiceJob(file_, options_, context); }

 private:
  Data file_;
  VoiceOptions options_;
};

class LoadedVoice : public LoadedModel {
 public:
  LoadedVoice(const Model& packed, Threads& threads)
      : network_(LoadVoice(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  void SetPrecision(Precision precision) override { network_.SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeVoiceModel(network_, training_, threads); }
  Inside LookInside(const std::string&, Threads&) override {
    Fail("inspect", "the file", "left out for a voice", "given (the report of training shows how it speaks)");
  }

 private:
  VoiceNetwork network_;
  const Json training_;
};

class Speaking : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"speak",
                                  "Learn a voice: words to sound",
                                  "speak",
                                  "Say a text",
                                  "voices",
                                  R"(  eddy train speak voice.tsv -o voice.eddy
  eddy speak voice.eddy "Good morning." -o morning.wav
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainSpeak>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeVoiceUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeVoiceEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedVoice>(packed, threads);
  }
};

}  // namespace

const Task& SpeakTask() {
  static const Speaking task;
  return task;
}

}  // namespace eddy
