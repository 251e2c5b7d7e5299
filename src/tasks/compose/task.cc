// The task "compose": music that goes on, or that is put under a melody.
#include "tasks/task.h"

#include "eddy/error.h"
#include "tasks/compose/actions.h"
#include "tasks/compose/job.h"
#include "tasks/compose/model.h"
#include "tasks/compose/report.h"

namespace eddy {
namespace {

class TrainCompose : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table.AddMany("FILE", files_, AnyText("FILE"), "MIDI files, folders of them, or piano rolls").Required().OfTheRun();
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(Piano rolls are JSON, {"train": [[[60, 64, 67], [60, 65], []], ...], "valid": ..., "test": ...} or one array of pieces: of each
piece the keys of each frame; or MATLAB files with cells traindata, validdata and testdata of arrays of 88 keys.
Examples:
  eddy train compose chorales/ -o bach.eddy --report bach.html
  eddy train compose chorales/ --harmonise -o voices.eddy
  eddy train compose recitals/ --grid events -o pianist.eddy
  eddy train compose jsb-chorales-quarter.json -o bach.eddy)";
  }
  std::vector<std::string> reads() const override {
    std::vector<std::string> reads;
    for (const Data& file : files_) reads.push_back(file.name());
    reads.push_back(options_.held_out.file.name());
    return reads;
  }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    return MakeComposerJob(LoadMusic(files_, options_), options_, context);
  }

 private:
  std::vector<Data> files_;
  ComposerOptions options_;
};

class LoadedComposer : public LoadedModel {
 public:
  LoadedComposer(const Model& packed, Threads& threads)
      : network_(LoadComposer(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  void SetPrecision(Precision precision) override { network_.SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeComposerModel(network_, training_, threads); }
  Inside LookInside(const std::string& file, Threads& threads) override {
    const Data data(file);
    const MusicReading reading = ReadMusic(std::span(&data, 1), network_.design().grid, /*strict=*/true);
    return LookInsideMusic(network_, reading.train.pieces.front(), threads);
  }

 private:
  ComposeNetwork network_;
  const Json training_;
};

class Composing : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"compose",
                                  "Learn to write music, or voices below a melody",
                                  "compose",
                                  "Write music as MIDI",
                                  "music",
                                  R"(  eddy train compose chorales/ -o bach.eddy
  eddy compose bach.eddy -o new.mid            sixteen bars of new music
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainCompose>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeComposerUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeComposerEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedComposer>(packed, threads);
  }
};

}  // namespace

const Task& ComposeTask() {
  static const Composing task;
  return task;
}

}  // namespace eddy
