// Bai et al. 2018 (arXiv 1803.01271), table 1: the adding problem of Hochreiter and Schmidhuber 1997, T = 600. A step has a
// number of U(0, 1) and a mark, which is 1 at two steps and 0 at the others; the sum of the two marked numbers is asked for.
//
// The paper's code trains on 50,000 sequences and tests on 1,000; here every step draws 32 afresh; 320 choose the weights
// and 1,024 test them. Gates start as for lags of up to T (chrono initialisation).
#include "eddy/loss.h"
#include "table.h"

namespace {

using namespace eddy;
using namespace eddy::published;

constexpr size_t kSteps = 600;
constexpr size_t kRows = 32;
constexpr size_t kValidRows = 320, kTestRows = 1024;

// One mark in each half of the sequence.
Batch MakeBatch(Random random) {
  Batch batch;
  batch.x = Tensor({kSteps, kRows, 2});
  batch.sequence = {kSteps, kRows, {}, {}};
  batch.targets = Tensor({kRows, 1});
  batch.count = kRows;
  for (size_t row = 0; row < kRows; ++row) {
    const auto at = [&](size_t t, size_t input) -> Real& { return batch.x[(t * kRows + row) * 2 + input]; };
    for (size_t t = 0; t < kSteps; ++t) at(t, 0) = static_cast<Real>(random.Uniform());
    for (const size_t half : {size_t{0}, kSteps / 2}) {
      const size_t t = half + random.Below(kSteps / 2);
      at(t, 1) = 1;
      batch.targets[row] += at(t, 0);
    }
  }
  return batch;
}

}  // namespace

int main(int argc, char** argv) {
  Defaults defaults;
  defaults.program = "adding";
  defaults.description = "The adding problem over 600 steps (Bai 2018, table 1)";
  defaults.models = "lstm,gru,rnn_tanh,tcn";
  defaults.minutes = 10;
  defaults.rate = 4e-3;
  return Main(argc, argv, defaults, [](const Command& command) {
    Recipe recipe;
    recipe.title = "adding problem, T = 600";
    recipe.measure = "mean squared error";
    recipe.inputs = 2;
    recipe.outputs = 1;
    recipe.parameters = 70000;
    recipe.span = recipe.longest_lag = kSteps;
    recipe.training = command.Training();
    recipe.batch = [&](int64_t step) { return MakeBatch(StepRandom(command.seed, step)); };
    recipe.valid = DrawPart(kValidRows / kRows, PartRandom(command.seed, "valid"), MakeBatch);
    recipe.test = DrawPart(kTestRows / kRows, PartRandom(command.seed, "test"), MakeBatch);
    recipe.loss = [](Tape& tape, Var outputs, const Batch& batch) { return SquaredError(tape, outputs, batch.targets); };
    RunTable(command, recipe,
             {{{"lstm", .164}, {"gru", 5.3e-5}, {"rnn_tanh", .177}, {"tcn", 5.8e-5}}, {{"always 1", 1. / 6}}});
  });
}
