// The laws of layers, for chains of them.
#include "eddy/encoder.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "laws/gradient.h"

namespace eddy {
namespace encoder_test {

struct Chain {
  std::string name;
  std::vector<LayerOptions> layers;
  bool rotary = false;  // whether positions are counted from a segment's beginning
};

RecurrentOptions Cell(const char* cell, size_t hidden) {
  RecurrentOptions options;
  options.cell = cell;
  options.hidden = hidden;
  return options;
}

StackOptions Stack(const char* cell, size_t hidden, bool bidirectional = false) {
  StackOptions stack{Cell(cell, hidden)};
  stack.bidirectional = bidirectional;
  return stack;
}

TransformerOptions Attention(size_t hidden) { return {.hidden = hidden, .blocks = 2, .heads = 2, .window = 4}; }

TcnOptions Convolutions(size_t hidden) { return {.hidden = hidden, .blocks = 2, .kernel = 2}; }

Encoder Make(const std::vector<LayerOptions>& layers) {
  Random random(1);
  return Encoder({.input = 3, .layers = layers}, "layer", random);
}

Tensor Rows(const Tensor& x, size_t row, size_t end) {
  const size_t B = x.dim(1), D = x.dim(2);
  Tensor alone({end, 1, D});
  for (size_t t = 0; t < end; ++t) std::copy_n(x.data() + (t * B + row) * D, D, alone.data() + t * D);
  return alone;
}

class EncoderLaw : public testing::TestWithParam<Chain> {
 protected:
  Encoder encoder = Make(GetParam().layers);
  Tensor Infer(const Tensor& x, const Sequence& sequence, Precision precision = Precision::kFloat32) {
    Threads threads(2, Threads::Share::kAlways);
    Tape tape(threads, Tape::Mode::kInference, 0, precision);
    return tape.Value(encoder.Forward(tape, tape.Constant(x), sequence));
  }
};
INSTANTIATE_TEST_SUITE_P(
    Every, EncoderLaw,
    testing::Values(
        Chain{"one_stack", {Stack("lstm", 4)}}, Chain{"one_tcn", {Convolutions(4)}},
        Chain{"one_transformer", {Attention(8)}, true}, Chain{"lstm_then_attention", {Stack("lstm", 4), Attention(4)}, true},
        Chain{"tcn_then_lstm", {Convolutions(4), Stack("lstm", 5)}},
        Chain{"gru_then_tcn_then_min_gru", {Stack("gru", 5), Convolutions(4), Stack("min_gru", 3)}},
        Chain{"convolution_then_lstm",
              {Conv1dOptions{.output = 6, .kernel = 3, .convolution = {.dilation = 2}}, Stack("lstm", 4)}},
        Chain{"griffin", {GriffinOptions{.hidden = 8, .heads = 2, .window = 6}}, true},
        Chain{"blocks_then_windowed",
              {RecurrentBlocksOptions{.hidden = 8, .blocks = 2, .groups = 2}, WindowedRecurrentOptions{Cell("qrnn", 5), 3}}},
        Chain{"lstm_then_heads",
              {Stack("lstm", 4),
               MultiHeadAttentionOptions{
                   .hidden = 8, .attention = {.heads = 2, .causal = true, .window = 5, .positions = Positions::kRotary}}},
              true},
        Chain{"attentive", {AttentiveRecurrentOptions{Stack("gru", 5), {.causal = true, .window = 7}}}}),
    [](const auto& info) { return info.param.name; });

void ExpectEqual(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.shape(), b.shape());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)), 0);
}

TEST_P(EncoderLaw, a_ragged_batch_equals_each_sequence_alone) {
  const Sequence ragged{9, 4, {9, 5, 0, 7}, {}};
  const Tensor x = Randoms({9, 4, 3}, 2), all = Infer(x, ragged);
  for (size_t row = 0; row < 4; ++row) {
    const size_t length = ragged.lengths[row];
    ExpectEqual(Rows(all, row, length), Infer(Rows(x, row, length), {length, 1, {}, {}}));
  }
}

TEST_P(EncoderLaw, stepping_equals_running_the_whole_sequence) {
  const size_t T = 23, B = 3;
  const Tensor x = Randoms({T, B, 3}, 3);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    const Tensor whole = Infer(x, {T, B, {}, {}}, precision);
    encoder.SetPrecision(precision);
    EncoderStream stream(encoder, B);
    std::vector<Real> halfway(stream.state_size());
    const auto step = [&](size_t t) {
      const auto y = stream.Step(x.data() + t * B * 3);
      ASSERT_EQ(std::memcmp(y.data(), whole.data() + t * y.size(), y.size() * sizeof(Real)), 0) << "step " << t;
    };
    for (size_t t = 0; t < T; ++t) {
      if (t == 11) stream.SaveState(halfway);
      step(t);
    }
    stream.LoadState(halfway);
    for (size_t t = 11; t < T; ++t) step(t);
    stream.Reset();
    for (size_t t = 0; t < T; ++t) step(t);
  }
}

TEST_P(EncoderLaw, gives_the_same_outputs_and_gradients_for_any_number_of_threads) {
  const Sequence sequence{40, 5, {40, 3, 17, 0, 39}, {}};
  const Tensor x = Randoms({40, 5, 3}, 4);
  const auto run = [&](int threads) {
    for (Parameter* parameter : encoder.parameters()) parameter->grad = Tensor(parameter->value.shape());
    const Graph graph = [&](Tape& tape, const std::vector<Var>& v) {
      Segment segment({}, 13);
      return encoder.Forward(tape, v[0], sequence, &segment);
    };
    const Gradients made = Differentiate(graph, {x}, threads);
    std::vector<Tensor> all = {made.value, made.grads[0]};
    for (Parameter* parameter : encoder.parameters()) all.push_back(parameter->grad);
    return all;
  };
  const std::vector<Tensor> one = run(1), many = run(3);
  for (size_t i = 0; i < one.size(); ++i) ExpectEqual(one[i], many[i]);
}

void ExpectNear(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.shape(), b.shape());
  for (size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], kDouble ? 1e-12 : 1e-5) << "element " << i;
}

Sequence Steps(const Sequence& whole, size_t begin, size_t end) {
  Sequence part{end - begin, whole.rows, {}, {}};
  for (const size_t length : whole.lengths) part.lengths.push_back(std::clamp(length, begin, end) - begin);
  if (!whole.resets.empty()) {
    part.resets.assign(whole.resets.begin() + static_cast<ptrdiff_t>(begin * whole.rows),
                       whole.resets.begin() + static_cast<ptrdiff_t>(end * whole.rows));
  }
  return part;
}

TEST_P(EncoderLaw, segments_equal_the_whole_sequence) {
  const size_t T = 37, B = 4;
  Sequence all{T, B, {37, 20, 3, 0}, std::vector<uint8_t>(T * B)};
  for (const size_t place : {size_t{0}, 6 * B, 7 * B + 1, 10 * B, 23 * B}) all.resets[place] = 1;
  const Tensor x = Randoms({T, B, 3}, 5), whole = Infer(x, all);
  Threads threads(1);
  for (const size_t overlap : {size_t{0}, size_t{2}}) {  // steps of a segment that the next one runs again
    std::vector<Tensor> carried;
    for (size_t begin = 0; begin < T;) {
      const size_t end = std::min(T, begin + 5), next = end == T ? T : end - overlap;
      Tape tape(threads, Tape::Mode::kInference);
      std::vector<Var> before;
      for (const Tensor& each : carried) before.push_back(tape.Constant(each));
      Segment segment(before, next - begin);
      const Var y = encoder.Forward(tape, tape.Constant(x.Rows(begin, end - begin)), Steps(all, begin, end), &segment);
      (GetParam().rotary ? ExpectNear : ExpectEqual)(tape.Value(y), whole.Rows(begin, end - begin));
      carried.clear();
      for (const Var each : segment.after()) carried.push_back(tape.Value(each));
      const std::vector<size_t> widths = encoder.state_widths();
      ASSERT_EQ(carried.size(), widths.size());
      for (size_t i = 0; i < widths.size(); ++i) EXPECT_EQ(carried[i].shape(), Shape({B, widths[i]}));
      begin = next;
    }
  }
}

TEST_P(EncoderLaw, gradients_through_what_segments_hand_on_are_those_of_the_whole) {
  const size_t T = 12, B = 2;
  const Tensor x = Randoms({T, B, 3}, 8);
  const Graph whole = [&](Tape& tape, const std::vector<Var>& v) { return encoder.Forward(tape, v[0], {T, B, {}, {}}); };
  const Graph halves = [&](Tape& tape, const std::vector<Var>& v) {
    Segment first;
    const Var before = encoder.Forward(tape, Slice(tape, v[0], 0, 7), {7, B, {}, {}}, &first);
    Segment second(first.after());
    const Var after = encoder.Forward(tape, Slice(tape, v[0], 7, T), {T - 7, B, {}, {}}, &second);
    const size_t width = encoder.output_width();
    const Var flat = Concat(tape, Reshape(tape, before, {7 * B * width}), Reshape(tape, after, {(T - 7) * B * width}));
    return Reshape(tape, flat, {T, B, width});
  };
  ExpectNear(Differentiate(halves, {x}).grads[0], Differentiate(whole, {x}).grads[0]);
}

TEST(encoder, a_state_handed_on_before_the_end_is_that_of_the_steps_before_it) {
  Encoder encoder = Make({Stack("lstm", 4)});
  const Tensor x = Randoms({9, 3, 3}, 6);
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Sequence ragged{9, 3, {9, 2, 6}, {}};
  Segment early({}, 4), cut;
  const Var y = encoder.Forward(tape, tape.Constant(x), ragged, &early);
  encoder.Forward(tape, tape.Constant(x.Rows(0, 4)), {4, 3, {4, 2, 4}, {}}, &cut);
  ExpectEqual(tape.Value(early.after()[0]), tape.Value(cut.after()[0]));
  ExpectEqual(tape.Value(y), tape.Value(encoder.Forward(tape, tape.Constant(x), ragged)));
}

TEST(encoder, has_the_gradient_of_finite_differences_through_all_its_layers) {
  if (!kDouble) GTEST_SKIP() << "a step that suits float crosses the corners of rectifiers";
  Encoder encoder = Make({Stack("gru", 4, true), Convolutions(3), Stack("lstm", 4)});
  const Sequence ragged{9, 4, {9, 5, 0, 7}, {}};
  const Graph graph = [&](Tape& tape, const std::vector<Var>& v) { return encoder.Forward(tape, v[0], ragged); };
  std::vector<Tensor> inputs = {Randoms({9, 4, 3}, 7)};
  ExpectGradientsMatchDifferences(graph, inputs, 1e-8, 1e-5);
}

TEST(encoder, names_parameters_after_their_layers) {
  Encoder alone = Make({Stack("lstm", 4)});
  EXPECT_EQ(alone.parameters()[0]->name, "layer.0.W");
  Encoder chain = Make({Convolutions(4), Stack("lstm", 4)});
  EXPECT_EQ(chain.parameters().front()->name, "layer1.0.first.V");
  EXPECT_EQ(chain.parameters().back()->name.substr(0, 8), "layer2.0");
}

TEST(encoder, refuses_what_it_cannot_run) {
  EXPECT_THROW(Make({}), Error);
  EXPECT_THROW(Make({Conv1dOptions{.output = 4, .convolution = {.stride = 2}}}), Error);
  EXPECT_THROW(Make({Conv1dOptions{.output = 4, .convolution = {.padding = Padding::kNone}}}), Error);
  const Encoder both_ways = Make({Stack("lstm", 4, true)});
  EXPECT_THROW(EncoderStream stream(both_ways), Error);
  TransformerOptions of_everything = Attention(4);
  of_everything.window = 0;
  const Encoder without_window = Make({of_everything});
  EXPECT_THROW(EncoderStream stream(without_window), Error);
  Encoder encoder = Make({Stack("lstm", 4)});
  Threads threads(1);
  Tape tape(threads, Tape::Mode::kInference);
  const Var x = tape.Constant(Tensor({2, 1, 3}));
  const auto refused = [&](const std::vector<Var>& before) {
    Segment segment(before);
    EXPECT_THROW(encoder.Forward(tape, x, {2, 1, {}, {}}, &segment), Error);
  };
  const Var state = tape.Constant(Tensor({1, 8}));
  refused({x});
  refused({state, state});
  Encoder windowed = Make({Attention(4)}), unlimited = Make({of_everything});
  const Tensor inputs({1, 2 * 3 * 4}), counts({1, 1});
  Segment wrong_count({tape.Constant(inputs), tape.Constant(counts)}), whole;
  EXPECT_THROW(windowed.Forward(tape, x, {2, 1, {}, {}}, &wrong_count), Error);
  EXPECT_THROW(unlimited.Forward(tape, x, {2, 1, {}, {}}, &whole), Error);
}

}  // namespace encoder_test
}  // namespace eddy
