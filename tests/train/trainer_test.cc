#include <chrono>
#include <limits>
#include <memory>
#include <thread>

#include "eddy/train.h"
#include "model/temporary_directory.h"
#include "train/checkpoint.h"
#include "train/measured_share.h"
#include "train/time_left.h"
#include "train/toy_runs.h"

namespace eddy {
namespace trainer_test {

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

TEST(Trainer, a_layer_of_all_members_of_an_ensemble_is_one_group) {
  Threads threads(1);
  Toy toy(threads);
  const std::vector<Parameter*> parameters = toy.parameters();
  parameters[0]->name = "member0.layer.W";
  parameters[1]->name = "member1.head.b";
  parameters[2]->name = "member12.layer.W";
  EXPECT_EQ(Train(toy, Options(), threads).history.groups, (std::vector<std::string>{"layer", "head"}));
  parameters[1]->name = "members.head.b";
  parameters[2]->name = "member.layer.W";
  EXPECT_EQ(Train(toy, Options(), threads).history.groups,
            (std::vector<std::string>{"layer", "members.head", "member.layer"}));
}

TEST(Trainer, the_number_of_threads_changes_no_bit) {
  const TrainingOptions options = Options();
  EXPECT_EQ(TrainToy(options, {}, 3).outcome, TrainToy(options, {}, 1).outcome);
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
ToyOutcome WeightsAfter(int64_t steps) {
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
  TrainedToy trained;
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

TEST(Trainer, early_looks_begin_before_the_first_step_and_grow_apart_until_the_even_ones_come_as_often) {
  TrainingOptions options = Options();
  options.look_early = true;
  const auto looked_at = [&](int validations) {
    options.validations = validations;
    std::vector<int64_t> steps;
    for (const ValidationPoint& point : TrainToy(options).result.history.validation) steps.push_back(point.step);
    return steps;
  };
  EXPECT_EQ(looked_at(1), (std::vector<int64_t>{0, 8, 12, 18, 20}));
  EXPECT_EQ(looked_at(2), (std::vector<int64_t>{0, 8, 10, 20}));
  EXPECT_EQ(looked_at(5), (std::vector<int64_t>{0, 4, 8, 12, 16, 20}));
}

TEST(TimeLeft, before_the_first_step_it_is_not_known) {
  TimeLeft left;
  left.AddLook(3);
  EXPECT_TRUE(std::isnan(left.Of(10, 1)));
}

TEST(TimeLeft, it_follows_a_machine_whose_speed_changes) {
  TimeLeft left;
  for (int i = 0; i < 100; ++i) left.AddStep(1);
  for (int i = 0; i < 100; ++i) left.AddStep(2);
  EXPECT_NEAR(left.Of(1, 0), 1.75, 0.01) << "a plain mean would say 1.5";
}

// A toy of which a step takes a second, and a look `look`, by a clock of its own.
struct TimedToy : Toy {
  using Toy::Toy;
  double look = 0, now = 0;

  double Step(int64_t step, Shard shard, const ShardWorker& worker) override {
    now += 1;
    return Toy::Step(step, shard, worker);
  }
  std::optional<double> Validate(double most_units) override {
    now += look;
    return Toy::Validate(most_units);
  }
};

TEST(Trainer, the_time_left_is_that_to_the_end_of_the_plan_whatever_looks_take_and_however_early_they_are) {
  Threads threads(1);
  for (const double look : {0.0, 1.0, 20.0}) {
    TimedToy toy(threads);
    toy.look = look;
    TrainingOptions options = Options();
    options.amount = 300;
    options.validations = 30;
    options.look_early = true;
    std::vector<Progress> all;
    TrainingHooks hooks;
    hooks.clock = [&] { return toy.now; };
    hooks.progress = [&](const Progress& progress) { all.push_back(progress); };
    const double seconds = Train(toy, options, threads, hooks).seconds;
    for (size_t step = 30; step < all.size(); ++step) {
      EXPECT_NEAR(all[step].seconds_left, seconds - all[step].seconds, 1e-6) << step << ", a look of " << look;
    }
    EXPECT_FALSE(all.back().may_end_early);
  }
}

TEST(Trainer, a_run_with_a_patience_says_that_it_may_end_before) {
  TrainingOptions options = Options();
  options.patience = 2;
  bool may_end_early = false;
  TrainingHooks hooks;
  hooks.progress = [&](const Progress& progress) { may_end_early = progress.may_end_early; };
  TrainToy(options, hooks);
  EXPECT_TRUE(may_end_early);
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

}  // namespace trainer_test
}  // namespace eddy
