// The laws of recurrent layers, for convolutional ones: gradients, threads, ragged batches, streaming.
#include "eddy/tcn.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "eddy/error.h"
#include "laws/gradient.h"

namespace eddy {
namespace tcn_test {

Tensor RowOf(const Tensor& x, size_t row, size_t begin, size_t end) {
  const size_t B = x.dim(1), D = x.dim(2);
  Tensor alone({end - begin, 1, D});
  for (size_t t = begin; t < end; ++t) std::copy_n(x.data() + (t * B + row) * D, D, alone.data() + (t - begin) * D);
  return alone;
}

// Moves every parameter away from where it starts, such as 0.
template <class Layer>
void Disturb(Layer& layer) {
  uint64_t seed = 20;
  for (Parameter* parameter : layer.parameters()) {
    const Tensor noise = Randoms(parameter->value.shape(), seed++, 0.2);
    for (size_t i = 0; i < noise.size(); ++i) parameter->value[i] += noise[i];
  }
}

Tcn MakeNetwork(TcnOptions options) {
  Random random(1);
  Tcn network(options, "tcn", random);
  Disturb(network);
  return network;
}

Conv1d MakeLayer(Conv1dOptions options) {
  Random random(1);
  Conv1d layer(options, "conv", random);
  Disturb(layer);
  return layer;
}

template <class Layer>
Tensor Infer(Layer& layer, const Tensor& x, const Sequence& sequence, Precision precision = Precision::kFloat32) {
  Threads threads(2, Threads::Share::kAlways);
  Tape tape(threads, Tape::Mode::kInference, 0, precision);
  return tape.Value(layer.Forward(tape, tape.Constant(x), sequence));
}

class TcnLaw : public testing::TestWithParam<TcnOptions> {
 protected:
  Tcn network = MakeNetwork(GetParam());
  Tensor X(const Sequence& s) const { return Randoms({s.steps, s.rows, GetParam().input}, 5); }
  Graph Of(const Sequence& sequence) {
    return [=, this](Tape& tape, const std::vector<Var>& v) { return network.Forward(tape, v[0], sequence); };
  }
};
INSTANTIATE_TEST_SUITE_P(Every, TcnLaw,
                         testing::Values(TcnOptions{3, 4, 1, 2, 0}, TcnOptions{4, 4, 2, 3, 0}, TcnOptions{3, 5, 2, 2, 0.3},
                                         TcnOptions{2, 3, 3, 1, 0}),
                         [](const auto& info) {
                           const TcnOptions& o = info.param;
                           return "of_" + std::to_string(o.blocks) + "_blocks_and_" + std::to_string(o.kernel) + "_taps" +
                                  (o.dropout > 0 ? "_with_dropout" : "");
                         });

Sequence Ragged() { return {9, 4, {9, 5, 0, 7}, {}}; }

TEST_P(TcnLaw, has_the_gradient_of_finite_differences) {
  if (!kDouble) GTEST_SKIP() << "a step that suits float crosses the corners of rectifiers";
  const Graph graph = Of(Ragged());
  std::vector<Tensor> inputs = {X(Ragged())};
  ExpectGradientsMatchDifferences(graph, inputs, 1e-8, 1e-5);

  for (Parameter* parameter : network.parameters()) parameter->grad.Fill(0);
  Differentiate(graph, inputs);
  for (Parameter* parameter : network.parameters()) {
    for (size_t i = 0; i < parameter->value.size(); ++i) {
      const Real value = parameter->value[i], h = Real{1e-5f};
      const auto at = [&](Real offset) {
        parameter->value[i] = value + offset;
        return Evaluate(graph, inputs, 7);
      };
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      parameter->value[i] = value;
      EXPECT_NEAR(parameter->grad[i], slope, 1e-8 * std::max(1., std::fabs(slope))) << parameter->name << ", element " << i;
    }
  }
}

TEST_P(TcnLaw, gives_the_same_outputs_and_gradients_for_any_number_of_threads) {
  const Sequence sequence{40, 5, {40, 3, 17, 0, 39}, {}};
  const Tensor x = X(sequence);
  const auto gradients = [&](int threads) {
    for (Parameter* parameter : network.parameters()) parameter->grad = Tensor(parameter->value.shape());
    const Gradients run = Differentiate(Of(sequence), {x}, threads);
    std::vector<Tensor> all = {run.value, run.grads[0]};
    for (Parameter* parameter : network.parameters()) all.push_back(parameter->grad);
    return all;
  };
  const std::vector<Tensor> one = gradients(1);
  for (int threads : {2, 3, 7}) {
    const std::vector<Tensor> many = gradients(threads);
    for (size_t i = 0; i < one.size(); ++i) ExpectSameBits(one[i], many[i]);
  }
}

TEST_P(TcnLaw, a_ragged_batch_equals_each_sequence_alone) {
  const Sequence ragged = Ragged();
  const Tensor x = X(ragged), all = Infer(network, x, ragged);
  for (size_t row = 0; row < ragged.rows; ++row) {
    const size_t length = ragged.lengths[row];
    ExpectSameBits(RowOf(all, row, 0, length), Infer(network, RowOf(x, row, 0, length), {length, 1, {}, {}}));
    const Tensor beyond = RowOf(all, row, length, 9);
    for (Real value : beyond.values()) EXPECT_EQ(value, 0);
  }
}

TEST_P(TcnLaw, a_reset_in_the_middle_equals_two_sequences) {
  Sequence sequence{9, 1, {}, std::vector<uint8_t>(9)};
  sequence.resets[4] = 1;
  const Tensor x = X(sequence), both = Infer(network, x, sequence);
  ExpectSameBits(both.Rows(0, 4), Infer(network, x.Rows(0, 4), {4, 1, {}, {}}));
  ExpectSameBits(both.Rows(4, 5), Infer(network, x.Rows(4, 5), {5, 1, {}, {}}));
}

TEST_P(TcnLaw, stepping_equals_running_the_whole_sequence) {
  const size_t T = 29, B = 3, H = network.output_width();
  const Sequence sequence{T, B, {}, {}};
  const Tensor x = X(sequence);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    const Tensor whole = Infer(network, x, sequence, precision);
    TcnStream stream(network, B, precision);
    std::vector<Real> halfway;
    const auto step = [&](size_t t) {
      const auto y = stream.Step(x.data() + t * B * GetParam().input);
      ASSERT_EQ(y.size(), B * H);
      ASSERT_EQ(std::memcmp(y.data(), whole.data() + t * B * H, B * H * sizeof(Real)), 0) << "step " << t;
    };
    for (size_t t = 0; t < T; ++t) {
      if (t == 11) halfway.assign(stream.state().begin(), stream.state().end());
      step(t);
    }
    std::copy(halfway.begin(), halfway.end(), stream.state().begin());
    for (size_t t = 11; t < T; ++t) step(t);
    stream.Reset();
    for (size_t t = 0; t < T; ++t) step(t);
  }
}

TEST_P(TcnLaw, an_output_sees_its_receptive_field_and_no_more) {
  const size_t field = network.receptive_field(), T = field + 3;
  const Sequence sequence{T, 1, {}, {}};
  const Graph graph = [&](Tape& tape, const std::vector<Var>& v) {
    return Slice(tape, network.Forward(tape, v[0], sequence), T - 1, T);
  };
  const Tensor seen = Differentiate(graph, {X(sequence)}).grads[0];
  const auto moves = [&](size_t t) {
    const Tensor step = seen.Rows(t, 1);
    return std::any_of(step.data(), step.data() + step.size(), [](Real g) { return g != 0; });
  };
  for (size_t t = 0; t < T - field; ++t) EXPECT_FALSE(moves(t)) << t;
  EXPECT_TRUE(moves(T - 1));
}

TEST(conv1d, stepping_equals_running_the_whole_sequence_with_strides_and_groups) {
  for (size_t stride : {1, 2, 5}) {
    for (bool weight_norm : {false, true}) {
      Conv1dOptions options{.input = 4,
                            .output = 6,
                            .kernel = 3,
                            .convolution = {2, stride, 2},
                            .bias = stride != 2,
                            .weight_norm = weight_norm};
      Conv1d layer = MakeLayer(options);
      const size_t T = 23, B = 2;
      const Tensor x = Randoms({T, B, 4}, 1), whole = Infer(layer, x, {T, B, {}, {}});
      Conv1dStream stream(layer, B);
      for (size_t t = 0; t < T; ++t) {
        const auto y = stream.Step(x.data() + t * B * 4);
        ASSERT_EQ(y.empty(), t % stride != 0);
        if (y.empty()) continue;
        ASSERT_EQ(std::memcmp(y.data(), whole.data() + t / stride * B * 6, B * 6 * sizeof(Real)), 0) << "step " << t;
      }
    }
  }
}

TEST(conv1d, starts_with_weights_that_keep_the_variance_whether_or_not_they_are_normalised) {
  for (bool weight_norm : {false, true}) {
    Random random(3);
    const Conv1d layer({.input = 50, .output = 60, .kernel = 4, .convolution = {}, .weight_norm = weight_norm}, "conv",
                       random);
    const Tensor weight = layer.Weight();
    double squares = 0;
    for (Real w : weight.values()) squares += static_cast<double>(w) * w;
    EXPECT_NEAR(squares / static_cast<double>(weight.size()), 1. / 200, 1e-4);
  }
}

TEST(conv1d, a_state_that_makes_no_sense_is_read_within_bounds) {
  Conv1d layer = MakeLayer({.input = 2, .output = 2, .kernel = 3, .convolution = {}});
  const Tensor x = Randoms({2}, 1);
  for (Real bad : {Real{-1}, Real{1e30f}, Real{3}, static_cast<Real>(std::nan(""))}) {
    Conv1dStream stream(layer);
    stream.state()[0] = stream.state()[1] = bad;
    EXPECT_EQ(stream.Step(x.data()).size(), 2u);
  }
}

TEST(conv1d, refuses_options_out_of_range_and_streams_that_look_ahead) {
  Random random(1);
  const auto make = [&](const Conv1dOptions& options) { return Conv1d(options, "conv", random); };
  EXPECT_THROW(make({.input = 0, .output = 1, .convolution = {}}), Error);
  EXPECT_THROW(make({.input = 1, .output = 0, .convolution = {}}), Error);
  EXPECT_THROW(make({.input = 1, .output = 1, .kernel = 0, .convolution = {}}), Error);
  EXPECT_THROW(make({.input = 3, .output = 4, .convolution = {1, 1, 2}}), Error);
  EXPECT_THROW(make({.input = 4, .output = 4, .convolution = {1, 1, 0}}), Error);
  const Conv1d centred = make({.input = 1, .output = 1, .kernel = 3, .convolution = {1, 1, 1, Padding::kSame}});
  EXPECT_THROW(Conv1dStream{centred}, Error);
  const Conv1d causal = make({.input = 1, .output = 1, .kernel = 3, .convolution = {}});
  EXPECT_THROW(Conv1dStream(causal, 0), Error);
}

TEST(tcn, refuses_options_out_of_range) {
  Random random(1);
  for (const TcnOptions& bad : {TcnOptions{0, 4}, TcnOptions{4, 0}, TcnOptions{4, 4, 0}, TcnOptions{4, 4, 21},
                                TcnOptions{4, 4, 1, 0}, TcnOptions{4, 4, 1, 2, 1}, TcnOptions{4, 4, 1, 2, -0.1}}) {
    EXPECT_THROW(Tcn(bad, "tcn", random), Error);
  }
}

}  // namespace tcn_test
}  // namespace eddy
