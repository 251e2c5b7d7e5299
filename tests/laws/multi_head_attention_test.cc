// Multi-head attention: rows do not depend on their batch, stepping equals running the whole sequence, threads change
// nothing.
#include "eddy/multi_head_attention.h"

#include <cstring>
#include <string>

#include "eddy/error.h"
#include "laws/gradient.h"

namespace eddy {
namespace multi_head_attention_test {

MultiHeadAttention MakeLayer(const MultiHeadAttentionOptions& options) {
  Random random(1);
  MultiHeadAttention layer(options, "attention", random);
  uint64_t seed = 20;
  for (Parameter* parameter : layer.parameters()) {  // away from where it starts, such as 0
    const Tensor noise = Randoms(parameter->value.shape(), seed++, 0.2);
    for (size_t i = 0; i < noise.size(); ++i) parameter->value[i] += noise[i];
  }
  return layer;
}

Tensor Whole(MultiHeadAttention& layer, const Tensor& x, const Sequence& sequence,
             Precision precision = Precision::kFloat32) {
  Threads threads(2, Threads::Share::kAlways);
  Tape tape(threads, Tape::Mode::kInference, 0, precision);
  return tape.Value(layer.Forward(tape, tape.Constant(x), sequence));
}

struct StreamCase {
  std::string name;
  AttentionOptions options;
  size_t hidden, steps;
};

class AttentionStreamLaw : public testing::TestWithParam<StreamCase> {};
INSTANTIATE_TEST_SUITE_P(
    Every, AttentionStreamLaw,
    testing::Values(StreamCase{"all_steps", {1, 0, true}, 8, 300}, StreamCase{"heads", {3, 0, true}, 15, 300},
                    StreamCase{"wide_heads", {2, 0, true}, 190, 150}, StreamCase{"a_window_of_one", {2, 0, true, 1}, 8, 300},
                    StreamCase{"a_window", {2, 0.3, true, 9}, 8, 300},
                    StreamCase{"a_window_of_blocks", {2, 0, true, 130}, 8, 600},
                    StreamCase{"rotary", {2, 0, true, 0, Positions::kRotary}, 20, 300},
                    StreamCase{"rotary_in_a_window", {1, 0, true, 9, Positions::kRotary}, 8, 300},
                    StreamCase{"linear_bias", {3, 0, true, 0, Positions::kLinearBias}, 15, 300},
                    StreamCase{"linear_bias_in_a_window", {2, 0, true, 70, Positions::kLinearBias}, 8, 300}),
    [](const auto& info) { return info.param.name; });

TEST_P(AttentionStreamLaw, stepping_equals_running_the_whole_sequence) {
  const size_t T = GetParam().steps, B = 2, D = 6;
  MultiHeadAttention layer = MakeLayer({D, D, GetParam().hidden, GetParam().options});
  const Tensor x = Randoms({T, B, D}, 3);
  for (Precision precision : {Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
    SCOPED_TRACE(PrecisionName(precision));
    const Tensor whole = Whole(layer, x, {T, B, {}, {}}, precision);
    AttentionStream stream(layer, GetParam().options.window > 0 ? 0 : T, B, precision);
    std::vector<Real> halfway;
    const auto step = [&](size_t t) {
      const auto y = stream.Step(x.data() + t * B * D);
      ASSERT_EQ(y.size(), B * D);
      ASSERT_EQ(std::memcmp(y.data(), whole.data() + t * B * D, B * D * sizeof(Real)), 0) << "step " << t;
    };
    for (size_t t = 0; t < T; ++t) {
      if (t == 101) halfway.assign(stream.state().begin(), stream.state().end());
      step(t);
    }
    std::copy(halfway.begin(), halfway.end(), stream.state().begin());
    for (size_t t = 101; t < T; ++t) step(t);
    stream.Reset();
    for (size_t t = 0; t < 20; ++t) step(t);
  }
}

TEST(attention_stream, stops_when_its_steps_have_been_run) {
  MultiHeadAttention layer = MakeLayer({4, 0, 0, {2, 0, true}});
  AttentionStream stream(layer, 3);
  const Tensor x = Randoms({4}, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(stream.Step(x.data()).size(), 4u);
  EXPECT_TRUE(stream.Step(x.data()).empty());
  stream.Reset();
  EXPECT_EQ(stream.Step(x.data()).size(), 4u);
}

TEST(attention_stream, reads_a_state_that_makes_no_sense_within_bounds) {
  for (size_t window : {0, 5}) {
    MultiHeadAttention layer = MakeLayer({4, 0, 0, {2, 0, true, window}});
    const Tensor x = Randoms({4}, 1);
    for (Real place : {Real{-1}, Real{63}, Real{1e30f}, static_cast<Real>(std::nan(""))}) {
      for (Real kept : {Real{2}, Real{4}, Real{1e30f}, static_cast<Real>(std::nan(""))}) {
        AttentionStream stream(layer, window == 0 ? 6 : 0);
        stream.state()[0] = place;
        stream.state()[1] = kept;
        EXPECT_EQ(stream.Step(x.data()).size(), 4u);
      }
    }
  }
}

TEST(attention_stream, refuses_what_cannot_be_streamed) {
  const auto make = [](const MultiHeadAttentionOptions& options, size_t steps, size_t rows) {
    AttentionStream(MakeLayer(options), steps, rows);
  };
  make({4, 0, 0, {1, 0, true}}, 9, 1);
  EXPECT_THROW(make({4, 0, 0, {}}, 9, 1), Error);
  EXPECT_THROW(make({4, 3, 0, {1, 0, true}}, 9, 1), Error);
  EXPECT_THROW(make({4, 0, 0, {1, 0, true}}, 0, 1), Error);
  EXPECT_THROW(make({4, 0, 0, {1, 0, true}}, 9, 0), Error);
  EXPECT_THROW(make({4, 0, 0, {1, 0, true, 2}}, 9, 1), Error);
}

// The angles of steps so far apart that a float cannot count them.
TEST(attention_stream, tells_distances_after_more_steps_than_a_float_counts) {
  MultiHeadAttention layer = MakeLayer({4, 0, 0, {2, 0, true, 3, Positions::kRotary}});
  const Tensor x = Randoms({9, 4}, 1);
  AttentionStream early(layer, 0), late(layer, 0);
  late.state()[2] = static_cast<Real>((1 << 24) - 4);
  for (size_t t = 0; t < 9; ++t) {
    const auto a = early.Step(x.data() + t * 4), b = late.Step(x.data() + t * 4);
    for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(a[i], b[i], 1e-5);
  }
  EXPECT_EQ(late.state()[2], 5);
  EXPECT_EQ(late.state()[3], 1);
}

TEST(multi_head_attention, has_the_gradient_of_finite_differences) {
  const Sequence queries{3, 2, {3, 2}, {}}, memory{4, 2, {2, 4}, {}};
  MultiHeadAttention layer = MakeLayer({3, 5, 4, {2}});
  const Graph graph = [&](Tape& tape, const std::vector<Var>& v) {
    return layer.Forward(tape, v[0], v[1], queries, memory);
  };
  ExpectGradientsMatchDifferences(graph, {Randoms({3, 2, 3}, 1), Randoms({4, 2, 5}, 2)});
}

TEST(multi_head_attention, of_a_ragged_batch_is_that_of_each_sequence_alone_for_any_number_of_threads) {
  const Sequence ragged{7, 3, {7, 2, 5}, {}};
  MultiHeadAttention layer = MakeLayer({6, 0, 0, {3}});
  const Tensor x = Randoms({7, 3, 6}, 1);
  ExpectSameForAnyThreads([&](Tape& tape, const std::vector<Var>& v) { return layer.Forward(tape, v[0], ragged); }, {x});
  const Tensor all = Whole(layer, x, ragged);
  for (size_t row = 0; row < 3; ++row) {
    const size_t length = ragged.lengths[row];
    Tensor alone({length, 1, 6});
    for (size_t t = 0; t < length; ++t) std::copy_n(x.data() + (t * 3 + row) * 6, 6, alone.data() + t * 6);
    const Tensor y = Whole(layer, alone, {length, 1, {}, {}});
    for (size_t t = 0; t < 7; ++t) {
      for (size_t d = 0; d < 6; ++d) EXPECT_EQ(all[(t * 3 + row) * 6 + d], t < length ? y[t * 6 + d] : 0);
    }
  }
}

TEST(multi_head_attention, refuses_options_out_of_range) {
  EXPECT_THROW(MakeLayer({}), Error);
  EXPECT_THROW(MakeLayer({4, 0, 0, {0}}), Error);
  EXPECT_THROW(MakeLayer({4, 0, 6, {4}}), Error);
  EXPECT_THROW(MakeLayer({4, 0, 6, {2, 0, false, 0, Positions::kRotary}}), Error);
}

}  // namespace multi_head_attention_test
}  // namespace eddy
