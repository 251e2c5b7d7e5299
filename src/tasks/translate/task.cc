// The task "translate": sentences, or spellings to sounds.
#include "tasks/task.h"

#include "eddy/error.h"
#include "tasks/reading.h"
#include "tasks/translate/actions.h"
#include "tasks/translate/job.h"
#include "tasks/translate/model.h"

namespace eddy {
namespace {

class TrainTranslate : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    eddy::Declare(input_, table);
    eddy::Declare(options_, table);
    table.Find("valid-source").Excludes("valid");
  }
  std::string notes() const override {
    return R"(--hidden is of the decoder; the encoder has half as many units in each direction.
Examples:
  eddy train translate german-english.tsv -o de-en.eddy --report de-en.html
  eddy train translate --source train.de --target train.en --valid-source val.de --valid-target val.en -o de-en.eddy
  eddy train translate spelling-sound.tsv --unit char -o sounds.eddy)";
  }
  std::vector<std::string> reads() const override {
    std::vector<std::string> files;
    for (const PairFiles& each : {input_.train, input_.valid}) {
      files.insert(files.end(), {each.table.name(), each.source.name(), each.target.name()});
    }
    files.push_back(options_.held_out.file.name());
    files.insert(files.end(), {options_.start, options_.vectors});
    return files;
  }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    PairData data = LoadPairData(SourceOf(input_, options_.held_out), options_.held_out, {.strict = options_.strict});
    Say(data.reading, input_.train.name(), context);
    return MakeTranslatorJob(std::move(data), options_, context);
  }

 private:
  PairInput input_;
  TranslatorOptions options_;
};

class LoadedTranslator : public LoadedModel {
 public:
  LoadedTranslator(const Model& packed, Threads& threads)
      : network_(LoadTranslator(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  void SetPrecision(Precision precision) override { network_.SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeTranslatorModel(network_, training_, threads); }
  Inside LookInside(const std::string&, Threads&) override {
    Fail("inspect", "the file", "left out for a model of translations",
         "given (eddy translate --alignments shows what it attends to)");
  }

 private:
  TranslatorNetwork network_;
  const Json training_;
};

class Translating : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"translate",
                                  "Learn to translate sentences, or spellings to sounds",
                                  "translate",
                                  "Translate sentences, or spellings to sounds",
                                  "translations",
                                  R"(  eddy train translate pairs.tsv -o de-en.eddy
  echo "ein Hund" | eddy translate de-en.eddy
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainTranslate>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeTranslatorUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeTranslatorEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedTranslator>(packed, threads);
  }
};

}  // namespace

const Task& TranslateTask() {
  static const Translating task;
  return task;
}

}  // namespace eddy
