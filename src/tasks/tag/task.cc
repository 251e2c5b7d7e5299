// The task "tag": names, phrases, parts of speech of the tokens of a sequence.
#include "tasks/task.h"

#include "eddy/error.h"
#include "tasks/reading.h"
#include "tasks/tag/actions.h"
#include "tasks/tag/job.h"
#include "tasks/tag/model.h"

namespace eddy {
namespace {

class TrainTag : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("FILE", file_, AnyText("FILE"), "a token a line, its tag in the last column, a blank line between sequences")
        .Required()
        .OfTheRun();
    eddy::Declare(options_, table);
  }
  std::string notes() const override {
    return R"(Columns are separated by blanks or tabs; between the first and the last others may stand. Where all tags are O, or begin
with B-, I-, E- or S-, the chunks that they spell are scored as conlleval does.
Examples:
  eddy train tag names.conll -o names.eddy
  eddy train tag eng.train --valid eng.testa -o names.eddy --report names.html
  eddy train tag words.conll --cell gru --no-crf -o words.eddy)";
  }
  std::vector<std::string> reads() const override {
    return {file_.name(), options_.held_out.file.name(), options_.start, options_.vectors};
  }
  TrainOptions& options() override { return options_.train; }
  std::unique_ptr<Job> Prepare(TaskContext& context) override {
    TagData data = LoadTagData(file_, options_.held_out, FormatOf(options_));
    Say(data.train.reading, file_.name(), context);
    return MakeTaggerJob(std::move(data), options_, context);
  }

 private:
  Data file_;
  TaggerOptions options_;
};

class LoadedTagger : public LoadedModel {
 public:
  LoadedTagger(const Model& packed, Threads& threads)
      : network_(LoadTagger(packed, threads)), training_(ObjectField(packed.description, "training")) {}
  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  void SetPrecision(Precision precision) override { network_.SetPrecision(precision); }
  Model ToModel(Threads& threads) override { return MakeTaggerModel(network_, training_, threads); }
  Inside LookInside(const std::string&, Threads&) override {
    Fail("inspect", "the file", "left out for a model of tags", "given (eddy tag says what it makes of it)");
  }

 private:
  TaggerNetwork network_;
  const Json training_;
};

class Tagging : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {"tag",
                                  "Learn to tag tokens: names, phrases, parts of speech",
                                  "tag",
                                  "Tag the tokens of sequences",
                                  "tags",
                                  R"(  eddy train tag names.conll -o names.eddy
  eddy tag names.eddy new.conll                which words are names
)"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainTag>(); }
  std::unique_ptr<UseAction> Use() const override { return MakeTaggerUse(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return MakeTaggerEvaluation(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads& threads) const override {
    return std::make_unique<LoadedTagger>(packed, threads);
  }
};

}  // namespace

const Task& TagTask() {
  static const Tagging task;
  return task;
}

}  // namespace eddy
