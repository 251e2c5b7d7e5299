// Bai et al. 2018 (arXiv 1803.01271), table 1: copy memory, T = 1000. Ten symbols of 1 to 8, then zeros, then eleven times
// 9, T + 20 steps in all; during the last ten the symbols are to be said again, and 0 before. The figure is the
// cross-entropy, in nats a step over all steps; who says 0 and then guesses has 10 ln 8 / (T + 20).
//
// The paper's code feeds the symbol as a number, here it is one-hot; each step draws its sequences afresh. Gates start as
// for lags of up to T + 20 (chrono initialisation).
#include <cmath>

#include "eddy/loss.h"
#include "table.h"

namespace {

using namespace eddy;
using namespace eddy::published;

constexpr size_t kDelay = 1000, kCopied = 10;
constexpr size_t kSteps = kDelay + 2 * kCopied;
constexpr size_t kLetters = 8, kSymbols = kLetters + 2, kDelimiter = kLetters + 1;
constexpr size_t kRows = 32;
constexpr size_t kValidRows = 160, kTestRows = 512;

Batch MakeBatch(Random random) {
  Batch batch;
  batch.x = Tensor({kSteps, kRows, kSymbols});
  batch.sequence = {kSteps, kRows, {}, {}};
  batch.labels.assign(kSteps * kRows, 0);
  batch.count = kRows;
  for (size_t row = 0; row < kRows; ++row) {
    for (size_t t = 0; t < kSteps; ++t) {
      size_t symbol = t + kCopied + 1 < kSteps ? 0 : kDelimiter;
      if (t < kCopied) {
        symbol = 1 + random.Below(kLetters);
        batch.labels[(kSteps - kCopied + t) * kRows + row] = static_cast<int32_t>(symbol);
      }
      batch.x[(t * kRows + row) * kSymbols + symbol] = 1;
    }
  }
  return batch;
}

}  // namespace

int main(int argc, char** argv) {
  Defaults defaults;
  defaults.program = "copy_memory";
  defaults.description = "Copying ten symbols after 1,000 steps (Bai 2018, table 1)";
  defaults.models = "lstm,gru,rnn_tanh,tcn";
  defaults.minutes = 10;
  defaults.rate = 2e-3;
  return Main(argc, argv, defaults, [](const Command& command) {
    Recipe recipe;
    recipe.title = "copy memory, T = 1000";
    recipe.measure = "nats a step";
    recipe.inputs = recipe.outputs = kSymbols;
    recipe.last = false;
    recipe.parameters = 16000;
    recipe.span = recipe.longest_lag = kSteps;
    recipe.training = command.Training();
    recipe.batch = [&](int64_t step) { return MakeBatch(StepRandom(command.seed, step)); };
    recipe.valid = DrawPart(kValidRows / kRows, PartRandom(command.seed, "valid"), MakeBatch);
    recipe.test = DrawPart(kTestRows / kRows, PartRandom(command.seed, "test"), MakeBatch);
    recipe.loss = [](Tape& tape, Var outputs, const Batch& batch) {
      return SoftmaxCrossEntropy(tape, outputs, batch.labels);
    };
    RunTable(command, recipe,
             {{{"lstm", .0204}, {"gru", .0197}, {"rnn_tanh", .0202}, {"tcn", 3.5e-5}},
              {{"memoryless", kCopied * std::log(kLetters) / kSteps}}});
  });
}
