// Convolution over every padding, dilation, stride and number of groups: gradients are finite differences, bits do not
// depend on threads or on what else is in the batch, a reset begins a new sequence.
#include "eddy/convolution.h"

#include <string>

#include "eddy/error.h"
#include "laws/gradient.h"

namespace eddy {
namespace convolution_test {

struct ConvolutionCase {
  std::string name;
  size_t kernel;
  ConvolutionOptions options;
};

std::vector<ConvolutionCase> Cases() {
  return {
      {"one_tap", 1, {}},
      {"causal", 3, {}},
      {"causal_dilated", 3, {2, 1, 1, Padding::kCausal}},
      {"causal_strided", 4, {1, 3, 1, Padding::kCausal}},
      {"causal_grouped", 2, {1, 1, 2, Padding::kCausal}},
      {"causal_of_everything", 3, {2, 2, 2, Padding::kCausal}},
      {"longer_than_the_sequence", 7, {3, 1, 1, Padding::kCausal}},
      {"causal_of_each_channel", 3, {1, 1, 6, Padding::kCausal}},
      {"same_of_each_channel", 4, {2, 2, 6, Padding::kSame}},
      {"same", 3, {1, 1, 1, Padding::kSame}},
      {"same_of_an_even_kernel", 4, {1, 1, 1, Padding::kSame}},
      {"same_of_everything", 2, {3, 2, 2, Padding::kSame}},
      {"unpadded", 3, {1, 1, 1, Padding::kNone}},
      {"unpadded_of_everything", 3, {2, 3, 2, Padding::kNone}},
  };
}

constexpr size_t kOutputs = 6;

Sequence Ragged() { return {9, 5, {9, 4, 0, 1, 6}, {}}; }

Tensor RowOf(const Tensor& x, size_t row, size_t steps) {
  const size_t B = x.dim(1), D = x.dim(2);
  Tensor alone({steps, 1, D});
  for (size_t t = 0; t < steps; ++t) std::copy_n(x.data() + (t * B + row) * D, D, alone.data() + t * D);
  return alone;
}

class ConvolutionLaw : public testing::TestWithParam<ConvolutionCase> {
 protected:
  const ConvolutionOptions options = GetParam().options;
  const size_t inputs = options.groups == kOutputs ? kOutputs : 4;
  const Tensor weight = Randoms({kOutputs, GetParam().kernel, inputs / options.groups}, 2, 0.5),
               bias = Randoms({kOutputs}, 3);

  Graph Of(const Sequence& sequence) const {
    return
        [=, this](Tape& tape, const std::vector<Var>& v) { return Convolution(tape, v[0], v[1], v[2], options, sequence); };
  }
  Tensor Run(const Tensor& x, const Sequence& sequence, Precision precision = Precision::kFloat32) const {
    Threads threads(2, Threads::Share::kAlways);
    Tape tape(threads, Tape::Mode::kInference, 0, precision);
    const auto constant = [&](const Tensor& value) { return tape.Constant(value); };
    return tape.Value(Convolution(tape, constant(x), constant(weight), constant(bias), options, sequence));
  }
};
INSTANTIATE_TEST_SUITE_P(Every, ConvolutionLaw, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ConvolutionLaw, has_the_gradient_of_finite_differences) {
  for (const Sequence& sequence : {Sequence{9, 2, {}, {}}, Ragged()}) {
    ExpectGradientsMatchDifferences(Of(sequence), {Randoms({9, sequence.rows, inputs}, 1), weight, bias});
  }
}

TEST_P(ConvolutionLaw, gives_the_same_bits_for_any_number_of_threads) {
  const Sequence sequence{60, 7, {60, 3, 59, 0, 31, 60, 8}, {}};
  ExpectSameForAnyThreads(Of(sequence), {Randoms({60, 7, inputs}, 1), weight, bias});
}

TEST_P(ConvolutionLaw, of_a_ragged_batch_is_that_of_each_sequence_alone_and_zeros) {
  const Sequence ragged = Ragged();
  const Tensor x = Randoms({9, 5, inputs}, 1);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    const Tensor all = Run(x, ragged, precision);
    const Sequence outputs = Convolved(ragged, GetParam().kernel, options);
    ASSERT_EQ(all.shape(), (Shape{outputs.steps, 5, kOutputs}));
    for (size_t row = 0; row < ragged.rows; ++row) {
      const Tensor alone = Run(RowOf(x, row, ragged.lengths[row]), {ragged.lengths[row], 1, {}, {}}, precision);
      ASSERT_EQ(alone.dim(0), outputs.lengths[row]);
      ExpectSameBits(RowOf(all, row, outputs.lengths[row]), alone);
      for (size_t t = outputs.lengths[row]; t < outputs.steps; ++t) {
        for (size_t n = 0; n < kOutputs; ++n) EXPECT_EQ(all[(t * 5 + row) * kOutputs + n], 0);
      }
    }
  }
}

TEST_P(ConvolutionLaw, reads_nothing_beyond_a_sequence_and_takes_no_gradient_there) {
  const Sequence ragged = Ragged();
  const Tensor x = Randoms({9, 5, inputs}, 1), spoilt = x.Clone();
  for (size_t i = 0; i < spoilt.size(); ++i) {
    if (i / inputs / 5 >= ragged.lengths[i / inputs % 5]) spoilt[i] = std::nan("");
  }
  const Gradients clean = Differentiate(Of(ragged), {x, weight, bias}),
                  other = Differentiate(Of(ragged), {spoilt, weight, bias});
  ExpectSameBits(clean.value, other.value);
  for (size_t k = 0; k < 3; ++k) ExpectSameBits(clean.grads[k], other.grads[k]);
}

TEST_P(ConvolutionLaw, a_reset_begins_a_new_sequence) {
  if (options.padding != Padding::kCausal || options.stride != 1) return;
  Sequence reset{9, 2, {}, std::vector<uint8_t>(18)};
  reset.resets[4 * 2] = reset.resets[6 * 2] = 1;  // of row 0
  const Tensor x = Randoms({9, 2, inputs}, 1), all = Run(x, reset);
  const Tensor row = RowOf(x, 0, 9), y = RowOf(all, 0, 9);
  ExpectSameBits(y.Rows(0, 4), Run(row.Rows(0, 4), {4, 1, {}, {}}));
  ExpectSameBits(y.Rows(4, 2), Run(row.Rows(4, 2), {2, 1, {}, {}}));
  ExpectSameBits(y.Rows(6, 3), Run(row.Rows(6, 3), {3, 1, {}, {}}));
  ExpectSameBits(RowOf(all, 1, 9), Run(RowOf(x, 1, 9), {9, 1, {}, {}}));
  ExpectGradientsMatchDifferences(Of(reset), {x, weight, bias});
}

TEST(convolution, refuses_what_does_not_fit) {
  Threads threads;
  Tape tape(threads);
  const auto message = [&](const Shape& x, const Shape& weight, const ConvolutionOptions& options,
                           const Sequence& sequence) {
    try {
      Convolution(tape, tape.Constant(Tensor(x)), tape.Constant(Tensor(weight)), {}, options, sequence);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const Sequence plain{3, 2, {}, {}};
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 4}, {}, plain), "no error");
  EXPECT_EQ(message({2, 2, 4}, {6, 2, 4}, {}, plain), "convolution: x must be [3, 2, D], but is [2, 2, 4]");
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 3}, {}, plain),
            "convolution: weight must be [N, K, D / groups] with D = 4 and groups = 1 dividing N and D, but is [6, 2, 3]");
  EXPECT_EQ(message({3, 2, 4}, {6, 0, 4}, {}, plain), "convolution: kernel must be between 1 and 2^20, but is 0");
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 4}, {0}, plain), "convolution: dilation must be between 1 and 2^20, but is 0");
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 4}, {1, 0}, plain), "convolution: stride must be between 1 and 2^20, but is 0");
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 4}, {}, {3, 2, {3, 4}, {}}), "convolution: a length must be at most 3, but is 4");
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 4}, {}, {3, 2, {3}, {}}), "convolution: lengths must be one a row (2), but is 1");
  const Sequence resets{3, 2, {}, std::vector<uint8_t>(6)};
  EXPECT_EQ(message({3, 2, 4}, {6, 2, 4}, {1, 2}, resets),
            "convolution: padding and stride must be causal and 1 where there are resets, but is other");
  for (size_t groups : {0, 3, 4}) EXPECT_NE(message({3, 2, 4}, {6, 2, 1}, {1, 1, groups}, plain), "no error");
}

TEST(within_lengths, keeps_what_exists_and_its_gradient) {
  const Sequence ragged = Ragged();
  const Graph graph = [&](Tape& tape, const std::vector<Var>& v) { return WithinLengths(tape, v[0], ragged); };
  const Tensor x = Randoms({9, 5, 3}, 1);
  const Gradients g = Differentiate(graph, {x});
  for (size_t i = 0; i < x.size(); ++i) {
    const bool exists = i / 3 / 5 < ragged.lengths[i / 3 % 5];
    EXPECT_EQ(g.value[i], exists ? x[i] : Real{0});
    EXPECT_EQ(g.grads[0][i] != 0, exists);
  }
}

TEST(taps, have_the_gradient_of_finite_differences_and_the_same_bits_for_any_number_of_threads) {
  Sequence sequence{6, 3, {6, 0, 4}, std::vector<uint8_t>(18)};
  sequence.resets[3 * 3 + 2] = 1;
  const Graph graph = [&](Tape& tape, const std::vector<Var>& v) { return Taps(tape, v[0], 3, sequence); };
  ExpectGradientsMatchDifferences(graph, {Randoms({6, 3, 4}, 1)});
  const Sequence large{40, 20, {}, {}};
  ExpectSameForAnyThreads([&](Tape& tape, const std::vector<Var>& v) { return Taps(tape, v[0], 3, large); },
                          {Randoms({40, 20, 37}, 1)});
}

TEST(taps, times_weights_are_a_convolution) {
  Sequence sequence{7, 2, {7, 5}, std::vector<uint8_t>(14)};
  sequence.resets[4 * 2] = 1;
  const Tensor x = Randoms({7, 2, 3}, 1), weight = Randoms({5, 4, 3}, 2);
  Threads threads;
  Tape tape(threads);
  const Var v = tape.Constant(x);
  const Tensor convolved = tape.Value(Convolution(tape, v, tape.Constant(weight), {}, {}, sequence));
  const Tensor multiplied = tape.Value(Linear(tape, Taps(tape, v, 4, sequence), tape.Constant(weight.Reshape({5, 12}))));
  ExpectSameBits(convolved, multiplied);
  EXPECT_THROW(Taps(tape, tape.Constant(Tensor({7, 3})), 4, sequence), Error);
  EXPECT_THROW(Taps(tape, v, 0, sequence), Error);
}

}  // namespace convolution_test
}  // namespace eddy
