// A cell that is no part of the library: examples/cells/ugrnn.h, which the build compiles into this program by
// eddy_add_cells.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eddy/cell.h"
#include "eddy/loss.h"
#include "eddy/recurrent.h"
#include "eddy/stream.h"

namespace eddy {
namespace added_cell_test {

constexpr size_t kSteps = 7, kRows = 3, kInput = 2, kHidden = 11;

Tensor Noise(const Shape& shape, uint64_t seed) {
  Random random(seed);
  Tensor noise(shape);
  for (Real& value : noise.values()) value = static_cast<Real>(random.Normal());
  return noise;
}

Sequence WholeBatch() {
  Sequence sequence;
  sequence.steps = kSteps;
  sequence.rows = kRows;
  return sequence;
}

RecurrentStack Ugrnn() {
  Random random(5);
  return RecurrentStack({.layer = {.cell = "ugrnn", .input = kInput, .hidden = kHidden}, .layers = 2}, "stack", random);
}

TEST(AddedCell, is_in_the_table_with_what_its_header_says) {
  const CellType& cell = FindCell("ugrnn");
  EXPECT_EQ(CellName(cell), "ugrnn");
  EXPECT_EQ(InfoOf(cell).gates, "f n");
  EXPECT_EQ(FactsOf(cell).products, 1);
}

TEST(AddedCell, steps_of_a_stream_are_the_whole_sequence) {
  RecurrentStack stack = Ugrnn();
  const Tensor x = Noise({kSteps, kRows, kInput}, 1);
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Tensor y = tape.Value(stack.Forward(tape, tape.Constant(x), WholeBatch()).y);
  RecurrentStream stream(stack, kRows);
  for (size_t t = 0; t < kSteps; ++t) {
    const std::span<const Real> h = stream.Step(x.data() + t * kRows * kInput);
    for (size_t i = 0; i < h.size(); ++i) EXPECT_EQ(h[i], y[t * kRows * kHidden + i]);
  }
}

TEST(AddedCell, a_step_against_its_gradient_lessens_the_loss) {
  RecurrentStack stack = Ugrnn();
  const Tensor x = Noise({kSteps, kRows, kInput}, 1), target = Noise({kSteps, kRows, kHidden}, 2);
  Threads threads(1);
  std::vector<double> losses;
  for (int step = 0; step < 2; ++step) {
    Tape tape(threads);
    const Var y = stack.Forward(tape, tape.Constant(x), WholeBatch()).y;
    const Var loss = SquaredError(tape, y, target);
    losses.push_back(static_cast<double>(tape.Value(loss)[0]));
    tape.Backward(loss);
    for (Parameter* p : stack.parameters()) {
      for (size_t i = 0; i < p->value.size(); ++i) p->value[i] -= Real(0.1) * p->grad[i];
    }
  }
  EXPECT_LT(losses[1], losses[0]);
}

}  // namespace added_cell_test
}  // namespace eddy
