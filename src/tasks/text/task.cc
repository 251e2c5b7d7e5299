// The task "text": a language model, which goes on with text.
#include "tasks/task.h"

#include "tasks/reading.h"
#include "tasks/text/actions.h"
#include "tasks/text/comparison.h"
#include "tasks/text/job.h"
#include "tasks/text/report.h"

namespace eddy {
namespace {

constexpr const char* kFiles = "UTF-8 text; several are read one after another";

std::vector<std::string> Inputs(const std::vector<Data>& files, const LanguageModelOptions& options) {
  std::vector<std::string> inputs;
  for (const Data& file : files) inputs.push_back(file.name());
  inputs.push_back(options.held_out.file.name());
  inputs.push_back(options.start);
  return inputs;
}

class TrainText : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table.AddMany("FILE", files_, AnyText("FILE"), kFiles).Required();
    DeclareText(options_, table);
    DeclareTraining(options_, table);
  }
  std::string notes() const override {
    return R"(Examples:
  eddy train text book.txt -o book.eddy
  eddy train text book.txt -o book.eddy --minutes 10 --report book.html
  eddy train text words.txt --lines -o words.eddy
  eddy train text more.txt --start book.eddy -o both.eddy --learning-rate 0.001
  eddy train text a.txt b.txt --words --cell gru --layers 2 --tie -o model.eddy)";
  }
  std::vector<std::string> reads() const override { return Inputs(files_, options_); }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    LoadedText data = LoadText(files_, options_, context.group);
    Say(data.reading, files_.front().name(), context);
    return MakeTextJob(std::move(data), options_, context);
  }

 private:
  std::vector<Data> files_;
  LanguageModelOptions options_;
};

class CompareText : public CompareAction {
 public:
  void Declare(OptionTable& table) override {
    table.AddMany("FILE", files_, AnyText("FILE"), kFiles).Required();
    DeclareText(options_, table);
  }
  std::string notes() const override {
    return R"(Examples:
  eddy compare text book.txt
  eddy compare text words.txt --lines --models lstm,tcn,lstm+attention --minutes 5 --report words.html)";
  }
  std::vector<std::string> reads() const override { return Inputs(files_, options_); }
  std::unique_ptr<ComparedTask> Prepare(uint64_t seed, TaskContext&) override {
    return std::make_unique<ComparedText>(LoadText(files_, options_).split, seed);
  }

 private:
  std::vector<Data> files_;
  LanguageModelOptions options_;
};

class LoadedTextModel : public LoadedModel {
 public:
  explicit LoadedTextModel(const Model& packed) : model_(UnpackTextModel(packed)) {}
  std::vector<Parameter*> parameters() override { return model_.network.parameters(); }
  void SetPrecision(Precision precision) override { model_.network.SetPrecision(precision); }
  Model ToModel(Threads&) override { return PackTextModel(model_); }
  Inside LookInside(const std::string& file, Threads& threads) override {
    const Data data(file);
    const std::string text = ReadTextFiles(std::span(&data, 1), model_.format.unit, model_.format.lines);
    return LookInsideText(model_, model_.format.Encode(text, file), threads);
  }

 private:
  TextModel model_;
};

class Texts : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"text",
                                  "Learn to go on with text: a language model",
                                  "generate",
                                  "Write text that a model goes on with",
                                  "text",
                                  R"(  eddy train text book.txt -o book.eddy        learn a text
  eddy generate book.eddy --prompt "It was"    go on from there
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainText>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeTextUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeTextEvaluation(); }
  std::unique_ptr<CompareAction> Compare() const override { return std::make_unique<CompareText>(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads&) const override {
    return std::make_unique<LoadedTextModel>(packed);
  }
};

}  // namespace

const Task& TextTask() {
  static const Texts task;
  return task;
}

}  // namespace eddy
