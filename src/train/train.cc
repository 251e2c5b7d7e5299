#include "eddy/train.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>

#include "eddy/error.h"
#include "train/checkpoint.h"
#include "train/layer_group.h"
#include "train/looks.h"
#include "train/memory_plan.h"
#include "train/plan.h"
#include "train/process_exchange.h"
#include "train/step_gradient.h"
#include "train/time_left.h"
#include "train/training_options.h"
#include "train/training_state.h"

namespace eddy {
namespace {

constexpr int64_t kMostSkippedInARow = 20;
constexpr double kMostCheckpointShare = 0.02;  // of the time
constexpr double kSmoothing = 50;              // steps, of the loss that progress shows

double SteadySeconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void CopyValues(const Tensor& from, const Tensor& to) { std::copy(from.values().begin(), from.values().end(), to.data()); }

class Loop {
 public:
  Loop(Trainable& task, const TrainingOptions& options, Threads& threads, ProcessGroup& group, const TrainingHooks& hooks)
      : group_(group),
        task_(task),
        options_(CheckedOptions(options)),
        threads_(threads),
        hooks_(hooks),
        fingerprint_(FingerprintOf(options)),
        parameters_(task.parameters()),
        held_out_(task.held_out_size()),
        groups_(GroupByLayer(parameters_)),
        plan_(options.limit, options.amount, task.steps_per_epoch()),
        looks_(task, options_, held_out_, plan_),
        schedule_(options.schedule),
        optimizer_(options.optimizer, parameters_, threads),
        gradient_(task, parameters_, group, threads, options.exchange) {
    if (options.average_decay > 0) average_ = std::make_unique<WeightAverage>(options.average_decay, parameters_, threads);
    for (const LayerGroup& group : groups_) state_.history.groups.push_back(group.name);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  TrainingResult Run() {
    RequireSameRun();
    const bool there = options_.resume && !options_.checkpoint.empty() && HasCheckpoint(options_.checkpoint);
    if (OfFirst(group_, there) != 0) Resume();
    started_ = Clock();
    seconds_before_ = state_.seconds;
    first_step_ = state_.step;
    if (!resumed_) Checkpoint();  // a run killed at once leaves one too, and a disk that cannot be written shows now
    Report();
    const bool stopped = !RunSteps();
    if (unsaved_) Checkpoint();
    if (!stopped) RequireOneFiniteLook();
    if (!stopped) KeepBest();
    return Result(stopped);
  }

 private:
  // Data that differ between machines would be averaged into a model of neither.
  void RequireSameRun() {
    if (group_.size() == 1) return;
    const std::vector<std::string> all = Joined(group_, std::vector<std::string>{Json(fingerprint_).dump()});
    for (size_t rank = 1; rank < all.size(); ++rank) {
      const auto of = [&](size_t process) { return ParseJson(all[process], "a fingerprint").get<Fingerprint>(); };
      const std::string differences = Differences(of(0), of(rank));
      if (differences.empty()) continue;
      Fail("train", "the options and data of process " + std::to_string(rank + 1), "those of the first",
           "different: " + differences);
    }
  }

  // To the end of the run; false where it was stopped, in the middle of a step too.
  bool RunSteps() {
    try {
      ValidateIfDue();  // an early look before the first step, or one in which the run was stopped
      while (!state_.ended) {
        if (OnAny(group_, hooks_.stop && hooks_.stop())) return false;
        Advance();
        Report();
        if (!state_.ended && CheckpointIsDue()) Checkpoint();
      }
      return true;
    } catch (const Stopped&) {
      return false;
    }
  }

  // One step and what follows from it. All of state_ and the arrays change here and nowhere else.
  void Advance() {
    validated_ = false;
    rate_ = schedule_.Rate(plan_.Share(state_.step));
    const double loss = gradient_.Compute(state_.step);
    ++state_.step;
    unsaved_ = true;
    const double norm = GlobalNorm(parameters_, threads_);
    if (std::isfinite(loss) && std::isfinite(norm)) {
      Learn(loss, norm);
    } else {
      Skip();
    }
    const double before = state_.seconds;
    state_.seconds = Seconds();
    time_left_.AddStep(state_.seconds - before);
    plan_.Measure(state_.step, state_.seconds);
    state_.ended = plan_.Finished(state_.step);
    ValidateIfDue();
  }

  void Learn(double loss, double norm) {
    state_.skipped_in_a_row = 0;
    state_.loss_sum += loss;
    ++state_.loss_count;
    ++smoothed_steps_;
    smoothed_loss_ += (loss - smoothed_loss_) / std::min(smoothed_steps_, kSmoothing);
    if (plan_.Passed(state_.step, options_.points, state_.points)) AddPoint(norm);
    if (options_.clip == "norm") ClipGlobalNorm(parameters_, options_.clip_limit, threads_);
    if (options_.clip == "value") ClipValue(parameters_, options_.clip_limit, threads_);
    if (options_.clip == "adaptive") ClipAdaptive(parameters_, options_.clip_limit, threads_);
    optimizer_.Step(rate_);
    if (average_) average_->Update();
  }

  void Skip() {
    task_.ForgetCarriedState();
    ++state_.history.skipped;
    if (++state_.skipped_in_a_row < kMostSkippedInARow) return;
    Fail("train", "the loss and its gradient", "finite",
         "not, " + std::to_string(kMostSkippedInARow) + " steps in a row up to step " + std::to_string(state_.step) +
             ": a lower learning rate may help");
  }

  void AddPoint(double norm) {
    TrainingPoint point{state_.step, state_.loss_sum / static_cast<double>(state_.loss_count), rate_, norm, {}};
    for (const LayerGroup& group : groups_) point.group_norms.push_back(GlobalNorm(group.parameters, threads_));
    state_.history.training.push_back(std::move(point));
    state_.loss_sum = 0;
    state_.loss_count = 0;
  }

  // One that is stopped stays due.
  void ValidateIfDue() {
    const int64_t before = state_.validations;
    if (!looks_.Due(state_)) return;
    if (average_) average_->Swap();
    try {
      const std::optional<double> loss = task_.ValidateTogether(group_, state_.look_units);
      state_.looked_at = state_.step;
      if (loss) Judge(*loss);
    } catch (const Stopped&) {
      if (average_) average_->Swap();
      state_.validations = before;
      throw;
    }
    if (average_) average_->Swap();
    unsaved_ = true;
    const double since = state_.seconds;
    state_.seconds = Seconds();
    time_left_.AddLook(state_.seconds - since);
  }

  // With the weights that were validated in place.
  void Judge(double loss) {
    validated_ = true;
    state_.validation = std::isfinite(loss) ? loss : TrainingState::kNone;
    state_.history.validation.push_back({state_.step, state_.validation});
    if (!std::isfinite(loss)) loss = std::numeric_limits<double>::max();
    schedule_.Observe(loss);
    if (!std::isnan(state_.validation) && !(loss >= state_.best)) {
      state_.best = loss;
      state_.best_step = state_.step;
      state_.waited = 0;
      if (best_.empty()) {
        for (const Parameter* parameter : parameters_) best_.push_back(Tensor::Uninitialized(parameter->value.shape()));
      }
      for (size_t i = 0; i < best_.size(); ++i) CopyValues(parameters_[i]->value, best_[i]);
    } else if (++state_.waited == options_.patience) {
      state_.early = !state_.ended;
      state_.ended = true;
    }
  }

  // Weights that never gave a finite loss on what is held out are of no use to anybody.
  void RequireOneFiniteLook() const {
    if (state_.history.validation.empty() || !std::isnan(state_.best)) return;
    Fail("train", "the loss on what is held out", "finite",
         "not, each time it was looked at up to step " + std::to_string(state_.step) +
             ": training diverged, and a lower learning rate may help");
  }

  void KeepBest() {
    for (size_t i = 0; i < best_.size(); ++i) CopyValues(best_[i], parameters_[i]->value);
    if (best_.empty() && average_) average_->Swap();
  }

  // Every array of the run by its name in the checkpoint. They are handles: restoring copies into them.
  NamedTensors Arrays() {
    NamedTensors arrays;
    for (const Parameter* parameter : parameters_) arrays.emplace_back("weights/" + parameter->name, parameter->value);
    for (const auto& [name, slot] : optimizer_.slots()) arrays.emplace_back("slots/" + name, slot);
    for (size_t i = 0; average_ && i < parameters_.size(); ++i) {
      arrays.emplace_back("average/" + parameters_[i]->name, average_->values()[i]);
    }
    for (size_t i = 0; i < best_.size(); ++i) arrays.emplace_back("best/" + parameters_[i]->name, best_[i]);
    return arrays;
  }

  bool CheckpointIsDue() const {
    if (options_.checkpoint.empty()) return false;
    const double since = now_ - checkpointed_;
    return since >= options_.checkpoint_seconds && since * kMostCheckpointShare >= checkpoint_cost_;
  }

  void Checkpoint() {
    if (options_.checkpoint.empty()) return;
    const double before = Clock();
    state_.plan = plan_.state;
    state_.schedule = schedule_.state;
    state_.optimizer_steps = optimizer_.steps();
    if (average_) state_.average_updates = average_->updates;
    TaskState task = UnitedState(group_, task_.SaveState());
    state_.task = std::move(task.text);
    OnFirst(group_, [&] {
      eddy::Checkpoint checkpoint{fingerprint_, ToJson(state_), Arrays()};
      for (auto& [name, tensor] : task.tensors) checkpoint.tensors.emplace_back("task/" + name, std::move(tensor));
      SaveCheckpoint(options_.checkpoint, checkpoint);
    });
    unsaved_ = false;
    checkpointed_ = Clock();
    checkpoint_cost_ = checkpointed_ - before;
  }

  void Resume() {
    const eddy::Checkpoint checkpoint = LoadCheckpoint(options_.checkpoint);
    const bool longer = GoesOnLonger(options_, checkpoint.fingerprint);
    const std::vector<std::string> groups = std::move(state_.history.groups);
    state_ = TrainingStateFromJson(checkpoint.state);
    Require(state_.step >= state_.plan.from_step, "resume", "the step of the checkpoint", "after its plan", "before it");
    Require(state_.history.groups == groups, "resume", "the layers of the checkpoint", "those of the network", "others");
    if (longer) {
      Lengthen();
    } else {
      plan_.state = state_.plan;
    }
    schedule_.state = state_.schedule;
    optimizer_.set_steps(state_.optimizer_steps);
    if (average_) average_->updates = state_.average_updates;
    if (!std::isnan(state_.best)) {
      for (const Parameter* parameter : parameters_) best_.push_back(Tensor(parameter->value.shape()));
    }
    task_.LoadState(RestoreArrays(checkpoint.tensors));
    resumed_ = true;
  }

  // From here on the learning rate, the validations and the curve are those of the longer run; one that has ended goes on.
  void Lengthen() {
    plan_.GoOnFrom(state_.step, state_.seconds);
    state_.ended = plan_.Finished(state_.step);
    if (state_.early) state_.waited = 0;
    state_.early = false;
    state_.validations = plan_.MarksPassed(state_.step, options_.validations);
    state_.points = plan_.MarksPassed(state_.step, options_.points);
  }

  // Copies the stored arrays into the run's; the task's own are handed back.
  TaskState RestoreArrays(const NamedTensors& stored) {
    constexpr std::string_view kTask = "task/";
    std::map<std::string, Tensor> rest(stored.begin(), stored.end());
    for (const auto& [name, array] : Arrays()) {
      const auto node = rest.extract(name);
      Require(!node.empty(), "resume", Quoted(name), "in the checkpoint", "missing");
      Require(node.mapped().shape() == array.shape(), "resume", Quoted(name), "of shape " + array.shape().ToString(),
              node.mapped().shape().ToString());
      CopyValues(node.mapped(), array);
    }
    TaskState task{state_.task, {}};
    for (const auto& [name, tensor] : rest) {
      Require(name.starts_with(kTask), "resume", Quoted(name), "an array of this run", "unknown");
      task.tensors.emplace_back(name.substr(kTask.size()), tensor);
    }
    return task;
  }

  void Report() const {
    if (!hooks_.progress) return;
    const double steps = static_cast<double>(state_.step - first_step_);
    const double seconds = state_.seconds - seconds_before_;
    Progress progress;
    progress.step = state_.step;
    progress.total = plan_.total();
    progress.epoch = static_cast<double>(state_.step) / static_cast<double>(task_.steps_per_epoch());
    progress.loss = smoothed_steps_ > 0 ? smoothed_loss_ : TrainingState::kNone;
    progress.validation = state_.validation;
    progress.validated = validated_;
    progress.sampled = std::min(state_.look_units, held_out_.most) < held_out_.units;
    progress.best = state_.best;
    progress.rate = rate_;
    progress.units_per_second = seconds > 0 ? steps * task_.units_per_step() / seconds : 0;
    progress.seconds = state_.seconds;
    progress.seconds_left = state_.ended ? 0 : time_left_.Of(plan_.total() - state_.step, looks_.Left(state_));
    progress.may_end_early = options_.patience > 0;
    progress.resumed = resumed_;
    hooks_.progress(progress);
  }

  TrainingResult Result(bool stopped) const {
    const double waited = group_.size() > 1 ? gradient_.waited() : 0;
    return {stopped, resumed_,    state_.early,     state_.step,   state_.seconds,
            waited,  state_.best, state_.best_step, state_.history};
  }

  double Seconds() { return seconds_before_ + Clock() - started_; }
  // The first process', so that all do the same at the same time.
  double Clock() { return now_ = OfFirst(group_, hooks_.clock ? hooks_.clock() : SteadySeconds()); }

  ProcessGroup& group_;
  Trainable& task_;
  const TrainingOptions& options_;
  Threads& threads_;
  const TrainingHooks& hooks_;
  const Fingerprint fingerprint_;
  const std::vector<Parameter*> parameters_;
  const HeldOutSize held_out_;  // counting it may take as long as a step
  const std::vector<LayerGroup> groups_;
  Plan plan_;
  const Looks looks_;
  Schedule schedule_;
  Optimizer optimizer_;
  StepGradient gradient_;
  std::unique_ptr<WeightAverage> average_;
  std::vector<Tensor> best_;  // the best weights by validation; empty before the first
  TrainingState state_;

  // Of this session alone: nothing a step depends on.
  bool resumed_ = false;
  bool unsaved_ = false;  // whether the checkpoint lacks something
  bool validated_ = false;
  TimeLeft time_left_;
  int64_t first_step_ = 0;
  double now_ = 0;  // when the clock was read last
  double started_ = 0;
  double seconds_before_ = 0;
  double checkpointed_ = 0;
  double checkpoint_cost_ = 0;
  double rate_ = 0;
  double smoothed_loss_ = 0;
  double smoothed_steps_ = 0;
};

}  // namespace

TrainingResult Train(Trainable& task, const TrainingOptions& options, Threads& threads, const TrainingHooks& hooks) {
  return Train(task, options, threads, Alone(), hooks);
}

TrainingResult Train(Trainable& task, const TrainingOptions& options, Threads& threads, ProcessGroup& group,
                     const TrainingHooks& hooks) {
  RequireMemory(PlanMemory(task, options), MachineMemory());
  return Loop(task, options, threads, group, hooks).Run();
}

}  // namespace eddy
