// Attention of every kind: gradients are finite differences; a query's output depends neither on threads, nor on the other
// queries, nor on what else is in the batch, nor on what lies beyond lengths.
#include "eddy/attention.h"

#include <string>

#include "eddy/error.h"
#include "laws/gradient.h"

namespace eddy {
namespace attention_test {

struct AttentionCase {
  std::string name;
  bool additive;
  AttentionOptions options;
};

std::vector<AttentionCase> Cases() {
  return {
      {"dot_product", false, {}},
      {"scaled_by_one", false, {1, 1}},
      {"two_heads", false, {2}},
      {"causal", false, {1, 0, true}},
      {"causal_heads_in_a_window", false, {2, 0.5, true, 3}},
      {"rotary", false, {1, 0, false, 0, Positions::kRotary}},
      {"causal_rotary_heads_in_a_window", false, {2, 0, true, 3, Positions::kRotary}},
      {"linear_bias", false, {2, 0, false, 0, Positions::kLinearBias}},
      {"causal_linear_bias_in_a_window", false, {2, 0, true, 3, Positions::kLinearBias}},
      {"additive", true, {}},
  };
}

constexpr size_t kKeys = 4, kValues = 6, kRows = 4;

Tensor RowOf(const Tensor& x, size_t row, size_t steps) {
  const size_t B = x.dim(1), D = x.dim(2);
  Tensor alone({steps, 1, D});
  for (size_t t = 0; t < steps; ++t) std::copy_n(x.data() + (t * B + row) * D, D, alone.data() + t * D);
  return alone;
}

class AttentionLaw : public testing::TestWithParam<AttentionCase> {
 protected:
  bool causal() const { return GetParam().options.causal; }
  // Queries, and memory of other lengths unless attention is causal.
  Sequence Queries() const { return {6, kRows, {6, 3, 0, 5}, {}}; }
  Sequence Memory() const { return causal() ? Queries() : Sequence{5, kRows, {2, 5, 4, 0}, {}}; }

  static std::vector<Tensor> Inputs(const Sequence& queries, const Sequence& memory) {
    return {Randoms({queries.steps, queries.rows, kKeys}, 1), Randoms({memory.steps, memory.rows, kKeys}, 2),
            Randoms({memory.steps, memory.rows, kValues}, 3), Randoms({kKeys}, 4)};
  }
  static Graph Of(const Sequence& queries, const Sequence& memory, Tensor* weights = nullptr) {
    return [=](Tape& tape, const std::vector<Var>& v) {
      if (GetParam().additive) return AdditiveAttention(tape, v[0], v[1], v[3], v[2], queries, memory, weights);
      return Attention(tape, v[0], v[1], v[2], GetParam().options, queries, memory, weights);
    };
  }
  static std::vector<Tensor> Used(std::vector<Tensor> inputs) {
    if (!GetParam().additive) inputs.pop_back();
    return inputs;
  }
  static Tensor Value(const std::vector<Tensor>& inputs, const Sequence& queries, const Sequence& memory) {
    Threads threads(2, Threads::Share::kAlways);
    Tape tape(threads, Tape::Mode::kInference);
    std::vector<Var> vars;
    for (const Tensor& input : inputs) vars.push_back(tape.Constant(input));
    return tape.Value(Of(queries, memory)(tape, vars));
  }
};
INSTANTIATE_TEST_SUITE_P(Every, AttentionLaw, testing::ValuesIn(Cases()), [](const auto& info) { return info.param.name; });

TEST_P(AttentionLaw, has_the_gradient_of_finite_differences) {
  ExpectGradientsMatchDifferences(Of(Queries(), Memory()), Used(Inputs(Queries(), Memory())));
}

TEST_P(AttentionLaw, gives_the_same_bits_for_any_number_of_threads) {
  const Sequence queries{33, 5, {33, 1, 20, 0, 32}, {}}, memory = causal() ? queries : Sequence{29, 5, {}, {}};
  ExpectSameForAnyThreads(Of(queries, memory), Used(Inputs(queries, memory)));
}

// More queries than are taken at a time, whose keys are of several such blocks.
TEST(attention, of_many_queries_has_the_gradient_of_finite_differences) {
  Sequence sequence{140, 1, {135}, std::vector<uint8_t>(140)};
  sequence.resets[30] = 1;
  for (size_t window : {0, 70}) {
    const AttentionOptions options{1, 0, true, window, Positions::kLinearBias};
    const Graph graph = [&](Tape& tape, const std::vector<Var>& v) {
      return Attention(tape, v[0], v[1], v[2], options, sequence, sequence);
    };
    ExpectGradientsMatchDifferences(graph, {Randoms({140, 1, 2}, 1), Randoms({140, 1, 2}, 2), Randoms({140, 1, 1}, 3)});
  }
}

TEST_P(AttentionLaw, a_row_is_what_it_is_alone_and_zeros) {
  const Sequence queries = Queries(), memory = Memory();
  const auto inputs = Inputs(queries, memory);
  const Tensor all = Value(inputs, queries, memory);
  for (size_t row = 0; row < kRows; ++row) {
    const size_t Tq = queries.Length(row), Tk = memory.Length(row);
    const Tensor alone = Value({RowOf(inputs[0], row, Tq), RowOf(inputs[1], row, Tk), RowOf(inputs[2], row, Tk), inputs[3]},
                               {Tq, 1, {}, {}}, {Tk, 1, {}, {}});
    ExpectSameBits(RowOf(all, row, Tq), alone);
    const Tensor whole = RowOf(all, row, queries.steps);
    for (size_t i = Tk == 0 ? 0 : Tq * kValues; i < whole.size(); ++i) EXPECT_EQ(whole[i], 0);
  }
}

TEST_P(AttentionLaw, a_query_is_what_it_is_without_those_after_it) {
  const Sequence six{6, 2, {}, {}}, memory = causal() ? six : Sequence{5, 2, {}, {}};
  const auto inputs = Inputs(six, memory);
  const Tensor all = Value(inputs, six, memory);
  for (size_t t = 1; t <= 6; ++t) {
    const Sequence first{t, 2, {}, {}}, seen = causal() ? first : memory;
    const Tensor some =
        Value({inputs[0].Rows(0, t), inputs[1].Rows(0, seen.steps), inputs[2].Rows(0, seen.steps), inputs[3]}, first, seen);
    ExpectSameBits(all.Rows(0, t), some);
  }
}

TEST_P(AttentionLaw, reads_nothing_beyond_lengths_and_takes_no_gradient_there) {
  const Sequence queries = Queries(), memory = Memory();
  const std::vector<Tensor> clean = Used(Inputs(queries, memory)), spoilt = Used(Inputs(queries, memory));
  for (size_t k = 0; k < 3; ++k) {
    const Sequence& sequence = k == 0 ? queries : memory;
    const size_t width = spoilt[k].dim(2);
    for (size_t i = 0; i < spoilt[k].size(); ++i) {
      if (i / width / kRows >= sequence.lengths[i / width % kRows]) spoilt[k][i] = std::nan("");
    }
  }
  const Gradients a = Differentiate(Of(queries, memory), clean), b = Differentiate(Of(queries, memory), spoilt);
  ExpectSameBits(a.value, b.value);
  for (size_t k = 0; k < clean.size(); ++k) ExpectSameBits(a.grads[k], b.grads[k]);
}

TEST_P(AttentionLaw, weights_what_is_seen_by_shares_of_one) {
  const Sequence queries = Queries(), memory = Memory();
  const size_t heads = GetParam().options.heads, window = GetParam().options.window;
  Tensor weights;
  Differentiate(Of(queries, memory, &weights), Used(Inputs(queries, memory)));
  ASSERT_EQ(weights.shape(), (Shape{kRows, heads, queries.steps, memory.steps}));
  for (size_t i = 0; i < weights.size(); i += memory.steps) {
    const size_t t = i / memory.steps % queries.steps, row = i / memory.steps / queries.steps / heads;
    double sum = 0;
    for (size_t s = 0; s < memory.steps; ++s) {
      const bool exists = t < queries.Length(row) && s < memory.Length(row);
      const bool seen = exists && (!causal() || (s <= t && (window == 0 || s + window > t)));
      EXPECT_EQ(weights[i + s] > 0, seen) << "row " << row << ", query " << t << ", step " << s;
      sum += weights[i + s];
    }
    EXPECT_NEAR(sum, t < queries.Length(row) && memory.Length(row) > 0 ? 1 : 0, 1e-6);
  }
}

TEST_P(AttentionLaw, is_finite_at_large_scores) {
  const Sequence queries{4, 2, {}, {}}, memory = causal() ? queries : Sequence{5, 2, {}, {}};
  auto inputs = Inputs(queries, memory);
  for (Tensor* x : {&inputs[0], &inputs[1]}) {
    for (Real& value : x->values()) value *= Real{1e15f};
  }
  const Gradients g = Differentiate(Of(queries, memory), Used(inputs));
  for (Real value : g.value.values()) EXPECT_TRUE(std::isfinite(value));
  for (const Tensor& grad : g.grads) {
    for (Real value : grad.values()) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(attention, a_reset_begins_a_new_sequence) {
  Sequence reset{7, 1, {}, std::vector<uint8_t>(7)};
  reset.resets[3] = 1;
  const AttentionOptions options{2, 0, true};
  const auto run = [&](const Tensor& q, const Tensor& k, const Tensor& v, const Sequence& s) {
    Threads threads;
    Tape tape(threads);
    return tape.Value(Attention(tape, tape.Constant(q), tape.Constant(k), tape.Constant(v), options, s, s));
  };
  const Tensor q = Randoms({7, 1, 4}, 1), k = Randoms({7, 1, 4}, 2), v = Randoms({7, 1, 6}, 3);
  const Tensor whole = run(q, k, v, reset);
  for (size_t begin : {0u, 3u}) {
    const size_t count = begin == 0 ? 3 : 4;
    const Tensor part = run(q.Rows(begin, count), k.Rows(begin, count), v.Rows(begin, count), {count, 1, {}, {}});
    for (size_t i = 0; i < part.size(); ++i) EXPECT_NEAR(whole[begin * 6 + i], part[i], 1e-6);
  }
}

TEST(attention, refuses_what_does_not_fit) {
  Threads threads;
  Tape tape(threads);
  const auto message = [&](const Shape& q, const Shape& k, const Shape& v, const AttentionOptions& options,
                           const Sequence& queries, const Sequence& memory) -> std::string {
    const auto zeros = [&](const Shape& shape) { return tape.Constant(Tensor(shape)); };
    try {
      Attention(tape, zeros(q), zeros(k), zeros(v), options, queries, memory);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const Sequence two{2, 3, {}, {}}, four{4, 3, {}, {}};
  const Shape q = {2, 3, 4}, k = {4, 3, 4}, v = {4, 3, 6};
  EXPECT_EQ(message(q, k, v, {}, two, four), "no error");
  EXPECT_EQ(message(q, {4, 3, 5}, v, {}, two, four), "attention: query must be as wide as key [4, 3, 5], but is [2, 3, 4]");
  EXPECT_EQ(message({3, 3, 4}, k, v, {}, two, four), "attention: query must be [2, 3, width], but is [3, 3, 4]");
  EXPECT_EQ(message(q, k, {5, 3, 6}, {}, two, four), "attention: value must be [4, 3, width], but is [5, 3, 6]");
  EXPECT_EQ(message(q, k, v, {3}, two, four),
            "attention: heads must be a divisor of the widths of keys and values, but is 3");
  EXPECT_EQ(message(q, k, v, {1, 0, true}, two, four),
            "attention: memory must be as long as queries, in causal attention, but is 4");
  EXPECT_EQ(message(q, k, v, {1, 0, false, 2}, two, four),
            "attention: window must be 0 unless attention is causal, but is above");
  EXPECT_EQ(message(q, k, v, {}, two, {4, 3, {5, 1, 1}, {}}), "attention: a length must be at most 4, but is 5");
  EXPECT_EQ(message(q, k, v, {}, {2, 3, {}, std::vector<uint8_t>(6)}, four),
            "attention: resets must be none unless attention is causal, but is given");
  EXPECT_EQ(message({2, 3, 3}, {4, 3, 3}, v, {1, 0, false, 0, Positions::kRotary}, two, four),
            "attention: width of a head's keys must be even with rotary positions, but is odd");
  EXPECT_EQ(message(q, {4, 2, 4}, {4, 2, 6}, {}, two, {4, 2, {}, {}}),
            "attention: memory must be of as many rows as queries, but is 2");
  EXPECT_NE(message(q, k, v, {0}, two, four), "no error");
  EXPECT_NE(message(q, k, v, {1, std::nan("")}, two, four), "no error");
  EXPECT_THROW(AdditiveAttention(tape, tape.Constant(Tensor(q)), tape.Constant(Tensor(k)), tape.Constant(Tensor({5})),
                                 tape.Constant(Tensor(v)), two, four),
               Error);
}

}  // namespace attention_test
}  // namespace eddy
