// Laws of training by several processes: the bits are those of one, whatever their number, and whoever goes on.
#include <gtest/gtest.h>

#include <cmath>

#include "base/bfloat16.h"
#include "eddy/error.h"
#include "eddy/train.h"
#include "model/architecture.h"
#include "model/temporary_directory.h"
#include "tasks/small_text_design.h"
#include "tasks/text/training.h"
#include "train/process_exchange.h"
#include "train/shard_sum.h"
#include "train/thread_group.h"
#include "train/training_options.h"

namespace eddy {
namespace processes_test {

// How a test's gradients are summed: in buckets of so many numbers at least, which the processes complete each in an order
// of its own, some of them only with the shard.
struct SumOptions {
  Precision exchange = Precision::kFloat32;
  size_t bucket = 1;
  size_t at_once = 1;  // shards
  Travel travel = Travel::kMeanwhile;
};

// The sum of `shards` gradients by `processes`, from each process.
std::vector<std::vector<Real>> Sums(size_t shards, int processes, const SumOptions& options = {}) {
  std::vector<std::vector<Real>> sums(static_cast<size_t>(processes));
  const auto work = [&](ProcessGroup& group) {
    std::vector<Parameter> parameters;
    for (const size_t rows : {5, 1, 2, 11, 3}) parameters.emplace_back(std::to_string(rows), Tensor({rows, 7}));
    parameters[2].fixed = true;
    std::vector<Parameter*> all;
    for (Parameter& parameter : parameters) all.push_back(&parameter);
    Threads threads(1);
    ShardSum sum(all, shards, group, threads, options.exchange, options.bucket);
    const ShardRange own = ShardsOf(shards, group.rank(), group.size());
    Random order(static_cast<uint64_t>(group.rank()));
    for (int step = 0; step < 3; ++step) {
      for (size_t shard = own.begin; shard < own.end; shard += options.at_once) {
        const std::vector<const GradientArrays*> places = sum.Next(options.at_once);
        for (size_t i = 0; i < options.at_once; ++i) {
          Random random(shard + i);
          for (Parameter* parameter : all) {
            const Tensor& gradient = places[i]->Of(*parameter);
            for (Real& value : gradient.values()) value = static_cast<Real>(std::exp(9 * random.Normal()));
          }
        }
        std::vector<Parameter*> completed = all;
        order.Shuffle(completed);
        completed.resize(order.Below(all.size() + 1));
        for (const Parameter* parameter : completed) sum.Complete(*parameter);
        for (size_t i = 0; i < options.at_once; ++i) sum.Add(0.1);
      }
      EXPECT_EQ(sum.Finish(), [&] {
        double loss = 0;
        for (size_t shard = 0; shard < shards; ++shard) loss += 0.1;
        return loss;
      }());
    }
    std::vector<Real>& mine = sums[static_cast<size_t>(group.rank())];
    for (const Parameter* parameter : all) {
      mine.insert(mine.end(), parameter->grad.values().begin(), parameter->grad.values().end());
    }
  };
  ThreadGroup::Run(processes, work, options.travel);
  return sums;
}

TEST(ShardSum, is_the_same_bits_on_any_number_of_processes) {
  for (const size_t shards : {1u, 2u, 3u, 4u, 7u, 8u, 12u}) {
    const std::vector<Real> one = Sums(shards, 1)[0];
    for (int processes = 1; processes <= static_cast<int>(std::min<size_t>(shards, 5)); ++processes) {
      for (const size_t bucket : {1, 30, 1000}) {
        for (const Travel travel : {Travel::kMeanwhile, Travel::kAtOnce}) {
          for (const std::vector<Real>& sum : Sums(shards, processes, {.bucket = bucket, .travel = travel})) {
            EXPECT_EQ(sum, one) << shards << " " << processes;
          }
        }
      }
    }
  }
}

TEST(ShardSum, is_the_same_bits_however_many_are_computed_at_once) {
  for (const Precision exchange : {Precision::kFloat32, Precision::kBfloat16}) {
    for (const size_t shards : {2u, 6u, 8u, 12u}) {
      const std::vector<Real> one = Sums(shards, 1, {exchange})[0];
      for (const size_t at_once : {2u, 3u, 6u, 8u, 12u}) {
        if (shards % at_once != 0) continue;
        EXPECT_EQ(Sums(shards, 1, {.exchange = exchange, .at_once = at_once})[0], one) << shards << " " << at_once;
      }
    }
  }
}

TEST(ShardSum, rounded_to_bfloat16_is_the_same_bits_on_any_number_of_processes) {
  for (const size_t shards : {2u, 4u, 7u}) {
    const std::vector<Real> one = Sums(shards, 1, {Precision::kBfloat16})[0], exact = Sums(shards, 1)[0];
    for (int processes = 2; processes <= static_cast<int>(std::min<size_t>(shards, 4)); ++processes) {
      for (const std::vector<Real>& sum : Sums(shards, processes, {Precision::kBfloat16})) EXPECT_EQ(sum, one) << shards;
    }
    double off = 0, size = 0;
    for (size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(FromBfloat16(ToBfloat16(one[i])), one[i]);
      off += std::pow(one[i] - exact[i], 2);
      size += std::pow(exact[i], 2);
    }
    EXPECT_GT(off, 0);
    EXPECT_LT(std::sqrt(off / size), 1.0 / 128) << "a digit of 8 bits";
  }
}

// Counts the bytes that leave a process, when it is told to send them.
class CountingGroup final : public ProcessGroup {
 public:
  explicit CountingGroup(ProcessGroup& group) : group_(group) {}
  int rank() const override { return group_.rank(); }
  int size() const override { return group_.size(); }
  void Exchange(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from) override {
    Count(to);
    group_.Exchange(to, from);
  }
  std::unique_ptr<Pending> Begin(std::span<const std::span<const std::byte>> to, std::span<const std::span<std::byte>> from,
                                 int channel) override {
    Count(to);
    return group_.Begin(to, from, channel);
  }
  size_t bytes_ = 0;

 private:
  void Count(std::span<const std::span<const std::byte>> to) {
    for (size_t other = 0; other < to.size(); ++other) bytes_ += other == static_cast<size_t>(rank()) ? 0 : to[other].size();
  }

  ProcessGroup& group_;
};

TEST(ShardSum, bfloat16_takes_half_the_bytes) {
  constexpr size_t kWeights = 1000;
  const auto sent = [](Precision exchange) {
    size_t bytes = 0;
    ThreadGroup::Run(2, [&](ProcessGroup& group) {
      CountingGroup counting(group);
      Parameter a("a", Tensor({kWeights}));
      Threads threads(1);
      ShardSum sum({&a}, 2, counting, threads, exchange);
      sum.Next(1);
      sum.Add(1);
      sum.Finish();
      if (group.rank() == 0) bytes = counting.bytes_;
    });
    return bytes;
  };
  EXPECT_EQ(sent(Precision::kFloat32), kWeights * 4 + 8) << "half of it twice, and a loss";
  EXPECT_EQ(sent(Precision::kBfloat16), kWeights * 2 + 8);
}

TEST(ShardSum, what_is_complete_travels_before_the_last_shard_of_a_process_ends_and_not_before) {
  ThreadGroup::Run(2, [](ProcessGroup& group) {
    CountingGroup counting(group);
    Parameter first("first", Tensor({100})), second("second", Tensor({200})), third("third", Tensor({300}));
    Threads threads(1);
    ShardSum sum({&first, &second, &third}, 4, counting, threads, Precision::kFloat32, 150);
    sum.Next(1);
    for (const Parameter* parameter : {&first, &second, &third}) sum.Complete(*parameter);
    sum.Add(1);
    EXPECT_EQ(counting.bytes_, 0u) << "its sums are not whole";
    sum.Next(1);
    sum.Complete(second);
    EXPECT_EQ(counting.bytes_, 0u) << "every process sends in one order";
    sum.Complete(third);
    EXPECT_GE(counting.bytes_, (300 + 200) / 2 * sizeof(Real)) << "halves of the last two, and what came back meanwhile";
    EXPECT_LE(counting.bytes_, (300 + 200) * sizeof(Real));
    sum.Add(1);
    EXPECT_EQ(sum.Finish(), 4);
    EXPECT_EQ(counting.bytes_, (300 + 200 + 100) * sizeof(Real) + 2 * sizeof(double));
  });
}

TEST(ShardSum, pairs_of_neighbours_are_summed_first) {
  SingleProcess alone;
  Parameter a("a", Tensor({1}));
  Threads threads(1);
  ShardSum sum({&a}, 4, alone, threads);
  const std::vector<Real> gradients = {1, Real{1e8}, -Real{1e8}, 1};  // in the order of a list the last digit is lost twice
  for (const Real gradient : gradients) {
    sum.Next(1)[0]->Of(a)[0] = gradient;
    sum.Add(1);
  }
  EXPECT_EQ(sum.Finish(), 4);
  EXPECT_EQ(a.grad[0], (gradients[0] + gradients[1]) + (gradients[2] + gradients[3]));
}

TEST(ShardSum, more_processes_than_shards_are_refused) {
  EXPECT_ERROR(ShardsOf(3, 0, 4), "at most as many as the shards of a batch, 3 (--shards 4 would do), but is 4");
}

// A small text, and a network that learns it with all that a checkpoint must keep: carried states, a context, dropout.
struct Outcome {
  std::vector<std::vector<Real>> weights;
  double best = 0;
  bool operator==(const Outcome&) const = default;
};

class TextRuns {
 public:
  TextRuns() : split_(SplitText(Text(), {}, "test")) {
    options_.limit = "steps";
    options_.amount = 12;
    options_.validations = 3;
    options_.average_decay = 0.9;
    options_.checkpoint_seconds = 0;
  }

  TrainingOptions options_;
  double dropout_ = 0.2;
  std::string cell_ = "lstm";

  TrainingResult Train(ProcessGroup& group, const TrainingOptions& options) const {
    Threads threads(1);
    TextNetwork network(SmallTextDesign(split_, cell_), 1);
    TextTraining task(network, split_, {6, 7, 11, 6}, 0, 3, threads);
    return eddy::Train(task, options, threads, group);
  }

  // What every process ends with; `stop_after` steps for a run that is stopped.
  Outcome Run(int processes, size_t shards, int64_t stop_after = -1) const {
    std::vector<Outcome> outcomes(static_cast<size_t>(processes));
    ThreadGroup::Run(processes, [&](ProcessGroup& group) {
      Threads threads(1);
      TextDesign design = SmallTextDesign(split_, cell_);
      design.dropout = dropout_;
      TextNetwork network(design, 1);
      TextTraining task(network, split_, {6, 7, 11, shards}, 0, 3, threads);
      int64_t steps = 0;
      TrainingHooks hooks;
      hooks.progress = [&](const Progress& progress) { steps = progress.step; };
      // One process is told: all stop.
      if (group.rank() == group.size() - 1) hooks.stop = [&] { return stop_after >= 0 && steps >= stop_after; };
      const TrainingResult result = eddy::Train(task, options_, threads, group, hooks);
      EXPECT_EQ(result.stopped, stop_after >= 0);
      Outcome& outcome = outcomes[static_cast<size_t>(group.rank())];
      if (!result.stopped) outcome.best = result.best_validation;
      for (const Parameter* parameter : network.parameters()) {
        outcome.weights.emplace_back(parameter->value.values().begin(), parameter->value.values().end());
      }
    });
    for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome, outcomes[0]);
    return outcomes[0];
  }

 private:
  static std::string Text() {
    std::string text;
    for (int i = 0; i < 900; ++i) text += static_cast<char>('a' + i * i % 7 + i % 3);
    return text;
  }

  TextSplit split_;
};

TEST(Processes, one_two_three_and_six_of_them_train_the_same_model) {
  const TextRuns runs;
  const Outcome one = runs.Run(1, 6);
  for (const int processes : {2, 3, 6}) EXPECT_EQ(runs.Run(processes, 6), one) << processes;
}

TEST(Processes, gradients_in_bfloat16_train_the_same_model_on_any_number_of_them) {
  TextRuns runs;
  runs.dropout_ = 0;
  const Outcome exact = runs.Run(1, 6);
  runs.options_.exchange = Precision::kBfloat16;
  const Outcome one = runs.Run(1, 6);
  for (const int processes : {2, 3, 6}) EXPECT_EQ(runs.Run(processes, 6), one) << processes;
  EXPECT_FALSE(one == exact);
  EXPECT_NEAR(one.best, exact.best, 0.01);
}

TEST(Processes, a_run_goes_on_with_the_exchange_that_it_began_with) {
  TrainingOptions exact, rounded;
  rounded.exchange = Precision::kBfloat16;
  EXPECT_ERROR(RequireSameFingerprint(FingerprintOf(exact), FingerprintOf(rounded)), "exchange");
}

struct Made {
  std::string name;
  int number = 0;
  std::vector<std::vector<double>> rows;

  auto fields() { return std::tie(name, number, rows); }
};

// One behind the other, the shares of a list that are computed apart are the list.
TEST(Processes, what_they_share_out_is_joined_in_its_order) {
  for (const int processes : {1, 2, 3, 5}) {
    ThreadGroup::Run(processes, [&](ProcessGroup& group) {
      const std::vector<double> numbers = {0.1, 0.2, 0.3};
      const std::vector<std::string> words = {"", "two", "three"};
      const std::vector<Made> made = SharedOut(group, 4, [](size_t i) {
        return Made{std::string(i, 'x'), static_cast<int>(i), {{}, std::vector<double>(i, 0.1)}};
      });
      ASSERT_EQ(made.size(), 4u);
      for (size_t i = 0; i < made.size(); ++i) {
        EXPECT_EQ(made[i].name, std::string(i, 'x'));
        EXPECT_EQ(made[i].number, static_cast<int>(i));
        EXPECT_EQ(made[i].rows, (std::vector<std::vector<double>>{{}, std::vector<double>(i, 0.1)}));
      }
      const auto own_numbers = OwnShare(group).Of(std::span<const double>(numbers));
      const auto own_words = OwnShare(group).Of(std::span<const std::string>(words));
      EXPECT_EQ(Joined(group, std::vector<double>(own_numbers.begin(), own_numbers.end())), numbers);
      EXPECT_EQ(Joined(group, std::vector<std::string>(own_words.begin(), own_words.end())), words);
    });
  }
}

TEST(Processes, data_that_differ_between_machines_are_noticed_before_the_first_step) {
  const TextRuns runs;
  ThreadGroup::Run(3, [&](ProcessGroup& group) {
    TrainingOptions options = runs.options_;
    options.fingerprint["text"] = group.rank() == 1 ? "another" : "the text";
    EXPECT_ERROR(runs.Train(group, options),
                 "the options and data of process 2 must be those of the first, but is different");
  });
}

TEST(Processes, every_cell_is_trained_to_the_same_bits) {
  for (const std::string& cell : CellNames()) {
    TextRuns runs;
    runs.cell_ = cell;
    runs.options_.amount = 4;
    EXPECT_EQ(runs.Run(3, 6), runs.Run(1, 6)) << cell;
  }
}

TEST(Processes, shards_are_the_same_sums_in_another_order) {
  TextRuns runs;
  runs.dropout_ = 0;
  const Outcome whole = runs.Run(1, 1);
  for (const size_t shards : {2u, 3u, 6u}) {
    const Outcome cut = runs.Run(1, shards);
    EXPECT_FALSE(cut == whole);
    EXPECT_NEAR(cut.best, whole.best, 1e-4) << shards;
  }
}

TEST(Processes, a_run_stopped_by_some_and_resumed_by_others_equals_one_never_stopped) {
  const Outcome never = TextRuns().Run(1, 6);
  for (const auto& [first, then] : std::vector<std::pair<int, int>>{{3, 2}, {1, 6}, {6, 1}}) {
    for (const int64_t stop : {0, 1, 5, 11}) {
      const TemporaryDirectory directory;
      TextRuns runs;
      runs.options_.checkpoint = directory / "run";
      runs.Run(first, 6, stop);
      runs.options_.resume = true;
      EXPECT_EQ(runs.Run(then, 6), never) << first << " stopped after " << stop << ", resumed by " << then;
    }
  }
}

}  // namespace processes_test
}  // namespace eddy
