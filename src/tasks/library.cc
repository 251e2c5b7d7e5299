#include "tasks/library.h"

#include "base/nearest.h"
#include "eddy/error.h"
#include "model/round_weights.h"
#include "train/process_exchange.h"

namespace eddy {
namespace {

void AddFigures(const std::string& path, const OrderedJson& json, std::vector<std::pair<std::string, double>>& figures) {
  const std::string prefix = path.empty() ? "" : path + ".";
  if (json.is_number()) figures.emplace_back(path, json.get<double>());
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) AddFigures(prefix + key, value, figures);
  }
  for (size_t i = 0; json.is_array() && i < json.size(); ++i) AddFigures(prefix + std::to_string(i), json[i], figures);
}

TrainingSummary Summarize(const TrainingResult& result) {
  TrainingSummary summary{result.steps, result.seconds, result.resumed, result.early, result.best_step, {}, {}};
  for (const TrainingPoint& point : result.history.training) summary.training.push_back({point.step, point.loss});
  for (const ValidationPoint& point : result.history.validation) summary.validation.push_back({point.step, point.loss});
  return summary;
}

}  // namespace

Evaluation MakeEvaluation(const Outcome& outcome) {
  Evaluation evaluation{outcome.text, outcome.json.dump(2, ' ', false, OrderedJson::error_handler_t::replace), {}};
  AddFigures("", outcome.json, evaluation.figures);
  return evaluation;
}

double Evaluation::Figure(std::string_view path) const {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : figures) {
    if (name == path) return value;
    names.push_back(name);
  }
  const std::string nearest = Nearest(path, names);
  Fail("evaluation", "the figure", "one that there is" + (nearest.empty() ? "" : ", such as " + nearest), Quoted(path));
}

FinishedJob RunJob(const PrepareJob& prepare, const TrainHooks& hooks) {
  const auto threads = std::make_shared<Threads>(hooks.threads);  // which the job refers to until its end
  FinishedJob finished;
  ProcessGroup& group = hooks.group != nullptr ? *hooks.group : Alone();
  TaskContext context = QuietContext(*threads, group);
  if (hooks.say) context.line = hooks.say;
  if (hooks.stop) context.stop = hooks.stop;
  struct Watch {  // the request is the caller's: no work after this call looks at it
    Threads& threads;
    ~Watch() { threads.SetStop(nullptr); }
  };
  const bool alone = group.size() == 1;
  const auto asked = [&] { return hooks.request != nullptr && hooks.request->asked(); };
  const auto stop = [&] { return (hooks.stop && hooks.stop()) || asked(); };
  // One of several that stopped in the middle of a step would leave the others waiting: they agree before each.
  threads->SetStop(alone ? hooks.request : nullptr);
  const Watch watch{*threads};
  finished.job = prepare(context);
  if (OnAny(group, asked())) throw Stopped();  // before anything is learned, or a checkpoint written
  const auto train = [&] {
    TrainingResult run = Train(finished.job->trainable(), finished.job->training(), *threads, group,
                               {alone ? hooks.stop : stop, hooks.progress, {}});
    if (run.stopped) throw Stopped();
    return run;
  };
  const TrainingResult result = train();
  for (TrainingResult last = result; finished.job->GoOn(last, context);) last = train();
  finished.evaluation = MakeEvaluation(finished.job->Finish(result, context));
  finished.run = Summarize(result);
  finished.packed = finished.job->ToModel(*threads);
  finished.write_report = [threads, job = finished.job](const std::string& path) {
    WriteReport(path, job->MakeReport(*threads));
  };
  return finished;
}

TrainedModel::TrainedModel(Model packed) : packed_(std::make_shared<const Model>(std::move(packed))) {
  Threads threads(1);
  FindTask(packed_->task).Load(*packed_, threads);
}

TrainedModel TrainedModel::Load(const std::string& path) { return TrainedModel(LoadModel(path)); }
TrainedModel TrainedModel::Parse(std::string_view bytes) { return TrainedModel(ParseModel(bytes)); }

std::string TrainedModel::task() const { return packed_->task; }
Precision TrainedModel::precision() const { return packed_->precision; }
std::string TrainedModel::description() const { return DumpJson(packed_->description, "the description"); }

std::vector<std::pair<std::string, Tensor>> TrainedModel::weights() const {
  std::vector<std::pair<std::string, Tensor>> weights;
  for (const auto& [name, tensor] : packed_->tensors) weights.emplace_back(name, tensor.Clone());
  return weights;
}

void TrainedModel::Save(const std::string& path) const { SaveModel(path, *packed_); }
std::string TrainedModel::Serialize() const { return SerializeModel(*packed_); }

Evaluation TrainedModel::Evaluate(const Data& data, int thread_count) const {
  Threads threads(thread_count);
  TaskContext context = QuietContext(threads);
  const std::unique_ptr<EvaluateAction> action = FindTask(packed_->task).Evaluate();
  OptionTable usual;
  action->Declare(usual);
  return MakeEvaluation(action->Run(*packed_, {{}, data}, context));
}

TrainedModel TrainedModel::Quantize(Precision precision) const {
  Require(packed_->precision == Precision::kFloat32, "quantize", "the model", "in float32",
          "in " + std::string(PrecisionName(packed_->precision)));
  Threads threads(1);
  const std::unique_ptr<LoadedModel> loaded = FindTask(packed_->task).Load(*packed_, threads);
  RoundWeights(loaded->parameters(), precision);
  loaded->SetPrecision(precision);
  return TrainedModel(loaded->ToModel(threads));
}

}  // namespace eddy
