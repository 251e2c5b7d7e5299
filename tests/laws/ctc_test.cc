// Connectionist temporal classification against all alignments there are: loss, gradient, decoding; at extreme and at
// impossible inputs.
#include "eddy/ctc.h"

#include <limits>
#include <map>
#include <set>
#include <string>

#include "eddy/error.h"
#include "laws/gradient.h"

namespace eddy {
namespace ctc_test {

using Labels = std::vector<int32_t>;

// The labels that an alignment spells.
Labels Spelt(const Labels& alignment, int32_t blank) {
  Labels labels;
  for (size_t t = 0; t < alignment.size(); ++t) {
    if (alignment[t] != blank && (t == 0 || alignment[t] != alignment[t - 1])) labels.push_back(alignment[t]);
  }
  return labels;
}

// p(labels) of every sequence of labels that a row of logits [T, 1, V] can spell, by enumeration.
std::map<Labels, double> Enumerate(const Tensor& logits, int32_t blank) {
  const size_t T = logits.dim(0), V = logits.dim(2);
  std::map<Labels, double> probabilities;
  size_t count = 1;
  for (size_t t = 0; t < T; ++t) count *= V;
  for (size_t code = 0; code < count; ++code) {
    Labels alignment;
    double p = 1;
    for (size_t t = 0, rest = code; t < T; ++t, rest /= V) {
      double sum = 0;
      for (size_t v = 0; v < V; ++v) sum += std::exp(static_cast<double>(logits[t * V + v]));
      alignment.push_back(static_cast<int32_t>(rest % V));
      p *= std::exp(static_cast<double>(logits[t * V + rest % V])) / sum;
    }
    probabilities[Spelt(alignment, blank)] += p;
  }
  return probabilities;
}

Graph LossOf(const std::vector<Labels>& targets, const Sequence& sequence, int32_t blank = 0) {
  return [=](Tape& tape, const std::vector<Var>& v) { return CtcLoss(tape, v[0], targets, sequence, blank); };
}

std::string MessageOf(const Shape& logits, const std::vector<Labels>& targets, const Sequence& sequence, int32_t blank = 0) {
  Threads threads;
  Tape tape(threads);
  try {
    CtcLoss(tape, tape.Constant(Tensor(logits)), targets, sequence, blank);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ctc_loss, is_the_logarithm_of_the_sum_over_all_alignments) {
  for (int32_t blank : {0, 2}) {
    for (size_t T : {1, 2, 4, 5}) {
      const Tensor logits = Randoms({T, 1, 3}, T);
      for (const auto& [labels, p] : Enumerate(logits, blank)) {
        const double loss = Differentiate(LossOf({labels}, {T, 1, {}, {}}, blank), {logits}).value[0];
        EXPECT_NEAR(loss, -std::log(p), (kDouble ? 1e-12 : 1e-5) * (1 - std::log(p)));
      }
    }
  }
}

TEST(ctc_loss, has_the_gradient_of_finite_differences) {
  const Sequence ragged{7, 5, {7, 3, 5, 0, 4}, {}};
  const Graph graph = LossOf({{1, 2, 1}, {2, 2}, {}, {}, {3, 1, 2, 3}}, ragged);
  ExpectGradientsMatchDifferences(graph, {Randoms({7, 5, 4}, 1)});
  ExpectGradientsMatchDifferences(graph, {Randoms({7, 5, 4}, 2, 4)}, 1e-7);
}

TEST(ctc_loss, gives_the_same_bits_for_any_number_of_threads) {
  const size_t T = 50, B = 9, V = 12;
  std::vector<Labels> targets;
  for (size_t row = 0; row < B; ++row) {
    Labels labels;
    for (size_t i = 0; i < 2 * row; ++i) labels.push_back(static_cast<int32_t>(1 + i * i % (V - 1)));
    targets.push_back(labels);
  }
  ExpectSameForAnyThreads(LossOf(targets, {T, B, {50, 20, 49, 31, 32, 33, 34, 50, 50}, {}}), {Randoms({T, B, V}, 1)});
}

TEST(ctc_loss, is_the_mean_over_rows_whatever_lies_beyond_their_lengths) {
  const Sequence ragged{6, 2, {6, 3}, {}};
  const Tensor logits = Randoms({6, 2, 4}, 1);
  Tensor first({6, 1, 4}), second({3, 1, 4});
  for (size_t t = 0; t < 6; ++t) std::copy_n(logits.data() + t * 8, 4, first.data() + t * 4);
  for (size_t t = 0; t < 3; ++t) std::copy_n(logits.data() + t * 8 + 4, 4, second.data() + t * 4);
  for (size_t t = 3; t < 6; ++t) logits[t * 8 + 4] = std::nan("");
  const double one = Differentiate(LossOf({{1, 3}}, {6, 1, {}, {}}), {first}).value[0];
  const double two = Differentiate(LossOf({{2}}, {3, 1, {}, {}}), {second}).value[0];
  const Gradients both = Differentiate(LossOf({{1, 3}, {2}}, ragged), {logits});
  EXPECT_NEAR(both.value[0], (one + two) / 2, 1e-6);
  for (size_t t = 3; t < 6; ++t) {
    for (size_t v = 0; v < 4; ++v) EXPECT_EQ(both.grads[0][t * 8 + 4 + v], 0);
  }
}

TEST(ctc_loss, is_finite_with_finite_gradients_at_any_finite_logits) {
  const std::vector<Real> extremes = {-1e30f, -1e4f, 0, 1e4f, 1e30f};
  for (size_t code = 0; code < 5 * 5 * 5 * 5; ++code) {
    Tensor logits({4, 1, 3});
    for (size_t i = 0; i < logits.size(); ++i)
      logits[i] = extremes[(code / (i % 4 == 0 ? 1 : i % 4 == 1 ? 5 : i % 4 == 2 ? 25 : 125)) % 5];
    for (const Labels& labels : {Labels{}, {1}, {1, 1}, {1, 2, 1, 2}}) {
      Threads threads;
      Tape tape(threads);
      const Var x = tape.Differentiable(logits);
      const Var loss = CtcLoss(tape, x, {labels}, {4, 1, {}, {}});
      ASSERT_TRUE(std::isfinite(tape.Value(loss)[0])) << code;
      tape.Backward(loss);
      for (Real g : tape.Grad(x).values()) ASSERT_TRUE(std::isfinite(g) && std::fabs(g) <= 1) << code;
    }
  }
}

TEST(ctc_loss, of_nan_is_nan) {
  for (size_t at = 0; at < 12; ++at) {
    const Tensor logits = Randoms({4, 1, 3}, 1);
    logits[at] = std::nan("");
    Threads threads;
    Tape tape(threads);
    EXPECT_TRUE(std::isnan(tape.Value(CtcLoss(tape, tape.Constant(logits), {{1, 2}}, {4, 1, {}, {}}))[0])) << at;
  }
}

TEST(ctc_loss, of_no_rows_and_of_no_steps_is_0) {
  EXPECT_EQ(Differentiate(LossOf({}, {4, 0, {}, {}}), {Tensor({4, 0, 3})}).value[0], 0);
  EXPECT_EQ(Differentiate(LossOf({{}, {}}, {0, 2, {}, {}}), {Tensor({0, 2, 3})}).value[0], 0);
}

TEST(ctc_loss, names_what_cannot_be_spelt_and_what_does_not_fit) {
  const Sequence two{3, 2, {3, 2}, {}};
  const Shape shape = {3, 2, 4};
  EXPECT_EQ(MessageOf(shape, {{1, 2, 3}, {2, 1}}, two), "no error");
  EXPECT_EQ(MessageOf(shape, {{1, 2, 3}, {2, 2}}, two),
            "ctc loss: the length of row 1 must be at least 3 steps for its 2 labels, but is 2");
  EXPECT_EQ(MessageOf(shape, {{4}, {}}, two), "ctc loss: a label must be in [0, 4) and not the blank 0, but is 4");
  EXPECT_EQ(MessageOf(shape, {{0}, {}}, two), "ctc loss: a label must be in [0, 4) and not the blank 0, but is 0");
  EXPECT_EQ(MessageOf(shape, {{-1}, {}}, two), "ctc loss: a label must be in [0, 4) and not the blank 0, but is -1");
  EXPECT_EQ(MessageOf(shape, {{}}, two), "ctc loss: targets must be one a row (2), but is 1");
  EXPECT_EQ(MessageOf({3, 1, 4}, {{}, {}}, two), "ctc loss: logits must be [3, 2, V], but is [3, 1, 4]");
  EXPECT_EQ(MessageOf(shape, {{}, {}}, two, 4), "ctc loss: blank must be a class of [3, 2, 4], but is 4");
  EXPECT_EQ(MessageOf(shape, {{}, {}}, {3, 2, {3, 4}, {}}), "ctc loss: a length must be at most 3, but is 4");
}

TEST(ctc_steps, counts_a_blank_between_equal_neighbours) {
  EXPECT_EQ(CtcSteps({}), 0u);
  EXPECT_EQ(CtcSteps(Labels{5}), 1u);
  EXPECT_EQ(CtcSteps(Labels{5, 5, 5, 2, 5}), 7u);
}

TEST(ctc_beam_search, as_wide_as_there_are_prefixes_equals_enumeration) {
  for (int32_t blank : {0, 1, 2}) {
    for (size_t T : {1, 2, 3, 5}) {
      const Tensor logits = Randoms({T, 1, 3}, 10 + T, 2);
      const auto probabilities = Enumerate(logits, blank);
      CtcBeamSearch search(3, 1000, blank);
      for (size_t t = 0; t < T; ++t) search.Step(logits.data() + t * 3);
      const auto found = search.Best(1000);
      ASSERT_EQ(found.size(), probabilities.size());
      for (size_t i = 0; i < found.size(); ++i) {
        const double expected = std::log(probabilities.at(found[i].labels));
        EXPECT_NEAR(found[i].log_probability, expected, kDouble ? 1e-12 : 1e-5);
        EXPECT_LE(found[i].log_probability, found[i == 0 ? 0 : i - 1].log_probability);
      }
    }
  }
}

TEST(ctc_beam_search, finds_labels_likelier_than_those_of_the_best_path) {
  // The best path is two blanks, 0.36; but "1" has 3 alignments, 0.64 together (Graves 2006, figure 2).
  const Real p = std::log(Real{0.6f}), q = std::log(Real{0.4f});
  const Tensor logits = Tensor::From({2, 1, 2}, std::vector<Real>{p, q, p, q});
  EXPECT_EQ(CtcGreedy(logits, {2, 1, {}, {}})[0], Labels{});
  const CtcHypothesis best = CtcDecode(logits, {2, 1, {}, {}}, 4)[0];
  EXPECT_EQ(best.labels, Labels{1});
  EXPECT_NEAR(std::exp(best.log_probability), 0.64, 1e-6);
}

TEST(ctc_beam_search, claims_no_more_than_the_loss_and_nearly_all_of_it_where_the_network_is_sure) {
  const size_t T = 30, V = 6;
  const Sequence sequence{T, 1, {}, {}};
  for (double scale : {1., 3., 10.}) {
    const Tensor logits = Randoms({T, 1, V}, 5, scale);
    for (size_t width : {1, 2, 4, 16, 64}) {
      const CtcHypothesis best = CtcDecode(logits, sequence, width)[0];
      const double all = -Differentiate(LossOf({best.labels}, sequence), {logits}).value[0];
      EXPECT_LE(best.log_probability, all + 1e-4);
      if (scale == 10 && width >= 16) {
        EXPECT_NEAR(best.log_probability, all, 0.01);
      }
    }
  }
}

TEST(ctc_beam_search, holds_no_labels_twice_though_prefixes_come_and_go) {
  for (uint64_t seed = 1; seed < 200; ++seed) {
    const size_t T = 60, V = 4, width = 3 + seed % 10;
    const Tensor logits = Randoms({T, 1, V}, seed, 0.5 + static_cast<double>(seed % 7));
    CtcBeamSearch search(V, width);
    for (size_t t = 0; t < T; ++t) {
      search.Step(logits.data() + t * V);
      const auto found = search.Best(width);
      std::set<Labels> different;
      for (const CtcHypothesis& hypothesis : found) different.insert(hypothesis.labels);
      ASSERT_EQ(different.size(), found.size()) << "seed " << seed << ", step " << t;
    }
  }
}

TEST(ctc_decoding, stops_at_each_rows_length_and_merges_repetitions) {
  // Classes by step: row 0 is 1 1 blank 1 2, row 1 is 2 2 and then beyond its end.
  const std::vector<std::vector<size_t>> paths = {{1, 1, 0, 1, 2}, {2, 2, 1, 1, 1}};
  Tensor logits({5, 2, 3});
  for (size_t row = 0; row < 2; ++row) {
    for (size_t t = 0; t < 5; ++t) logits[(t * 2 + row) * 3 + paths[row][t]] = 9;
  }
  const Sequence sequence{5, 2, {5, 2}, {}};
  const std::vector<Labels> expected = {{1, 1, 2}, {2}};
  EXPECT_EQ(CtcGreedy(logits, sequence), expected);
  const auto found = CtcDecode(logits, sequence, 8);
  EXPECT_EQ(found[0].labels, expected[0]);
  EXPECT_EQ(found[1].labels, expected[1]);
}

TEST(ctc_beam_search, survives_nan_and_refuses_what_makes_no_sense) {
  CtcBeamSearch search(3, 2);
  const std::vector<Real> bad = {std::numeric_limits<Real>::quiet_NaN(), 1, 2}, good = {0, 1, 2};
  search.Step(good.data());
  search.Step(bad.data());
  search.Step(good.data());
  EXPECT_EQ(search.Best(9).size(), 2u);
  EXPECT_THROW(CtcBeamSearch(3, 0), Error);
  EXPECT_THROW(CtcBeamSearch(3, 1, 3), Error);
  EXPECT_THROW(CtcBeamSearch(3, 1, -1), Error);
  EXPECT_THROW(CtcGreedy(Tensor({2, 1, 3}), {3, 1, {}, {}}), Error);
  EXPECT_THROW(CtcDecode(Tensor({2, 1, 3}), {3, 1, {}, {}}, 4), Error);
}

}  // namespace ctc_test
}  // namespace eddy
