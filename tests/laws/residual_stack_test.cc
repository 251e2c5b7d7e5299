// The laws of recurrent layers, for residual stacks of every kind of mixer: gradients, threads, ragged batches, streaming.
#include "eddy/residual_stack.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "eddy/error.h"
#include "eddy/transformer.h"
#include "laws/gradient.h"

namespace eddy {
namespace {

constexpr size_t kInputs = 6;

struct StackCase {
  std::string name;
  std::function<std::unique_ptr<ResidualStack>(Random&)> make;
  bool bounded = false;  // whether a stream must be told how many steps it will run
  bool causal = true;
};

void PrintTo(const StackCase& c, std::ostream* out) { *out << c.name; }

StackCase TransformerCase(const std::string& name, const TransformerOptions& options) {
  const auto make = [=](Random& random) { return std::make_unique<Transformer>(options, "stack", random); };
  return {name, make, options.window == 0, options.causal};
}

std::vector<StackCase> Cases() {
  const TransformerOptions plain{.input = kInputs, .hidden = 8, .heads = 2};
  TransformerOptions windowed = plain, older = plain, dropout = plain, encoder = plain;
  windowed.blocks = 2, windowed.window = 3;
  older.norm = Normalization::kLayer, older.feed_forward = FeedForwardKind::kGelu, older.positions = Positions::kLinearBias;
  older.input = older.hidden = kInputs, older.heads = 3;
  dropout.dropout = 0.3, dropout.feed_forward = FeedForwardKind::kGeGlu, dropout.feed_forward_width = 5;
  encoder.causal = false;
  return {TransformerCase("transformer", plain), TransformerCase("transformer_in_a_window", windowed),
          TransformerCase("transformer_of_layer_norms_and_gelu", older),
          TransformerCase("transformer_with_dropout", dropout), TransformerCase("transformer_that_looks_ahead", encoder)};
}

Tensor RowOf(const Tensor& x, size_t row, size_t begin, size_t end) {
  const size_t B = x.dim(1), D = x.dim(2);
  Tensor alone({end - begin, 1, D});
  for (size_t t = begin; t < end; ++t) std::copy_n(x.data() + (t * B + row) * D, D, alone.data() + (t - begin) * D);
  return alone;
}

Sequence Ragged() { return {7, 4, {7, 3, 0, 5}, {}}; }
Tensor X(const Sequence& s) { return Randoms({s.steps, s.rows, kInputs}, 5); }

class ResidualStackLaw : public testing::TestWithParam<StackCase> {
 protected:
  ResidualStackLaw() {
    Random random(1);
    stack = GetParam().make(random);
    uint64_t seed = 20;
    for (Parameter* parameter : stack->parameters()) {  // away from where it starts, such as 0
      const Tensor noise = Randoms(parameter->value.shape(), seed++, 0.2);
      for (size_t i = 0; i < noise.size(); ++i) parameter->value[i] += noise[i];
    }
  }
  Graph Of(const Sequence& sequence) {
    return [=, this](Tape& tape, const std::vector<Var>& v) { return stack->Forward(tape, v[0], sequence); };
  }
  Tensor Infer(const Tensor& x, const Sequence& sequence, Precision precision = Precision::kFloat32) {
    Threads threads(2, Threads::Share::kAlways);
    Tape tape(threads, Tape::Mode::kInference, 0, precision);
    return tape.Value(stack->Forward(tape, tape.Constant(x), sequence));
  }
  void ZeroGradients() {
    for (Parameter* parameter : stack->parameters()) parameter->grad = Tensor(parameter->value.shape());
  }

  std::unique_ptr<ResidualStack> stack;
};
INSTANTIATE_TEST_SUITE_P(Every, ResidualStackLaw, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ResidualStackLaw, has_the_gradient_of_finite_differences) {
  if (!kDouble) GTEST_SKIP() << "a step that suits float is too long for norms of a few channels";
  const Graph graph = Of(Ragged());
  std::vector<Tensor> inputs = {X(Ragged())};
  ExpectGradientsMatchDifferences(graph, inputs, 1e-8, 1e-4);

  ZeroGradients();
  Differentiate(graph, inputs);
  for (Parameter* parameter : stack->parameters()) {
    const size_t stride = std::max<size_t>(1, parameter->value.size() / 12);  // a sample: each costs four forwards
    for (size_t i = 0; i < parameter->value.size(); i += stride) {
      const Real value = parameter->value[i], h = Real{1e-4f};
      const auto at = [&](Real offset) {
        parameter->value[i] = value + offset;
        return Evaluate(graph, inputs, 7);
      };
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * static_cast<double>(h));
      parameter->value[i] = value;
      EXPECT_NEAR(parameter->grad[i], slope, 1e-8 * std::max(1., std::fabs(slope))) << parameter->name << ", element " << i;
    }
  }
}

TEST_P(ResidualStackLaw, gives_the_same_outputs_and_gradients_for_any_number_of_threads) {
  const Sequence sequence{40, 5, {40, 3, 17, 0, 39}, {}};
  const Tensor x = X(sequence);
  const auto gradients = [&](int threads) {
    ZeroGradients();
    const Gradients run = Differentiate(Of(sequence), {x}, threads);
    std::vector<Tensor> all = {run.value, run.grads[0]};
    for (Parameter* parameter : stack->parameters()) all.push_back(parameter->grad);
    return all;
  };
  const std::vector<Tensor> one = gradients(1);
  for (int threads : {2, 3, 7}) {
    const std::vector<Tensor> many = gradients(threads);
    for (size_t i = 0; i < one.size(); ++i) ExpectSameBits(one[i], many[i]);
  }
}

TEST_P(ResidualStackLaw, a_ragged_batch_equals_each_sequence_alone_and_zeros) {
  const Sequence ragged = Ragged();
  Tensor x = X(ragged);
  for (size_t row = 0; row < ragged.rows; ++row) {  // nothing is read beyond lengths
    for (size_t t = ragged.lengths[row]; t < ragged.steps; ++t) x[(t * ragged.rows + row) * kInputs] = std::nan("");
  }
  const Tensor all = Infer(x, ragged);
  for (size_t row = 0; row < ragged.rows; ++row) {
    const size_t length = ragged.lengths[row];
    ExpectSameBits(RowOf(all, row, 0, length), Infer(RowOf(x, row, 0, length), {length, 1, {}, {}}));
    const Tensor beyond = RowOf(all, row, length, ragged.steps);
    for (Real value : beyond.values()) EXPECT_EQ(value, 0);
  }
}

TEST_P(ResidualStackLaw, a_reset_in_the_middle_equals_two_sequences) {
  if (!GetParam().causal) return;
  Sequence sequence{9, 1, {}, std::vector<uint8_t>(9)};
  sequence.resets[4] = 1;
  const Tensor x = X(sequence), both = Infer(x, sequence);
  ExpectSameBits(both.Rows(0, 4), Infer(x.Rows(0, 4), {4, 1, {}, {}}));
  ExpectSameBits(both.Rows(4, 5), Infer(x.Rows(4, 5), {5, 1, {}, {}}));
}

TEST_P(ResidualStackLaw, stepping_equals_running_the_whole_sequence) {
  if (!GetParam().causal) {
    EXPECT_THROW(ResidualStream(*stack, 9), Error);
    return;
  }
  const size_t T = 29, B = 3, H = stack->output_width();
  const Sequence sequence{T, B, {}, {}};
  const Tensor x = X(sequence);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    const Tensor whole = Infer(x, sequence, precision);
    ResidualStream stream(*stack, GetParam().bounded ? T : 0, B, precision);
    std::vector<Real> halfway;
    const auto step = [&](size_t t) {
      const auto y = stream.Step(x.data() + t * B * kInputs);
      ASSERT_EQ(y.size(), B * H);
      ASSERT_EQ(std::memcmp(y.data(), whole.data() + t * B * H, B * H * sizeof(Real)), 0) << "step " << t;
    };
    for (size_t t = 0; t < T; ++t) {
      if (t == 11) halfway.assign(stream.state().begin(), stream.state().end());
      step(t);
    }
    std::copy(halfway.begin(), halfway.end(), stream.state().begin());
    for (size_t t = 11; t < T; ++t) step(t);
    EXPECT_EQ(stream.Step(x.data()).empty(), GetParam().bounded);
    stream.Reset();
    for (size_t t = 0; t < T; ++t) step(t);
  }
}

TEST(transformer, refuses_options_out_of_range) {
  Random random(1);
  const auto make = [&](const TransformerOptions& options) { return Transformer(options, "transformer", random); };
  make({.input = 3, .hidden = 4});
  EXPECT_THROW(make({.input = 0, .hidden = 4}), Error);
  EXPECT_THROW(make({.input = 3, .hidden = 0}), Error);
  EXPECT_THROW(make({.input = 3, .hidden = 4, .blocks = 0}), Error);
  EXPECT_THROW(make({.input = 3, .hidden = 4, .heads = 3}), Error);
  EXPECT_THROW(make({.input = 3, .hidden = 4, .heads = 4}), Error);
  EXPECT_THROW(make({.input = 3, .hidden = 4, .dropout = 1}), Error);
  EXPECT_THROW(TransformerStream(make({.input = 3, .hidden = 4}), 0), Error);
  EXPECT_THROW(TransformerStream(make({.input = 3, .hidden = 4}), 9, 0), Error);
}

TEST(feed_forward, with_a_gate_has_as_many_weights_as_without) {
  Random random(1);
  const auto count = [&](FeedForwardKind kind) {
    FeedForward layer({96, 0, kind}, "feed_forward", random);
    size_t weights = 0;
    for (const Parameter* parameter : layer.parameters()) {
      if (parameter->value.rank() == 2) weights += parameter->value.size();
    }
    return weights;
  };
  EXPECT_EQ(count(FeedForwardKind::kSwiGlu), count(FeedForwardKind::kGelu));
  EXPECT_EQ(count(FeedForwardKind::kGeGlu), count(FeedForwardKind::kGelu));
}

}  // namespace
}  // namespace eddy
