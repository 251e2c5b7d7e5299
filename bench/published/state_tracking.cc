// Grazzi et al. 2024, "Unlocking state-tracking in linear RNNs through negative eigenvalues": the parity of bits, and sums,
// differences and products mod 5 without brackets (products first, as in 2 - 3 * 4 = 0). Trained on lengths of 3 to 40,
// tested on 40 to 256; the figure is the scaled accuracy (accuracy - chance) / (1 - chance) of the label of a whole
// sequence.
//
// The paper proves that no linear recurrence with positive eigenvalues solves parity in finite precision, and shows that
// eigenvalues in [-1, 1] let one do so. Its networks are stacks of Mamba, DeltaNet, mLSTM, sLSTM and attention; here two
// layers of a cell stand for each kind: min_gru has eigenvalues in (0, 1), min_gru_signed in (-1, 1), rnn_tanh and lstm are
// not linear. They are other networks, so no figure of the paper's stands beside ours.
#include "eddy/loss.h"
#include "table.h"

namespace {

using namespace eddy;
using namespace eddy::published;

constexpr size_t kRows = 64;
constexpr size_t kValidBatches = 8, kTestBatches = 32;
constexpr uint64_t kModulus = 5;

struct Lengths {
  uint64_t least, most;
};
constexpr Lengths kTrained{3, 40}, kTested{40, 256};

// Fills one sequence of symbols and gives its label.
using Language = int32_t (*)(std::vector<size_t>& symbols, Random& random);

int32_t Parity(std::vector<size_t>& symbols, Random& random) {
  size_t ones = 0;
  for (size_t& symbol : symbols) ones += symbol = random.Below(2);
  return static_cast<int32_t>(ones % 2);
}

// Digits 0 to 4, then + - * and =, which ends an expression; one of even length begins with an =, so that digits and
// operators take turns.
int32_t Arithmetic(std::vector<size_t>& symbols, Random& random) {
  constexpr size_t kPlus = kModulus, kMinus = kPlus + 1, kTimes = kPlus + 2, kEquals = kPlus + 3;
  const size_t end = symbols.size() - 1;
  size_t at = 0;
  if (end % 2 == 0) symbols[at++] = kEquals;
  uint64_t sum = 0, product = symbols[at++] = random.Below(kModulus);
  while (at < end) {
    const size_t sign = symbols[at++] = kPlus + random.Below(3);
    const uint64_t digit = symbols[at++] = random.Below(kModulus);
    if (sign == kTimes) {
      product = product * digit % kModulus;
    } else {
      sum += product;
      product = sign == kMinus ? kModulus - digit : digit;
    }
  }
  symbols[end] = kEquals;
  return static_cast<int32_t>((sum + product) % kModulus);
}

Batch MakeBatch(Language language, size_t inputs, Lengths lengths, Random random) {
  const size_t T = lengths.least + random.Below(lengths.most - lengths.least + 1);
  Batch batch;
  batch.x = Tensor({T, kRows, inputs});
  batch.sequence = {T, kRows, {}, {}};
  batch.count = kRows;
  std::vector<size_t> symbols(T);
  for (size_t row = 0; row < kRows; ++row) {
    batch.labels.push_back(language(symbols, random));
    for (size_t t = 0; t < T; ++t) batch.x[(t * kRows + row) * inputs + symbols[t]] = 1;
  }
  return batch;
}

Recipe MakeRecipe(const Command& command, const std::string& title, Language language, size_t inputs, size_t classes) {
  Recipe recipe;
  recipe.title = title + ", trained on lengths 3 to 40, tested on 40 to 256";
  recipe.measure = "scaled accuracy";
  recipe.accuracy = true;
  recipe.inputs = inputs;
  recipe.outputs = classes;
  recipe.parameters = 16000;
  recipe.layers = 2;
  recipe.span = kTested.most;
  recipe.training = command.Training();
  recipe.batch = [=, seed = command.seed](int64_t step) {
    return MakeBatch(language, inputs, kTrained, StepRandom(seed, step));
  };
  const auto tested = [=](Random random) { return MakeBatch(language, inputs, kTested, random); };
  recipe.valid = DrawPart(kValidBatches, PartRandom(command.seed, title + " valid"), tested);
  recipe.test = DrawPart(kTestBatches, PartRandom(command.seed, title + " test"), tested);
  recipe.loss = [](Tape& tape, Var outputs, const Batch& batch) { return SoftmaxCrossEntropy(tape, outputs, batch.labels); };
  recipe.figure = [chance = 1 / static_cast<double>(classes)](const Tensor& outputs, const Batch& batch) {
    return (Accuracy(outputs, batch) - chance) / (1 - chance);
  };
  return recipe;
}

}  // namespace

int main(int argc, char** argv) {
  Defaults defaults;
  defaults.program = "state_tracking";
  defaults.description = "Parity and modular arithmetic on lengths beyond those of training (Grazzi 2024)";
  defaults.models = "rnn_tanh,lstm,min_gru,min_gru_signed,attention";
  defaults.minutes = 5;
  defaults.rate = 2e-3;
  return Main(argc, argv, defaults, [](const Command& command) {
    RunTable(command, MakeRecipe(command, "parity", Parity, 2, 2), {{}, {{"chance", 0}}});
    RunTable(command, MakeRecipe(command, "arithmetic mod 5", Arithmetic, kModulus + 4, kModulus), {{}, {{"chance", 0}}});
  });
}
