// Laws of stopping and going on: a run that was stopped anywhere ends with the bits of one that never stopped.
#include <chrono>
#include <limits>
#include <memory>
#include <thread>

#include "model/temporary_directory.h"
#include "train/checkpoint.h"
#include "train/toy_runs.h"

namespace eddy {
namespace resume_test {

// One of every kind of state that a run can have.
std::vector<TrainingOptions> ManyOptions() {
  std::vector<TrainingOptions> all;
  for (const char* optimizer : {"sgd", "adagrad", "rmsprop", "adam", "adamw"}) {
    all.push_back(Options());
    all.back().optimizer.name = optimizer;
    all.back().optimizer.momentum = optimizer == std::string("sgd") || optimizer == std::string("rmsprop") ? 0.9 : 0;
  }
  for (const char* clip : {"none", "value", "adaptive"}) {
    all.push_back(Options());
    all.back().clip = clip;
    all.back().clip_limit = 0.01;
  }
  for (const char* schedule : {"constant", "cosine", "step", "plateau"}) {
    all.push_back(Options());
    all.back().schedule.name = schedule;
    all.back().schedule.patience = 1;
    all.back().schedule.rate = 0.5;  // so high that validations get worse and a plateau is seen
    all.back().validations = 10;
    all.back().average_decay = 0.9;
  }
  all.push_back(Options());
  all.back().validations = 1;
  all.back().look_early = true;
  all.back().average_decay = 0.9;
  return all;
}

TEST(Trainer, a_run_stopped_anywhere_and_resumed_equals_one_never_stopped) {
  const TemporaryDirectory directory;
  for (TrainingOptions options : ManyOptions()) {
    options.points = 7;
    const ToyOutcome never = TrainToy(options).outcome;
    options.checkpoint = directory / "run";
    EXPECT_EQ(TrainToy(options).outcome, never) << "checkpoints change the run";
    options.checkpoint_seconds = 1;  // of a clock that stands still: only the first and the one at the stop
    const bool first = options.optimizer.name == "sgd";
    for (int64_t stop = 0; stop < kSteps; stop += first ? 1 : 3) {
      const TrainingResult stopped = TrainToy(options, StopAfter(stop)).result;
      EXPECT_TRUE(stopped.stopped);
      EXPECT_EQ(stopped.steps, stop);
      const TrainedToy resumed = ResumeToy(options);
      EXPECT_TRUE(resumed.result.resumed);
      EXPECT_EQ(resumed.outcome, never) << options.optimizer.name << " " << options.clip << " " << options.schedule.name
                                        << ": stopped at " << stop;
    }
  }
}

TEST(Trainer, a_run_stopped_after_every_step_equals_one_never_stopped) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.average_decay = 0.5;
  const ToyOutcome never = TrainToy(options).outcome;
  options.checkpoint = directory / "run";
  TrainedToy trained = TrainToy(options, StopAfter(1));
  while (trained.result.stopped) trained = ResumeToy(options, StopAfter(1));
  EXPECT_EQ(trained.outcome, never);
}

// Asks its team to stop when a step or a validation has begun.
class StoppedToy : public Toy {
 public:
  StoppedToy(Threads& threads, StopRequest& request) : Toy(threads), request_(request) {}

  double Step(int64_t step, Shard shard, const ShardWorker& worker) override {
    return stop_before_step-- == 0 ? StopIn([&] { return Toy::Step(step, shard, worker); }) : Toy::Step(step, shard, worker);
  }
  std::optional<double> Validate(double most) override {
    return stop_before_validation-- == 0 ? StopIn([&] { return Toy::Validate(most); }) : Toy::Validate(most);
  }

  int stop_before_step = -1, stop_before_validation = -1;  // so many are done before; never for a negative number

 private:
  template <class Work>
  auto StopIn(const Work& work) -> decltype(work()) {
    request_.Ask();
    return work();
  }

  StopRequest& request_;
};

TrainedToy TrainStopped(const TrainingOptions& options, int steps, int validations) {
  StopRequest request;
  Threads threads(1);
  threads.SetStop(&request);
  StoppedToy toy(threads, request);
  toy.stop_before_step = steps;
  toy.stop_before_validation = validations;
  const TrainingResult result = Train(toy, options, threads, StopAfter(-1));
  return {result, OutcomeOf(toy, result)};
}

TEST(Trainer, a_run_stopped_in_the_middle_of_any_step_equals_one_never_stopped) {
  for (TrainingOptions options : ManyOptions()) {
    const ToyOutcome never = TrainToy(options).outcome;
    const TemporaryDirectory directory;
    options.checkpoint = directory / "run";
    options.checkpoint_seconds = 1;  // of a clock that stands still
    for (int step = 0; step < kSteps; step += 3) {
      options.resume = false;
      const TrainingResult stopped = TrainStopped(options, step, -1).result;
      EXPECT_TRUE(stopped.stopped);
      EXPECT_EQ(stopped.steps, step);
      EXPECT_EQ(ResumeToy(options).outcome, never) << options.optimizer.name << ", stopped in step " << step;
    }
  }
}

TEST(Trainer, a_run_stopped_in_the_middle_of_any_validation_equals_one_never_stopped) {
  for (TrainingOptions options : ManyOptions()) {
    const ToyOutcome never = TrainToy(options).outcome;
    const TemporaryDirectory directory;
    options.checkpoint = directory / "run";
    options.checkpoint_seconds = 1;  // of a clock that stands still
    for (int validation = 0; validation < options.validations; ++validation) {
      options.resume = false;
      EXPECT_TRUE(TrainStopped(options, -1, validation).result.stopped);
      options.resume = true;
      EXPECT_TRUE(TrainStopped(options, -1, 0).result.stopped) << "and again in the same one";
      EXPECT_EQ(ResumeToy(options).outcome, never) << options.optimizer.name << ", stopped in " << validation;
    }
  }
}

TEST(Trainer, a_run_asked_to_stop_by_another_thread_again_and_again_equals_one_never_stopped) {
  TrainingOptions options = Options();
  options.validations = 10;
  options.average_decay = 0.9;
  const ToyOutcome never = TrainToy(options).outcome;
  const TemporaryDirectory directory;
  options.checkpoint = directory / "run";
  options.resume = true;
  options.checkpoint_seconds = 1;
  int stops = 0;
  for (bool stopped = true; stopped; stops += stopped) {
    StopRequest request;
    Threads threads(1);
    threads.SetStop(&request);
    Toy toy(threads);
    std::thread asker;
    TrainingHooks hooks = StopAfter(-1);
    hooks.progress = [&, calls = 0](const Progress&) mutable {  // a step is done at the second
      if (++calls != 2) return;
      asker = std::thread([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(10 * stops));
        request.Ask();
      });
    };
    const TrainingResult result = Train(toy, options, threads, hooks);
    if (asker.joinable()) asker.join();
    stopped = result.stopped;
    if (!stopped) {
      EXPECT_EQ(OutcomeOf(toy, result), never);
    }
  }
}

TEST(Trainer, a_run_that_dies_without_a_last_checkpoint_goes_on_from_the_one_before) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  const ToyOutcome never = TrainToy(options).outcome;
  options.checkpoint = directory / "run";
  options.checkpoint_seconds = 3.5;
  for (int64_t death = 0; death <= kSteps; ++death) {
    TrainingHooks dies;
    double seconds = 0;
    dies.clock = [&] { return seconds; };
    dies.progress = [&](const Progress& progress) {
      ++seconds;
      if (progress.step == death) throw std::runtime_error("power cut");
    };
    EXPECT_THROW(TrainToy(options, dies), std::runtime_error);
    EXPECT_EQ(ResumeToy(options).outcome, never) << "died at " << death;
  }
}

TEST(Trainer, minutes_stopped_anywhere_and_resumed_equal_minutes_never_stopped) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.limit = "minutes";
  options.amount = 0.5;
  options.checkpoint_seconds = 1000;
  // A clock that goes by steps, slower and slower, so that both runs measure the same. It starts anywhere.
  const auto hooks = [](int64_t from, int64_t to) {
    auto step = std::make_shared<int64_t>(from);
    auto seconds = std::make_shared<double>(7 * from);
    TrainingHooks hooks;
    hooks.stop = [=] {
      if (*step == to) return true;
      *seconds += 0.5 + 0.25 * static_cast<double>((*step)++ / 8);
      return false;
    };
    hooks.clock = [=] { return *seconds; };
    return hooks;
  };
  const TrainedToy never = TrainToy(options, hooks(0, -1));
  EXPECT_NEAR(never.result.seconds, 30, 3);
  options.checkpoint = directory / "run";
  for (int64_t stop = 0; stop < never.result.steps; ++stop) {
    EXPECT_TRUE(TrainToy(options, hooks(0, stop)).result.stopped);
    const TrainedToy resumed = ResumeToy(options, hooks(stop, -1));
    EXPECT_EQ(resumed.result.steps, never.result.steps) << "stopped at " << stop;
    EXPECT_EQ(resumed.outcome, never.outcome) << "stopped at " << stop;
  }
}

TEST(Trainer, a_finished_run_resumes_to_the_same_result_at_once) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  const TrainedToy finished = TrainToy(options);
  const std::string checkpoint = ReadText(options.checkpoint);
  const TrainedToy again = ResumeToy(options, StopAfter(0));
  EXPECT_FALSE(again.result.stopped);
  EXPECT_EQ(again.outcome, finished.outcome);
  EXPECT_EQ(ReadText(options.checkpoint), checkpoint);
}

TEST(Trainer, resuming_without_a_checkpoint_starts_from_the_beginning) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  const TrainedToy trained = ResumeToy(options);
  EXPECT_FALSE(trained.result.resumed);
  EXPECT_EQ(trained.outcome, TrainToy(Options()).outcome);
}

TEST(Trainer, a_checkpoint_of_another_run_is_an_error_that_says_what_differs) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  TrainToy(options, StopAfter(3));
  TrainingOptions other = options;
  other.schedule.rate = 0.5;
  EXPECT_ERROR(ResumeToy(other), "\"schedule/rate\" 0.5 (there 0.02)");
  other = options;
  other.amount = 10;  // a shorter run: a longer one may go on
  EXPECT_ERROR(ResumeToy(other), "\"training/steps\" 10.0 (there 20.0)");
  other = options;
  other.fingerprint["hidden"] = "6";
  EXPECT_ERROR(ResumeToy(other), "\"hidden\" 6 (there 5)");
}

TEST(Trainer, a_run_made_longer_before_its_first_step_equals_one_that_was_so_long) {
  for (const char* limit : {"steps", "epochs"}) {
    const TemporaryDirectory directory;
    TrainingOptions options = Options();
    options.checkpoint = directory / "run";
    options.limit = limit;
    options.amount = 2;
    TrainToy(options, StopAfter(0));
    options.amount = 5;
    EXPECT_EQ(ResumeToy(options).outcome, TrainToy(options).outcome) << limit;
  }
}

TEST(Trainer, a_run_made_longer_at_a_constant_rate_takes_the_steps_of_one_that_was_so_long) {
  for (const int64_t at : {7, 20}) {  // in the middle, and when it had ended
    const TemporaryDirectory directory;
    TrainingOptions options = Options();
    options.schedule.name = "constant";
    options.schedule.warmup = 0;
    const auto weights = [&](const TrainingHooks& hooks) {
      Threads threads(1);
      Toy toy(threads);
      toy.held_out = false;  // the last weights are kept
      const TrainingResult result = Train(toy, options, threads, hooks);
      return OutcomeOf(toy, result).weights;
    };
    options.amount = 33;
    const auto never_stopped = weights(StopAfter(-1));
    options.checkpoint = directory / "run";
    options.amount = 20;
    weights(StopAfter(at));
    options.amount = 33;
    options.resume = true;
    EXPECT_EQ(weights(StopAfter(4)).size(), never_stopped.size());  // and stopped once more
    EXPECT_EQ(weights(StopAfter(-1)), never_stopped) << at;
  }
}

TEST(Trainer, a_run_that_patience_ended_goes_on_when_it_is_made_longer) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  options.patience = 1;
  Threads threads(1);
  Toy toy(threads);
  toy.planted = {5, 6, 4, 3, 2, 1};
  EXPECT_TRUE(Train(toy, options, threads, StopAfter(-1)).early);
  options.amount = 2 * kSteps;
  options.resume = true;
  const TrainingResult longer = Train(toy, options, threads, StopAfter(-1));
  EXPECT_FALSE(longer.early);
  EXPECT_EQ(longer.steps, 2 * kSteps);
  EXPECT_EQ(longer.history.validation.back().step, 2 * kSteps);
}

TEST(Trainer, a_broken_checkpoint_is_an_error) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  TrainToy(options, StopAfter(3));
  const std::string whole = ReadText(options.checkpoint);
  WriteText(options.checkpoint, std::string_view(whole).substr(0, whole.size() - 100));
  EXPECT_ERROR(ResumeToy(options), "cut short");
  WriteText(options.checkpoint, "");
  EXPECT_ERROR(ResumeToy(options), "empty");

  const auto broken = [&](const auto& change) {
    Checkpoint checkpoint = ParseCheckpoint(whole);
    change(checkpoint);
    SaveCheckpoint(options.checkpoint, checkpoint);
    return ErrorOf([&] { ResumeToy(options); });
  };
  EXPECT_EQ(broken([](Checkpoint&) {}), "");
  EXPECT_NE(broken([](Checkpoint& c) { c.tensors.pop_back(); }), "");
  EXPECT_NE(broken([](Checkpoint& c) { c.tensors.emplace_back("other", Tensor({1})); }).find("\"other\""),
            std::string::npos);
  EXPECT_NE(broken([](Checkpoint& c) { c.tensors[0].second = Tensor({7}); }).find("of shape"), std::string::npos);
  EXPECT_NE(broken([](Checkpoint& c) { c.state.erase("plan"); }).find("\"plan\""), std::string::npos);
  EXPECT_NE(broken([](Checkpoint& c) { c.state["plan"]["from_step"] = 1000; }), "");
  EXPECT_NE(broken([](Checkpoint& c) { c.state["history"]["groups"] = {"x"}; }), "");
}

TEST(Trainer, a_checkpoint_that_cannot_be_written_is_an_error_before_the_first_step) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "missing/run";
  TrainingHooks hooks;
  hooks.progress = [](const Progress&) { FAIL() << "a step was taken"; };
  EXPECT_ERROR(TrainToy(options, hooks), "missing/run must be writable");
}

}  // namespace resume_test
}  // namespace eddy
