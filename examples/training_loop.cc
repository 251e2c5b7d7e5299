// The library's training loop on a task of one's own: a gru learns the adding problem (Hochreiter and Schmidhuber 1997,
// section 5.4): of a sequence of numbers two are marked, and their sum is wanted at the end. The loop brings the schedule,
// clipping, validation, the best weights, and checkpoints: a run is stopped in the middle, taken up by a new object, as by a
// new process, and ends with the same bits as a run that never stopped.
//     training_loop [STEPS]
#include <eddy/error.h>
#include <eddy/loss.h>
#include <eddy/ops.h>
#include <eddy/recurrent.h>
#include <eddy/train.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

constexpr size_t kSteps = 30, kRows = 32, kHidden = 32;

struct Batch {
  eddy::Tensor x{{kSteps, kRows, 2}};  // a number in [0, 1), and whether it is marked
  eddy::Tensor y{{kRows, 1}};
};

// The same for the same seed, so that Step(i) is a pure function of i.
Batch MakeBatch(uint64_t seed) {
  eddy::Random random(seed);
  Batch batch;
  for (size_t row = 0; row < kRows; ++row) {
    const size_t first = random.Below(kSteps / 2), second = kSteps / 2 + random.Below(kSteps / 2);
    for (size_t t = 0; t < kSteps; ++t) {
      const bool marked = t == first || t == second;
      const auto number = static_cast<eddy::Real>(random.Uniform());
      batch.x[(t * kRows + row) * 2] = number;
      batch.x[(t * kRows + row) * 2 + 1] = marked ? 1 : 0;
      if (marked) batch.y[row] += number;
    }
  }
  return batch;
}

class Adding : public eddy::Trainable {
 public:
  explicit Adding(eddy::Threads& threads) : threads_(threads) {}

  std::vector<eddy::Parameter*> parameters() override {
    std::vector<eddy::Parameter*> all = layer_.parameters();
    all.insert(all.end(), {&weight_, &bias_});
    return all;
  }
  int64_t steps_per_epoch() const override { return 100; }  // the data have no end: an epoch is what one calls it
  double units_per_step() const override { return kSteps * kRows; }

  double Step(int64_t step, eddy::Shard, const eddy::ShardWorker& worker) override {
    eddy::Tape tape = worker.MakeTape();
    const eddy::Var loss = Loss(tape, MakeBatch(1000 + static_cast<uint64_t>(step)));
    const double value = tape.Value(loss)[0];
    tape.Backward(loss);
    return value;
  }

  std::optional<double> Validate(double) override {
    eddy::Tape tape(threads_, eddy::Tape::Mode::kInference);
    return double{tape.Value(Loss(tape, MakeBatch(1)))[0]};
  }

 private:
  eddy::Var Loss(eddy::Tape& tape, const Batch& batch) {
    eddy::Sequence sequence;
    sequence.steps = kSteps;
    sequence.rows = kRows;
    const eddy::Var h = layer_.Forward(tape, tape.Constant(batch.x), sequence).state;
    return eddy::SquaredError(tape, eddy::Linear(tape, h, tape.Use(weight_), tape.Use(bias_)), batch.y);
  }

  eddy::Threads& threads_;
  eddy::Random random_{7};
  eddy::Recurrent layer_{{.cell = "gru", .input = 2, .hidden = kHidden}, "layer", random_};
  eddy::Parameter weight_{"head.W", eddy::Tensor({1, kHidden})}, bias_{"head.b", eddy::Tensor({1})};
};

eddy::TrainingOptions Options(int64_t steps) {
  eddy::TrainingOptions options;
  options.limit = "steps";
  options.amount = static_cast<double>(steps);
  options.schedule.rate = 0.01;
  options.fingerprint = {{"hidden", std::to_string(kHidden)}};
  return options;
}

int Run(int64_t steps) {
  eddy::Threads threads(2);
  Adding never(threads);
  const eddy::TrainingResult whole = eddy::Train(never, Options(steps), threads);
  std::printf("%lld steps: squared error %.4f, best after step %lld; answering 1 always: 0.1667\n",
              static_cast<long long>(whole.steps), whole.best_validation, static_cast<long long>(whole.best_step));

  eddy::TrainingOptions options = Options(steps);
  options.checkpoint = eddy::CheckpointPath("training_loop.eddy");
  options.resume = true;
  eddy::RemoveCheckpoint(options.checkpoint);
  eddy::TrainingHooks until_half;
  int64_t done = 0;
  until_half.progress = [&](const eddy::Progress& progress) { done = progress.step; };
  until_half.stop = [&] { return done >= steps / 2; };
  Adding killed(threads);
  eddy::Train(killed, options, threads, until_half);
  Adding taken_up(threads);
  const eddy::TrainingResult resumed = eddy::Train(taken_up, options, threads);
  eddy::RemoveCheckpoint(options.checkpoint);

  const std::vector<eddy::Parameter*> a = never.parameters(), b = taken_up.parameters();
  bool same = resumed.resumed && resumed.best_validation == whole.best_validation;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < a[i]->value.size(); ++j) same = same && a[i]->value[j] == b[i]->value[j];
  }
  std::printf("stopped after step %lld and resumed: %s\n", static_cast<long long>(done),
              same ? "the same bits" : "other bits");
  return same ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int64_t steps = argc > 1 ? std::atoll(argv[1]) : 600;
    if (steps < 2) throw eddy::Error("training_loop: STEPS must be at least 2");
    return Run(steps);
  } catch (const eddy::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
