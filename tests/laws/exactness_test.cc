// Laws that hold bit for bit: streaming, threads, batches, ragged batches and reversal, for every cell under every option.
#include <cmath>
#include <cstring>
#include <map>

#include "cases.h"
#include "eddy/error.h"
#include "eddy/stream.h"

namespace eddy {
namespace exactness_test {

bool SameBits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

struct Outcome {
  Tensor y, state;
  std::vector<Tensor> gradients;  // of x, state and the parameters
};

// One forward, and one backward from fixed weights on everything put out.
Outcome RunLayer(Recurrent& layer, const Tensor& x, const Tensor& state, const Sequence& sequence, int thread_count,
                 Tape::Mode mode = Tape::Mode::kTraining, const Bptt& bptt = {}) {
  Threads threads(thread_count, Threads::Share::kAlways);
  Tape tape(threads, mode, 7);
  for (Parameter* parameter : layer.parameters()) parameter->grad = Tensor(parameter->value.shape());
  const Var vx = tape.Differentiable(x), vs = tape.Differentiable(state);
  const auto out = layer.Forward(tape, vx, sequence, vs, bptt);
  Outcome run{tape.Value(out.y), tape.Value(out.state), {}};
  if (mode == Tape::Mode::kInference) return run;
  const Var loss = tape.Record(Tensor({1}), {out.y, out.state}, [&](const Tensor&) {
    for (Var v : {out.y, out.state}) {
      const Tensor weights = RandomTensor(tape.Value(v).shape(), 9);
      for (size_t i = 0; i < weights.size(); ++i) tape.Grad(v)[i] += weights[i];
    }
  });
  tape.Backward(loss);
  run.gradients = {tape.Grad(vx).Clone(), tape.Grad(vs).Clone()};
  for (Parameter* parameter : layer.parameters()) run.gradients.push_back(parameter->grad);
  return run;
}

// Rows [begin, begin + count) of every step of x [T, B, D].
Tensor SliceRows(const Tensor& x, size_t begin, size_t count) {
  const size_t T = x.dim(0), B = x.dim(1), D = x.dim(2);
  Tensor slice({T, count, D});
  for (size_t t = 0; t < T; ++t) std::copy_n(x.data() + (t * B + begin) * D, count * D, slice.data() + t * count * D);
  return slice;
}

class ExactnessTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { Disturb(layer, 2); }
  const RecurrentOptions options = GetParam().options;
  Random random{1};
  Recurrent layer{options, "layer", random};

  Tensor X(const Sequence& s) const { return RandomTensor({s.steps, s.rows, options.input}, 3); }
  Tensor State(const Sequence& s) const { return RandomTensor({s.rows, layer.state_width()}, 4, 0.3); }
};

TEST_P(ExactnessTest, any_number_of_threads_gives_the_same_outputs_and_gradients) {
  for (const Sequence& sequence : {RaggedSequence(), Sequence{11, 40, {}, {}}}) {
    const Outcome one = RunLayer(layer, X(sequence), State(sequence), sequence, 1);
    std::vector<Tensor> kept;
    for (const Tensor& gradient : one.gradients) kept.push_back(gradient.Clone());
    for (int count : {2, 3}) {
      const Outcome other = RunLayer(layer, X(sequence), State(sequence), sequence, count);
      EXPECT_TRUE(SameBits(one.y, other.y));
      EXPECT_TRUE(SameBits(one.state, other.state));
      for (size_t i = 0; i < kept.size(); ++i) EXPECT_TRUE(SameBits(kept[i], other.gradients[i])) << "gradient " << i;
    }
  }
}

TEST_P(ExactnessTest, stepping_equals_running_the_whole_sequence) {
  if (options.reverse) return;
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    StackOptions stack_options{options, 2, false, 0, true};
    stack_options.precision = precision;
    RecurrentStack stack(stack_options, "stack", random);
    for (Recurrent& part : stack.layers()) Disturb(part, 5);
    const Sequence sequence{13, 3, {}, {}};
    const Tensor x = X(sequence);
    Threads threads(2, Threads::Share::kAlways);
    Tape tape(threads, Tape::Mode::kInference, 0, precision);
    const auto whole = stack.Forward(tape, tape.Constant(x), sequence);
    RecurrentStream stream(stack, 3);
    const size_t width = stack.output_width();
    std::vector<Real> halfway;
    for (int round = 0; round < 2; ++round) {
      for (size_t t = 0; t < sequence.steps; ++t) {
        // The state is a value: the second half is run twice from a copy of it.
        if (t == 6 && round == 0) halfway.assign(stream.state().begin(), stream.state().end());
        if (t < 6 && round == 1) continue;
        if (t == 6 && round == 1) std::copy(halfway.begin(), halfway.end(), stream.state().begin());
        const auto y = stream.Step(x.data() + t * 3 * options.input);
        ASSERT_EQ(std::memcmp(y.data(), tape.Value(whole.y).data() + t * 3 * width, 3 * width * sizeof(Real)), 0)
            << "step " << t;
      }
    }
    const Real* state = stream.state().data();
    for (Var part : whole.state) {
      EXPECT_EQ(std::memcmp(state, tape.Value(part).data(), tape.Value(part).size() * sizeof(Real)), 0);
      state += tape.Value(part).size();
    }
  }
}

TEST_P(ExactnessTest, frozen_weights_give_the_same_and_stay_as_they_were) {
  if (options.learned_state) return;  // the initial state is no weight: it stays the parameter's
  const Sequence sequence{5, 2, {}, {}};
  const Tensor x = X(sequence);
  Threads threads(1);
  const auto run = [&] {
    Tape tape(threads, Tape::Mode::kInference);
    return tape.Value(layer.Forward(tape, tape.Constant(x), sequence).y).Clone();
  };
  const Tensor before = run();
  layer.Freeze(Precision::kFloat32, threads);
  EXPECT_TRUE(SameBits(run(), before));
  Disturb(layer, 8);
  EXPECT_TRUE(SameBits(run(), before));
  layer.Thaw();
  EXPECT_FALSE(SameBits(run(), before));
}

// The gradients of a layer are complete when a backward says so, each once.
TEST_P(ExactnessTest, what_a_backward_calls_complete_does_not_change_anymore) {
  const Sequence sequence = RaggedSequence();
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kTraining, 7);
  RecurrentStack stack({options, 2, false, 0, true}, "stack", random);
  const auto out = stack.Forward(tape, tape.Constant(X(sequence)), sequence);
  const Var loss = tape.Record(Tensor({1}), {out.y}, [&](const Tensor&) { tape.Grad(out.y).Fill(1); });
  std::map<std::string, Tensor> told;
  tape.Backward(loss, [&](const Parameter& parameter) {
    EXPECT_TRUE(told.emplace(parameter.name, parameter.grad.Clone()).second) << parameter.name;
  });
  EXPECT_EQ(told.size(), stack.parameters().size());
  for (const Parameter* parameter : stack.parameters()) {
    EXPECT_TRUE(SameBits(told[parameter->name], parameter->grad)) << parameter->name;
  }
}

TEST_P(ExactnessTest, a_row_does_not_depend_on_its_batch) {
  const Sequence batch{6, 50, {}, {}}, alone{6, 1, {}, {}};
  const Tensor x = X(batch), state = State(batch);
  const Outcome all = RunLayer(layer, x, state, batch, 2, Tape::Mode::kInference);
  for (size_t row : {0u, 1u, 17u, 49u}) {
    const Outcome one = RunLayer(layer, SliceRows(x, row, 1), state.Rows(row, 1), alone, 1, Tape::Mode::kInference);
    EXPECT_TRUE(SameBits(one.y, SliceRows(all.y, row, 1))) << "row " << row;
    EXPECT_TRUE(SameBits(one.state, all.state.Rows(row, 1))) << "row " << row;
  }
}

TEST_P(ExactnessTest, a_ragged_batch_equals_each_sequence_alone) {
  Sequence ragged = RaggedSequence();
  ragged.resets.clear();
  const Tensor x = X(ragged), state = State(ragged);
  const Outcome all = RunLayer(layer, x, state, ragged, 2, Tape::Mode::kInference);
  for (size_t row = 0; row < ragged.rows; ++row) {
    const size_t length = ragged.lengths[row];
    const Sequence alone{length, 1, {}, {}};
    const Outcome one =
        RunLayer(layer, SliceRows(x, row, 1).Rows(0, length), state.Rows(row, 1), alone, 1, Tape::Mode::kInference);
    const Tensor y = SliceRows(all.y, row, 1);
    EXPECT_TRUE(SameBits(one.y, y.Rows(0, length)));
    EXPECT_TRUE(SameBits(one.state, all.state.Rows(row, 1)));
    for (Real value : y.Rows(length, ragged.steps - length).values()) EXPECT_EQ(value, 0);
  }
}

TEST_P(ExactnessTest, a_reset_in_the_middle_equals_two_sequences) {
  const size_t cut = options.reverse ? 5 : 4;
  Sequence whole{9, 1, {}, std::vector<uint8_t>(9, 0)};
  whole.resets[cut] = 1;
  const Tensor x = X(whole), state = State(whole), fresh = layer.InitialState(1);
  const Outcome both = RunLayer(layer, x, state, whole, 1, Tape::Mode::kInference);
  const Outcome first =
      RunLayer(layer, x.Rows(0, cut), options.reverse ? fresh : state, {cut, 1, {}, {}}, 1, Tape::Mode::kInference);
  const Outcome second = RunLayer(layer, x.Rows(cut, 9 - cut), options.reverse ? state : fresh, {9 - cut, 1, {}, {}}, 1,
                                  Tape::Mode::kInference);
  EXPECT_TRUE(SameBits(both.y.Rows(0, cut), first.y));
  EXPECT_TRUE(SameBits(both.y.Rows(cut, 9 - cut), second.y));
}

TEST_P(ExactnessTest, a_reversed_layer_equals_the_flipped_sequence) {
  RecurrentOptions flipped_options = options;
  flipped_options.reverse = !options.reverse;
  Random same(1);
  Recurrent flipped(flipped_options, "layer", same);
  Disturb(flipped, 2);
  const Sequence sequence{8, 3, {}, {}};
  const Tensor x = X(sequence), state = State(sequence);
  const auto flip = [](const Tensor& a) {
    Tensor b(a.shape());
    const size_t T = a.dim(0), n = a.size() / T;
    for (size_t t = 0; t < T; ++t) std::copy_n(a.data() + t * n, n, b.data() + (T - 1 - t) * n);
    return b;
  };
  const Outcome a = RunLayer(layer, x, state, sequence, 1, Tape::Mode::kInference);
  const Outcome b = RunLayer(flipped, flip(x), state, sequence, 1, Tape::Mode::kInference);
  EXPECT_TRUE(SameBits(a.y, flip(b.y)));
  EXPECT_TRUE(SameBits(a.state, b.state));
}

TEST_P(ExactnessTest, training_and_inference_agree_without_dropout) {
  if (options.variational_dropout + options.recurrent_dropout + options.zoneout > 0) return;
  const Sequence sequence = RaggedSequence();
  const Outcome training = RunLayer(layer, X(sequence), State(sequence), sequence, 1);
  const Outcome inference = RunLayer(layer, X(sequence), State(sequence), sequence, 1, Tape::Mode::kInference);
  const Outcome checkpointed = RunLayer(layer, X(sequence), State(sequence), sequence, 1, Tape::Mode::kTraining, {true, 1});
  EXPECT_TRUE(SameBits(training.y, inference.y));
  EXPECT_TRUE(SameBits(training.y, checkpointed.y));
  EXPECT_TRUE(SameBits(training.state, inference.state));
}

TEST_P(ExactnessTest, the_scan_form_of_a_linear_recurrence_equals_its_step_form) {
  if (!FactsOf(layer.cell()).linear) return;
  // A clip that never bites keeps the loop from using the scan.
  RecurrentOptions stepped_options = options;
  stepped_options.state_clip = 1e6;
  if (options.state_clip > 0) return;
  Random same(1);
  Recurrent stepped(stepped_options, "layer", same);
  Disturb(stepped, 2);
  const Sequence sequence = RaggedSequence();
  const Outcome scan = RunLayer(layer, X(sequence), State(sequence), sequence, 1);
  const Outcome step = RunLayer(stepped, X(sequence), State(sequence), sequence, 1);
  EXPECT_TRUE(SameBits(scan.y, step.y));
  for (size_t i = 0; i < scan.gradients.size(); ++i) {
    for (size_t j = 0; j < scan.gradients[i].size(); ++j) {
      const double a = scan.gradients[i][j], b = step.gradients[i][j];
      EXPECT_NEAR(a, b, 1e-5 * (1 + std::abs(a)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Small, ExactnessTest, testing::ValuesIn(EveryCellAndOption()), CaseName);
// With recurrent weights that no cache of a core holds.
INSTANTIATE_TEST_SUITE_P(Large, ExactnessTest,
                         testing::Values(Case{"lstm", Plain("lstm", 6, 400)},
                                         Case{"gru_reset_before", Plain("gru_reset_before", 6, 400)},
                                         Case{"min_gru", Plain("min_gru", 6, 400)}),
                         CaseName);
// Wider than a panel of columns on any machine, so that threads split units.
INSTANTIATE_TEST_SUITE_P(Wide, ExactnessTest, testing::ValuesIn(EveryCell(6, 150)), CaseName);

TEST(Recurrent, rejects_what_does_not_fit_with_both_shapes) {
  Random random(1);
  Threads threads(1);
  Tape tape(threads);
  Recurrent layer(Plain("lstm"), "layer", random);
  const auto message = [&](auto call) -> std::string {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message([&] {
              layer.Forward(tape, tape.Constant(Tensor({2, 3, 4})), {2, 3, {}, {}});
            }),
            "recurrent: x must be [2, 3, 5], but is [2, 3, 4]");
  EXPECT_EQ(message([&] {
              layer.Forward(tape, tape.Constant(Tensor({2, 3, 5})), {2, 3, {1, 2}, {}});
            }),
            "recurrent: lengths must be one a row (3), but is 2");
  EXPECT_EQ(message([&] {
              layer.Forward(tape, tape.Constant(Tensor({2, 3, 5})), {2, 3, {1, 2, 9}, {}});
            }),
            "recurrent: lengths must be at most 2 steps, but is 9");
  EXPECT_EQ(message([&] { Recurrent(Plain("lstn"), "layer", random); }),
            "cell: name must be a cell of the table (nearest: lstm), but is lstn");
  EXPECT_EQ(message([&] { Recurrent(Plain("lstm", 0), "layer", random); }),
            "recurrent: input must be between 1 and 2^20, but is 0");
}

}  // namespace exactness_test
}  // namespace eddy
