// The task "classify": which class a sentence or a series is of.
#include "tasks/task.h"

#include "eddy/error.h"
#include "tasks/classify/actions.h"
#include "tasks/classify/comparison.h"
#include "tasks/classify/job.h"
#include "tasks/classify/model.h"
#include "tasks/reading.h"

namespace eddy {
namespace {

constexpr const char* kExamples =
    "a table (.csv, .tsv), JSON lines (.jsonl), a .ts file, or a folder with a folder for each class";

class TrainClassify : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("FILE", data_, AnyText("FILE"), kExamples).Required().OfTheRun();
    DeclareExamples(options_, table);
    DeclareReading(options_, table);
    DeclareTraining(options_, table);
  }
  std::string notes() const override {
    return R"(A series is the numbers of a cell with spaces between them, an array of JSON, or, with --series, the rows that have its
name. In a folder each file is an example: a text, or with --columns a table whose rows are steps.
The log odds are the network's and those of a regression, each times a number that fits the held-out examples: of a sentence
on its words and pairs of words, of a series on what some 10,000 small convolutions say of it. --alone leaves that out.
Examples:
  eddy train classify reviews.csv --text review --label stars -o reviews.eddy
  eddy train classify reviews.tsv --no-header --text 1 --label 2 --valid dev.tsv -o reviews.eddy --report reviews.html
  eddy train classify walks.jsonl --columns x,y,z --label who -o walks.eddy
  eddy train classify walks.csv --series walk --columns x,y,z --label who -o walks.eddy
  eddy train classify JapaneseVowels_TRAIN.ts -o vowels.eddy
  eddy train classify folder/ -o texts.eddy
  eddy train classify longer.csv --text review --label stars --start reviews.eddy -o newer.eddy)";
  }
  std::vector<std::string> reads() const override {
    return {data_.name(), options_.held_out.file.name(), options_.start, options_.vectors};
  }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    const ExampleFields fields = FieldsOf(data_, options_);
    ClassData data = LoadClassData(data_, options_.held_out, fields);
    Say(data.train.reading, data_.name(), context);
    return MakeClassifierJob(std::move(data), fields, options_, context);
  }

 private:
  Data data_;
  ClassifierOptions options_;
};

class CompareClassify : public CompareAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("FILE", data_, AnyText("FILE"), kExamples).Required().OfTheRun();
    DeclareExamples(options_, table);
    DeclareReading(options_, table);
  }
  std::string notes() const override {
    return R"(Examples:
  eddy compare classify reviews.csv --text review --label stars
  eddy compare classify JapaneseVowels_TRAIN.ts --valid JapaneseVowels_TEST.ts --forward --report vowels.html)";
  }
  std::vector<std::string> reads() const override { return {data_.name(), options_.held_out.file.name()}; }
  std::unique_ptr<ComparedTask> Prepare(uint64_t seed, TaskContext&) override {
    const ExampleFields fields = FieldsOf(data_, options_);
    ClassData data = LoadClassData(data_, options_.held_out, fields);
    const ClassifierSetup setup = SetupFor(data, fields, options_);
    return std::make_unique<ComparedClasses>(std::move(data), setup, options_.forward, seed);
  }

 private:
  Data data_;
  ClassifierOptions options_;
};

class LoadedClassifier : public LoadedModel {
 public:
  LoadedClassifier(const Model& packed, Threads& threads)
      : network_(LoadClassifier(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  void SetPrecision(Precision precision) override { network_.SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeClassifierModel(network_, training_, threads); }
  Inside LookInside(const std::string&, Threads&) override {
    Fail("inspect", "the file", "left out for a model of classes",
         "given (eddy classify --explain shows what moves a prediction)");
  }

 private:
  ClassifierNetwork network_;
  const Json training_;
};

class Classification : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"classify",
                                  "Learn to tell classes of sentences or series apart",
                                  "classify",
                                  "Say which class sentences or series are of, and why",
                                  "classes",
                                  R"(  eddy train classify reviews.csv --text review --label stars -o reviews.eddy
  eddy classify reviews.eddy new.csv           how many stars each has
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainClassify>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeClassifierUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeClassifierEvaluation(); }
  std::unique_ptr<CompareAction> Compare() const override { return std::make_unique<CompareClassify>(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedClassifier>(packed, threads);
  }
};

}  // namespace

const Task& ClassifyTask() {
  static const Classification task;
  return task;
}

}  // namespace eddy
