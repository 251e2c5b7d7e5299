// The least that a task can be: it learns the mean of the numbers in a file, one a line. scripts/check-new-task.sh puts this
// folder among the tasks and shows that nothing else has to change.
#include "tasks/task.h"

#include <cmath>
#include <sstream>

#include "data/read_file.h"
#include "eddy/loss.h"
#include "eddy/ops.h"

namespace eddy {
namespace {

constexpr const char* kName = "toy";

struct Mean {
  Parameter value{"mean", Tensor({1, 1, 1})};

  Model ToModel() {
    Model packed;
    packed.task = kName;
    packed.description = {{"training", Json::object()}};
    Parameter* parameters[] = {&value};
    StoreNetwork(
        parameters, Tensor({1}), [this](const Tensor&) { return value.value.Reshape({1}); }, packed);
    return packed;
  }
};

class ToyJob : public Job, Trainable {
 public:
  ToyJob(std::vector<Real> numbers, const TrainOptions& given) : numbers_(std::move(numbers)) {
    training_.amount = static_cast<double>(given.steps.value_or(200));
    training_.limit = "steps";
    training_.checkpoint = given.checkpoint;
    training_.schedule.rate = 0.1;
  }

  Trainable& trainable() override { return *this; }
  const TrainingOptions& training() const override { return training_; }
  std::string unit() const override { return "numbers"; }
  std::string measure() const override { return "squared error"; }
  Outcome Finish(const TrainingResult&, TaskContext&) override {
    return {"The mean is about " + std::to_string(mean_.value.value[0]), {{"mean", mean_.value.value[0]}}};
  }
  Model ToModel(Threads&) override { return mean_.ToModel(); }
  Report MakeReport(Threads&) override {
    Report report;
    report.title = "A mean";
    return report;
  }

 private:
  std::vector<Parameter*> parameters() override { return {&mean_.value}; }
  int64_t steps_per_epoch() const override { return 1; }
  double units_per_step() const override { return static_cast<double>(numbers_.size()); }
  std::optional<double> Validate(double) override { return std::nullopt; }
  double Step(int64_t step, Shard, const ShardWorker& worker) override {
    Tape tape = worker.MakeTape();
    const Real number = numbers_[static_cast<size_t>(step) % numbers_.size()];
    Sequence sequence;
    const Var loss = SquaredError(tape, tape.Use(mean_.value), Tensor::From({1, 1, 1}, std::span(&number, 1)));
    const double value = static_cast<double>(tape.Value(loss)[0]);
    tape.Backward(loss);
    return value;
  }

  const std::vector<Real> numbers_;
  TrainingOptions training_;
  Mean mean_;
};

class TrainToy : public TrainAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("FILE", file_, AnyText("FILE"), "numbers, one a line").Required();
    table.Add("steps", options_.steps, WholeNumber(1, 1 << 20), "updates").Usually("200");
  }
  std::string notes() const override { return ""; }
  std::vector<std::string> reads() const override { return {file_}; }
  TrainOptions& options() override { return options_; }
  std::unique_ptr<Job> Prepare(TaskContext&) override {
    std::istringstream text(ReadFile(file_));
    std::vector<Real> numbers;
    for (Real number = 0; text >> number;) numbers.push_back(number);
    Require(!numbers.empty(), "toy", file_, "of numbers", "without any");
    return std::make_unique<ToyJob>(std::move(numbers), options_);
  }

 private:
  std::string file_;
  TrainOptions options_;
};

class UseToy : public UseAction {
 public:
  void Declare(OptionTable& table) override { table.Add("MODEL", model_, AnyText("MODEL"), "a mean").Required(); }
  std::string notes() const override { return ""; }
  std::vector<std::string> reads() const override { return {model_}; }
  std::string model() const override { return model_; }
  void Run(UseContext& context) override {
    context.write(std::to_string(FindTensor(LoadModel(model_, kName), "mean")[0]) + "\n");
  }

 private:
  std::string model_;
};

class EvaluateToy : public EvaluateAction {
 public:
  void Declare(OptionTable&) override {}
  std::string notes() const override { return ""; }
  Outcome Run(const Model& packed, const EvaluateInput&, TaskContext&) override {
    return {"The mean is " + std::to_string(FindTensor(packed, "mean")[0]), OrderedJson::object()};
  }
  Figure Measure(const Model& packed, const EvaluateInput&, TaskContext&) override {
    return {static_cast<double>(FindTensor(packed, "mean")[0]), "itself"};
  }
};

class LoadedToy : public LoadedModel {
 public:
  explicit LoadedToy(const Model& packed) { mean_.value.value = FindTensor(packed, "mean").Clone(); }
  std::vector<Parameter*> parameters() override { return {&mean_.value}; }
  void SetPrecision(Precision) override {}
  Model ToModel(Threads&) override { return mean_.ToModel(); }
  Inside LookInside(const std::string&, Threads&) override { Fail("inspect", "the file", "left out", "given"); }

 private:
  Mean mean_;
};

class Toy : public Task {
 public:
  const TaskInfo& info() const override {
    static const TaskInfo info = {kName, "Learn a mean", "mean", "Say a mean", "a mean"};
    return info;
  }
  std::unique_ptr<TrainAction> Train() const override { return std::make_unique<TrainToy>(); }
  std::unique_ptr<UseAction> Use() const override { return std::make_unique<UseToy>(); }
  std::unique_ptr<EvaluateAction> Evaluate() const override { return std::make_unique<EvaluateToy>(); }
  std::unique_ptr<LoadedModel> Load(const Model& packed, Threads&) const override {
    return std::make_unique<LoadedToy>(packed);
  }
};

}  // namespace

const Task& ToyTask() {
  static const Toy task;
  return task;
}

}  // namespace eddy
