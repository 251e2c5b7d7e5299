#include <chrono>
#include <cstring>
#include <limits>
#include <memory>
#include <thread>

#include "eddy/train.h"
#include "model/temporary_directory.h"
#include "train/checkpoint.h"
#include "train/history.h"
#include "train/measured_share.h"
#include "train/toy.h"

namespace eddy {
namespace {

constexpr int64_t kSteps = 20;  // of most runs

TrainingOptions Options() {
  TrainingOptions options;
  options.limit = "steps";
  options.amount = kSteps;
  options.schedule.rate = 0.02;
  options.validations = 5;
  options.checkpoint_seconds = 0;
  options.fingerprint = {{"hidden", "5"}};
  return options;
}

// All that a run leaves behind, to be compared bit for bit.
struct Outcome {
  std::vector<std::vector<Real>> weights;
  std::string history;
  double best = 0;
  int64_t best_step = 0;

  bool operator==(const Outcome& other) const {
    return weights == other.weights && history == other.history && best_step == other.best_step &&
           std::memcmp(&best, &other.best, sizeof best) == 0;
  }
};

Outcome OutcomeOf(Toy& toy, const TrainingResult& result) {
  Outcome outcome{{}, DumpJson(ToJson(result.history), "history"), result.best_validation, result.best_step};
  for (const Parameter* parameter : toy.parameters()) {
    outcome.weights.emplace_back(parameter->value.values().begin(), parameter->value.values().end());
  }
  return outcome;
}

// Stops before the step that is `steps` after where it began; never for a negative number. The clock stands still, so that
// checkpoints seem free and are written after every step.
TrainingHooks StopAfter(int64_t steps) {
  TrainingHooks hooks;
  hooks.stop = [steps]() mutable { return steps-- == 0; };
  hooks.clock = [] { return 0.0; };
  return hooks;
}

struct Trained {
  TrainingResult result;
  Outcome outcome;
};

Trained TrainToy(const TrainingOptions& options, const TrainingHooks& hooks = StopAfter(-1), int thread_count = 1) {
  Threads threads(thread_count, Threads::Share::kAlways);
  Toy toy(threads);
  const TrainingResult result = Train(toy, options, threads, hooks);
  return {result, OutcomeOf(toy, result)};
}

Trained ResumeToy(TrainingOptions options, const TrainingHooks& hooks = StopAfter(-1)) {
  options.resume = true;
  return TrainToy(options, hooks);
}

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
  return all;
}

TEST(Trainer, learns) {
  TrainingOptions options = Options();
  options.amount = 400;
  const TrainingResult result = TrainToy(options).result;
  ASSERT_EQ(result.history.validation.size(), 5u);
  EXPECT_LT(result.best_validation, 0.5 * result.history.training[0].loss);
  EXPECT_LT(result.history.training.back().loss, 0.5 * result.history.training[0].loss);
  EXPECT_EQ(result.history.training.size(), 400u);
  EXPECT_EQ(result.history.groups, (std::vector<std::string>{"first", "second"}));
  const TrainingPoint& point = result.history.training[7];
  EXPECT_NEAR(std::hypot(point.group_norms[0], point.group_norms[1]), point.gradient_norm, 1e-6 * point.gradient_norm);
}

TEST(Trainer, a_run_stopped_anywhere_and_resumed_equals_one_never_stopped) {
  const TemporaryDirectory directory;
  for (TrainingOptions options : ManyOptions()) {
    options.points = 7;
    const Outcome never = TrainToy(options).outcome;
    options.checkpoint = directory / "run";
    EXPECT_EQ(TrainToy(options).outcome, never) << "checkpoints change the run";
    options.checkpoint_seconds = 1;  // of a clock that stands still: only the first and the one at the stop
    const bool first = options.optimizer.name == "sgd";
    for (int64_t stop = 0; stop < kSteps; stop += first ? 1 : 3) {
      const TrainingResult stopped = TrainToy(options, StopAfter(stop)).result;
      EXPECT_TRUE(stopped.stopped);
      EXPECT_EQ(stopped.steps, stop);
      const Trained resumed = ResumeToy(options);
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
  const Outcome never = TrainToy(options).outcome;
  options.checkpoint = directory / "run";
  Trained trained = TrainToy(options, StopAfter(1));
  while (trained.result.stopped) trained = ResumeToy(options, StopAfter(1));
  EXPECT_EQ(trained.outcome, never);
}

// Asks its team to stop when a step or a validation has begun.
class StoppedToy : public Toy {
 public:
  StoppedToy(Threads& threads, StopRequest& request) : Toy(threads), request_(request) {}

  double Step(int64_t step, Shard shard) override {
    return stop_before_step-- == 0 ? StopIn([&] { return Toy::Step(step, shard); }) : Toy::Step(step, shard);
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

Trained TrainStopped(const TrainingOptions& options, int steps, int validations) {
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
    const Outcome never = TrainToy(options).outcome;
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
    const Outcome never = TrainToy(options).outcome;
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
  const Outcome never = TrainToy(options).outcome;
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
  const Outcome never = TrainToy(options).outcome;
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
  const Trained never = TrainToy(options, hooks(0, -1));
  EXPECT_NEAR(never.result.seconds, 30, 3);
  options.checkpoint = directory / "run";
  for (int64_t stop = 0; stop < never.result.steps; ++stop) {
    EXPECT_TRUE(TrainToy(options, hooks(0, stop)).result.stopped);
    const Trained resumed = ResumeToy(options, hooks(stop, -1));
    EXPECT_EQ(resumed.result.steps, never.result.steps) << "stopped at " << stop;
    EXPECT_EQ(resumed.outcome, never.outcome) << "stopped at " << stop;
  }
}

TEST(Trainer, the_number_of_threads_changes_no_bit) {
  const TrainingOptions options = Options();
  EXPECT_EQ(TrainToy(options, {}, 3).outcome, TrainToy(options, {}, 1).outcome);
}

TEST(Trainer, a_finished_run_resumes_to_the_same_result_at_once) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  const Trained finished = TrainToy(options);
  const std::string checkpoint = ReadText(options.checkpoint);
  const Trained again = ResumeToy(options, StopAfter(0));
  EXPECT_FALSE(again.result.stopped);
  EXPECT_EQ(again.outcome, finished.outcome);
  EXPECT_EQ(ReadText(options.checkpoint), checkpoint);
}

TEST(Trainer, resuming_without_a_checkpoint_starts_from_the_beginning) {
  const TemporaryDirectory directory;
  TrainingOptions options = Options();
  options.checkpoint = directory / "run";
  const Trained trained = ResumeToy(options);
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

TEST(Trainer, steps_that_are_not_finite_are_skipped_and_counted) {
  Threads threads(1);
  Toy toy(threads);
  toy.poisoned = {0, 3, 4, kSteps - 1};
  const TrainingResult result = Train(toy, Options(), threads);
  EXPECT_EQ(result.history.skipped, 4);
  EXPECT_EQ(result.steps, kSteps);
  for (const Parameter* parameter : toy.parameters()) {
    for (const Real value : parameter->value.values()) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(Trainer, a_run_that_diverges_for_good_is_an_error) {
  Threads threads(1);
  Toy toy(threads);
  TrainingOptions options = Options();
  options.amount = 100;
  for (int64_t step = 30; step < 100; ++step) toy.poisoned.insert(step);
  EXPECT_ERROR(Train(toy, options, threads), "must be finite, but is not, 20 steps in a row up to step 50");
}

// Weights after training for `steps` with the schedule and marks of the whole run.
Outcome WeightsAfter(int64_t steps) {
  Threads threads(1);
  Toy toy(threads);
  toy.held_out = false;
  return OutcomeOf(toy, Train(toy, Options(), threads, StopAfter(steps)));
}

TEST(Trainer, a_run_whose_held_out_loss_is_never_finite_is_an_error) {
  for (const int patience : {0, 2}) {
    TrainingOptions options = Options();
    options.patience = patience;
    Threads threads(1);
    Toy toy(threads);
    toy.planted.assign(5, std::numeric_limits<double>::quiet_NaN());
    EXPECT_ERROR(Train(toy, options, threads), "training diverged");
  }
}

TEST(Trainer, the_best_weights_are_kept) {
  Threads threads(1);
  Toy toy(threads);
  toy.planted = {5, 3, 4, std::numeric_limits<double>::quiet_NaN(), 3};
  const TrainingResult result = Train(toy, Options(), threads);
  EXPECT_EQ(result.best_validation, 3);
  EXPECT_EQ(result.best_step, 8);
  EXPECT_EQ(result.steps, kSteps);
  EXPECT_FALSE(result.early);
  EXPECT_EQ(OutcomeOf(toy, result).weights, WeightsAfter(8).weights);
  EXPECT_TRUE(std::isnan(result.history.validation[3].loss));
}

TEST(Trainer, patience_ends_the_run) {
  Threads threads(1);
  Toy toy(threads);
  toy.planted = {5, 3, 4, 4, 1};
  TrainingOptions options = Options();
  options.patience = 2;
  const TrainingResult result = Train(toy, options, threads);
  EXPECT_TRUE(result.early);
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(result.steps, 16);
  EXPECT_EQ(result.best_step, 8);
}

TEST(Trainer, with_nothing_held_out_the_last_weights_are_the_result) {
  Threads threads(1);
  Toy toy(threads);
  toy.held_out = false;
  const TrainingResult result = Train(toy, Options(), threads);
  EXPECT_TRUE(std::isnan(result.best_validation));
  EXPECT_EQ(OutcomeOf(toy, result).weights, WeightsAfter(kSteps).weights);
}

TEST(Trainer, progress_tells_where_the_run_is) {
  TrainingHooks hooks;
  double seconds = 0;
  std::vector<Progress> all;
  hooks.clock = [&] { return seconds; };
  hooks.progress = [&](const Progress& progress) {
    all.push_back(progress);
    seconds += 2;
  };
  TrainToy(Options(), hooks);
  ASSERT_EQ(all.size(), static_cast<size_t>(kSteps) + 1);
  EXPECT_EQ(all[0].step, 0);
  EXPECT_EQ(all[0].total, kSteps);
  EXPECT_TRUE(std::isnan(all[0].loss));
  EXPECT_EQ(all[4].step, 4);
  EXPECT_EQ(all[4].epoch, 0.5);
  EXPECT_EQ(all[4].seconds, 8);
  EXPECT_EQ(all[4].seconds_left, 32);
  EXPECT_EQ(all[4].units_per_second, 2);
  EXPECT_TRUE(all[4].validated);
  EXPECT_FALSE(all[5].validated);
  EXPECT_EQ(all[5].validation, all[4].validation);
  EXPECT_GT(all[5].rate, all[6].rate);
}

// Holds out so much, and notes how much it was allowed to measure at each look.
class CostlyToy : public Toy {
 public:
  CostlyToy(Threads& threads, HeldOutSize size) : Toy(threads), size_(size) {}

  HeldOutSize held_out_size() const override { return size_; }
  std::optional<double> Validate(double most) override {
    looks.push_back(std::min(most, size_.units));
    return Toy::Validate(most);
  }

  std::vector<double> looks;

 private:
  HeldOutSize size_;
};

struct Looked {
  std::vector<double> looks;
  Trained trained;
};

Looked LookAt(const HeldOutSize& size, const TrainingHooks& hooks = StopAfter(-1), TrainingOptions options = Options()) {
  Threads threads(1);
  CostlyToy toy(threads, size);
  const TrainingResult result = Train(toy, options, threads, hooks);
  return {toy.looks, {result, OutcomeOf(toy, result)}};
}

TEST(Trainer, looks_cost_a_share_of_the_training_however_much_is_held_out) {
  Threads threads(1);
  const double trained = kSteps * Toy(threads).units_per_step();
  for (double held_out : {1e3, 1e6, 1e9}) {
    const std::vector<double> looks = LookAt({held_out, 1}).looks;
    double measured = 0;
    for (const double look : looks) measured += look;
    EXPECT_EQ(looks.size(), 5u);
    EXPECT_NEAR(measured, kMeasuredShare * trained, 1e-6);
  }
}

TEST(Trainer, looks_that_the_training_between_does_not_pay_for_are_left_out_but_the_last) {
  EXPECT_EQ(LookAt({1e9, 1e8}).looks, (std::vector<double>{1e8}));
  EXPECT_EQ(LookAt({1e9, 16}).looks, (std::vector<double>{16, 16, 16})) << "every other one, and the last";
}

TEST(Trainer, what_is_no_more_than_a_least_sample_is_looked_at_every_time) {
  EXPECT_EQ(LookAt({1e8, 1e8}).looks, std::vector<double>(5, 1e8));
}

TEST(Trainer, looks_of_a_run_stopped_and_resumed_are_those_of_one_never_stopped) {
  for (double least : {1.0, 16.0}) {
    const Looked never = LookAt({1e9, least});
    TemporaryDirectory directory;
    TrainingOptions options = Options();
    options.checkpoint = directory / "run";
    Looked some = LookAt({1e9, least}, StopAfter(3), options);
    std::vector<double> looks = some.looks;
    while (some.trained.result.stopped) {
      options.resume = true;
      some = LookAt({1e9, least}, StopAfter(3), options);
      looks.insert(looks.end(), some.looks.begin(), some.looks.end());
    }
    EXPECT_EQ(looks, never.looks);
    EXPECT_EQ(some.trained.outcome, never.trained.outcome);
  }
}

TEST(Trainer, a_measurement_is_as_large_as_its_run_pays_for) {
  Threads threads(1);
  Toy toy(threads);
  TrainingResult run;
  run.steps = 1000;
  EXPECT_EQ(UnitsToMeasure(toy, run, 10, false), kMeasuredShare * 1000 * toy.units_per_step());
  EXPECT_EQ(UnitsToMeasure(toy, run, 1e6, false), 1e6) << "but a least one";
  EXPECT_TRUE(std::isinf(UnitsToMeasure(toy, run, 10, true)));
}

TEST(Trainer, options_out_of_range_are_errors) {
  const auto run = [](const auto& change) {
    TrainingOptions options = Options();
    change(options);
    return ErrorOf([&] { TrainToy(options); });
  };
  EXPECT_NE(run([](auto& o) { o.limit = "hours"; }).find("one of epochs, steps, minutes"), std::string::npos);
  EXPECT_NE(run([](auto& o) { o.amount = 0; }).find("above 0"), std::string::npos);
  EXPECT_NE(run([](auto& o) { o.clip = "all"; }).find("one of none, norm"), std::string::npos);
  EXPECT_NE(run([](auto& o) { o.clip_limit = 0; }), "");
  EXPECT_NE(run([](auto& o) { o.clip_limit = NAN; }), "");
  EXPECT_NE(run([](auto& o) { o.average_decay = 1; }), "");
  EXPECT_NE(run([](auto& o) { o.validations = 0; }), "");
  EXPECT_NE(run([](auto& o) { o.patience = -1; }), "");
  EXPECT_NE(run([](auto& o) { o.points = 0; }), "");
  EXPECT_NE(run([](auto& o) { o.checkpoint_seconds = -1; }), "");
  EXPECT_NE(run([](auto& o) { o.optimizer.name = "adamx"; }), "");
}

}  // namespace
}  // namespace eddy
