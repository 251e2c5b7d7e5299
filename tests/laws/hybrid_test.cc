// The laws of recurrent layers, for layers made of several kinds: gradients, threads, ragged batches, streaming.
#include <algorithm>
#include <cstring>
#include <string>

#include "eddy/attentive_recurrent.h"
#include "eddy/error.h"
#include "eddy/griffin.h"
#include "eddy/recurrent_blocks.h"
#include "eddy/transformer.h"
#include "eddy/windowed_recurrent.h"
#include "laws/gradient.h"

namespace eddy {
namespace hybrid_test {

constexpr size_t kInputs = 6;

struct AnyStream {
  std::function<std::span<const Real>(const Real*)> step;
  std::function<std::span<Real>()> state;
  std::function<void()> reset;
};

struct AnyLayer {
  std::function<Var(Tape&, Var, const Sequence&)> forward;
  std::function<std::vector<Parameter*>()> parameters;
  std::function<AnyStream(size_t steps, size_t rows, Precision)> stream;
};

template <class Stream>
AnyStream EraseStream(Stream made) {
  const auto stream = std::make_shared<Stream>(std::move(made));
  return {[=](const Real* x) { return stream->Step(x); }, [=] { return stream->state(); }, [=] { stream->Reset(); }};
}

template <class Layer, class Options, class MakeStream>
AnyLayer Erase(const Options& options, const MakeStream& make_stream) {
  Random random(1);
  const auto layer = std::make_shared<Layer>(options, "layer", random);
  return {[=](Tape& tape, Var x, const Sequence& sequence) { return layer->Forward(tape, x, sequence); },
          [=] { return layer->parameters(); },
          [=](size_t steps, size_t rows, Precision precision) {
            return EraseStream(make_stream(*layer, steps, rows, precision));
          }};
}

struct HybridCase {
  std::string name;
  std::function<AnyLayer()> make;
  bool bounded = false;  // whether a stream must be told how many steps it will run
  bool causal = true;
};

void PrintTo(const HybridCase& c, std::ostream* out) { *out << c.name; }

template <class Stack, class Options>
std::function<AnyLayer()> StackOf(const Options& options) {
  return [=] {
    return Erase<Stack>(options, [](const Stack& stack, size_t steps, size_t rows, Precision precision) {
      return ResidualStream(stack, steps, rows, precision);
    });
  };
}

HybridCase TransformerCase(const std::string& name, const TransformerOptions& options) {
  return {name, StackOf<Transformer>(options), options.window == 0, options.causal};
}

HybridCase RecurrentBlocksCase(const std::string& cell) {
  RecurrentBlocksOptions options{.input = kInputs, .hidden = 8, .cell = cell, .groups = 2, .kernel = 3};
  return {"blocks_of_" + cell, StackOf<RecurrentBlocks>(options)};
}

RecurrentOptions Cell(const std::string& cell) {
  RecurrentOptions options;
  options.cell = cell;
  options.input = kInputs;
  options.hidden = 8;
  return options;
}

HybridCase WindowedCase(const std::string& name, const RecurrentOptions& recurrent, size_t kernel) {
  const auto stream = [](const WindowedRecurrent& layer, size_t, size_t rows, Precision precision) {
    return WindowedRecurrentStream(layer, rows, precision);
  };
  const WindowedRecurrentOptions options{recurrent, kernel};
  return {name, [=] { return Erase<WindowedRecurrent>(options, stream); }};
}

HybridCase AttentiveCase(const std::string& name, const StackOptions& stack, const AttentionOptions& attention) {
  const auto stream = [](const AttentiveRecurrent& layer, size_t steps, size_t rows, Precision precision) {
    return AttentiveRecurrentStream(layer, steps, rows, precision);
  };
  const AttentiveRecurrentOptions options{stack, attention};
  return {name, [=] { return Erase<AttentiveRecurrent>(options, stream); }, attention.window == 0, attention.causal};
}

std::vector<HybridCase> Cases() {
  const TransformerOptions plain{.input = kInputs, .hidden = 8, .heads = 2};
  TransformerOptions windowed = plain, older = plain, dropout = plain, encoder = plain;
  windowed.blocks = 2, windowed.window = 3;
  older.norm = Normalization::kLayer, older.feed_forward = FeedForwardKind::kGelu, older.positions = Positions::kLinearBias;
  older.input = older.hidden = kInputs, older.heads = 3;
  dropout.dropout = 0.3, dropout.feed_forward = FeedForwardKind::kGeGlu, dropout.feed_forward_width = 5;
  encoder.causal = false;
  const GriffinOptions griffin{.input = kInputs, .hidden = 8, .heads = 2, .window = 5};
  const GriffinOptions griffin_dropout{.input = kInputs, .hidden = 8, .blocks = 1, .kernel = 2, .dropout = 0.3};
  RecurrentOptions zoneout = Cell("qrnn"), learned_state = Cell("lstm");
  zoneout.zoneout = 0.3;
  learned_state.learned_state = true;
  return {TransformerCase("transformer", plain),
          TransformerCase("transformer_in_a_window", windowed),
          TransformerCase("transformer_of_layer_norms_and_gelu", older),
          TransformerCase("transformer_with_dropout", dropout),
          TransformerCase("transformer_that_looks_ahead", encoder),
          {"griffin", StackOf<Griffin>(griffin)},
          {"griffin_with_dropout", StackOf<Griffin>(griffin_dropout)},
          RecurrentBlocksCase("lstm"),
          RecurrentBlocksCase("gru_reset_before"),
          RecurrentBlocksCase("min_gru"),
          WindowedCase("qrnn", Cell("qrnn"), 2),
          WindowedCase("qrnn_with_zoneout", zoneout, 3),
          WindowedCase("windowed_lstm", learned_state, 4),
          WindowedCase("a_window_of_one", Cell("gru"), 1),
          AttentiveCase("attentive_lstm", {Cell("lstm"), 2}, {2, 0, true}),
          AttentiveCase("attentive_gru_in_a_window", {Cell("gru")}, {1, 0, true, 5, Positions::kRotary}),
          AttentiveCase("attentive_lstm_that_looks_ahead", {Cell("lstm"), 1, true}, {4})};
}

Tensor RowOf(const Tensor& x, size_t row, size_t begin, size_t end) {
  const size_t B = x.dim(1), D = x.dim(2);
  Tensor alone({end - begin, 1, D});
  for (size_t t = begin; t < end; ++t) std::copy_n(x.data() + (t * B + row) * D, D, alone.data() + (t - begin) * D);
  return alone;
}

Sequence Ragged() { return {7, 4, {7, 3, 0, 5}, {}}; }
Tensor X(const Sequence& s) { return Randoms({s.steps, s.rows, kInputs}, 5); }

class HybridLaw : public testing::TestWithParam<HybridCase> {
 protected:
  HybridLaw() {
    uint64_t seed = 20;
    for (Parameter* parameter : layer.parameters()) {  // away from where it starts, such as 0
      const Tensor noise = Randoms(parameter->value.shape(), seed++, 0.2);
      for (size_t i = 0; i < noise.size(); ++i) parameter->value[i] += noise[i];
    }
  }
  Graph Of(const Sequence& sequence) {
    return [=, this](Tape& tape, const std::vector<Var>& v) { return layer.forward(tape, v[0], sequence); };
  }
  Tensor Infer(const Tensor& x, const Sequence& sequence, Precision precision = Precision::kFloat32) {
    Threads threads(2, Threads::Share::kAlways);
    Tape tape(threads, Tape::Mode::kInference, 0, precision);
    return tape.Value(layer.forward(tape, tape.Constant(x), sequence));
  }
  void ZeroGradients() {
    for (Parameter* parameter : layer.parameters()) parameter->grad = Tensor(parameter->value.shape());
  }

  const AnyLayer layer = GetParam().make();
};
INSTANTIATE_TEST_SUITE_P(Every, HybridLaw, testing::ValuesIn(Cases()), [](const auto& info) { return info.param.name; });

TEST_P(HybridLaw, has_the_gradient_of_finite_differences) {
  if (!kDouble) GTEST_SKIP() << "a step that suits float is too long for norms of a few channels";
  const Graph graph = Of(Ragged());
  std::vector<Tensor> inputs = {X(Ragged())};
  ExpectGradientsMatchDifferences(graph, inputs, 1e-8, 1e-4);

  ZeroGradients();
  Differentiate(graph, inputs);
  for (Parameter* parameter : layer.parameters()) {
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

TEST_P(HybridLaw, gives_the_same_outputs_and_gradients_for_any_number_of_threads) {
  const Sequence sequence{40, 5, {40, 3, 17, 0, 39}, {}};
  const Tensor x = X(sequence);
  const auto gradients = [&](int threads) {
    ZeroGradients();
    const Gradients run = Differentiate(Of(sequence), {x}, threads);
    std::vector<Tensor> all = {run.value, run.grads[0]};
    for (Parameter* parameter : layer.parameters()) all.push_back(parameter->grad);
    return all;
  };
  const std::vector<Tensor> one = gradients(1);
  for (int threads : {2, 3, 7}) {
    const std::vector<Tensor> many = gradients(threads);
    for (size_t i = 0; i < one.size(); ++i) ExpectSameBits(one[i], many[i]);
  }
}

TEST_P(HybridLaw, a_ragged_batch_equals_each_sequence_alone_and_zeros) {
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

TEST_P(HybridLaw, a_reset_in_the_middle_equals_two_sequences) {
  if (!GetParam().causal) return;
  Sequence sequence{9, 1, {}, std::vector<uint8_t>(9)};
  sequence.resets[4] = 1;
  const Tensor x = X(sequence), both = Infer(x, sequence);
  ExpectSameBits(both.Rows(0, 4), Infer(x.Rows(0, 4), {4, 1, {}, {}}));
  ExpectSameBits(both.Rows(4, 5), Infer(x.Rows(4, 5), {5, 1, {}, {}}));
}

TEST_P(HybridLaw, stepping_equals_running_the_whole_sequence) {
  if (!GetParam().causal) {
    EXPECT_THROW(layer.stream(9, 1, Precision::kFloat32), Error);
    return;
  }
  const size_t T = 29, B = 3;
  const Sequence sequence{T, B, {}, {}};
  const Tensor x = X(sequence);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    const Tensor whole = Infer(x, sequence, precision);
    const size_t H = whole.dim(2);
    const AnyStream stream = layer.stream(GetParam().bounded ? T : 0, B, precision);
    std::vector<Real> halfway;
    const auto step = [&](size_t t) {
      const auto y = stream.step(x.data() + t * B * kInputs);
      ASSERT_EQ(y.size(), B * H);
      ASSERT_EQ(std::memcmp(y.data(), whole.data() + t * B * H, B * H * sizeof(Real)), 0) << "step " << t;
    };
    for (size_t t = 0; t < T; ++t) {
      if (t == 11) halfway.assign(stream.state().begin(), stream.state().end());
      step(t);
    }
    std::copy(halfway.begin(), halfway.end(), stream.state().begin());
    for (size_t t = 11; t < T; ++t) step(t);
    EXPECT_EQ(stream.step(x.data()).empty(), GetParam().bounded);
    stream.reset();
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

TEST(hybrids, refuse_options_out_of_range) {
  Random random(1);
  const auto griffin = [&](const GriffinOptions& options) { Griffin(options, "griffin", random); };
  const auto blocks = [&](const RecurrentBlocksOptions& options) { RecurrentBlocks(options, "blocks", random); };
  griffin({.input = 3, .hidden = 4});
  EXPECT_THROW(griffin({.input = 3, .hidden = 4, .blocks = 0}), Error);
  EXPECT_THROW(griffin({.input = 3, .hidden = 4, .window = 0}), Error);
  EXPECT_THROW(griffin({.input = 3, .hidden = 4, .kernel = 0}), Error);
  EXPECT_THROW(griffin({.input = 3, .hidden = 6, .heads = 2}), Error);
  blocks({.input = 3, .hidden = 4});
  EXPECT_THROW(blocks({.input = 3, .hidden = 4, .blocks = 0}), Error);
  EXPECT_THROW(blocks({.input = 3, .hidden = 4, .cell = "lstn"}), Error);
  EXPECT_THROW(blocks({.input = 3, .hidden = 4, .groups = 3}), Error);
  EXPECT_THROW(blocks({.input = 3, .hidden = 0}), Error);
  RecurrentOptions reversed = Cell("qrnn");
  reversed.reverse = true;
  EXPECT_THROW(WindowedRecurrent({Cell("qrnn"), 0}, "windowed", random), Error);
  EXPECT_THROW(WindowedRecurrent({reversed, 2}, "windowed", random), Error);
  const StackOptions two_ways{Cell("lstm"), 1, true};
  EXPECT_THROW(AttentiveRecurrent({{Cell("lstm")}, {3}}, "attentive", random), Error);
  const AttentiveRecurrent ahead({two_ways, {2, 0, true}}, "attentive", random);
  EXPECT_THROW(AttentiveRecurrentStream(ahead, 9), Error);
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

}  // namespace hybrid_test
}  // namespace eddy
