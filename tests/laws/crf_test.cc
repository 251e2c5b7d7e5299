// A linear-chain conditional random field against all sequences of tags there are: loss, gradients, decoding; at extremes.
#include "eddy/crf.h"

#include <limits>
#include <string>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "laws/gradient.h"

namespace eddy {
namespace crf_test {

using Tags = std::vector<int32_t>;

struct Problem {
  Tensor scores, transitions, start, end;
};

Problem Some(size_t T, size_t B, size_t K, uint64_t seed = 1, double scale = 1) {
  return {Randoms({T, B, K}, seed, scale), Randoms({K, K}, seed + 1, scale), Randoms({K}, seed + 2, scale),
          Randoms({K}, seed + 3, scale)};
}

// The score of a row's tags, from its definition.
double ScoreOf(const Problem& p, size_t row, const Tags& tags) {
  const size_t B = p.scores.dim(1), K = p.scores.dim(2);
  double score = static_cast<double>(p.start[static_cast<size_t>(tags[0])]) + p.end[static_cast<size_t>(tags.back())];
  for (size_t t = 0; t < tags.size(); ++t) {
    const size_t tag = static_cast<size_t>(tags[t]);
    score += p.scores[(t * B + row) * K + tag];
    if (t > 0) score += p.transitions[static_cast<size_t>(tags[t - 1]) * K + tag];
  }
  return score;
}

std::vector<Tags> AllTags(size_t T, size_t K) {
  std::vector<Tags> all = {{}};
  for (size_t t = 0; t < T; ++t) {
    std::vector<Tags> longer;
    for (const Tags& tags : all) {
      for (size_t k = 0; k < K; ++k) {
        longer.push_back(tags);
        longer.back().push_back(static_cast<int32_t>(k));
      }
    }
    all = longer;
  }
  return all;
}

Tags SomeTags(size_t count, size_t K) {
  Tags tags;
  for (size_t i = 0; i < count; ++i) tags.push_back(static_cast<int32_t>((i * i + 1) % K));
  return tags;
}

Graph LossOf(const Tags& tags, const Sequence& sequence) {
  return [=](Tape& tape, const std::vector<Var>& v) { return CrfLoss(tape, v[0], v[1], v[2], v[3], tags, sequence); };
}

std::vector<Tensor> Inputs(const Problem& p) { return {p.scores, p.transitions, p.start, p.end}; }

const Sequence kRagged{5, 4, {5, 1, 0, 3}, {}};

TEST(crf_loss, is_the_logarithm_of_the_share_among_all_sequences_of_tags) {
  for (size_t T : {1, 2, 4}) {
    for (size_t K : {1, 2, 3}) {
      const Problem p = Some(T, 1, K);
      double all = 0;
      for (const Tags& tags : AllTags(T, K)) all += std::exp(ScoreOf(p, 0, tags));
      for (const Tags& tags : AllTags(T, K)) {
        const double loss = Differentiate(LossOf(tags, {T, 1, {}, {}}), Inputs(p)).value[0];
        EXPECT_NEAR(loss, std::log(all) - ScoreOf(p, 0, tags), kDouble ? 1e-12 : 1e-5);
      }
    }
  }
}

TEST(crf_loss, has_the_gradient_of_finite_differences) {
  ExpectGradientsMatchDifferences(LossOf(SomeTags(20, 3), kRagged), Inputs(Some(5, 4, 3)));
  ExpectGradientsMatchDifferences(LossOf(SomeTags(8, 4), {4, 2, {}, {}}), Inputs(Some(4, 2, 4, 9, 3)), 1e-7);
}

TEST(crf_loss, gives_the_same_bits_for_any_number_of_threads) {
  const Sequence sequence{30, 8, {30, 2, 0, 17, 30, 29, 5, 6}, {}};
  ExpectSameForAnyThreads(LossOf(SomeTags(240, 7), sequence), Inputs(Some(30, 8, 7)));
}

TEST(crf_loss, is_the_mean_over_rows_that_exist_whatever_lies_beyond_them) {
  const Problem p = Some(5, 4, 3);
  Tags tags = SomeTags(20, 3);
  double sum = 0;
  for (size_t row : {0u, 1u, 3u}) {
    Tensor alone({kRagged.lengths[row], 1, 3});
    Tags own;
    for (size_t t = 0; t < kRagged.lengths[row]; ++t) {
      std::copy_n(p.scores.data() + (t * 4 + row) * 3, 3, alone.data() + t * 3);
      own.push_back(tags[t * 4 + row]);
    }
    sum += Differentiate(LossOf(own, {own.size(), 1, {}, {}}), {alone, p.transitions, p.start, p.end}).value[0];
  }
  for (size_t i = 0; i < 20; ++i) {
    if (i / 4 < kRagged.lengths[i % 4]) continue;
    tags[i] = kIgnore;
    for (size_t k = 0; k < 3; ++k) p.scores[i * 3 + k] = std::nan("");
  }
  const Gradients given = Differentiate(LossOf(tags, kRagged), Inputs(p));
  EXPECT_NEAR(given.value[0], sum / 3, 1e-5);
  for (size_t i = 0; i < 20; ++i) {
    for (size_t k = 0; k < 3 && i / 4 >= kRagged.lengths[i % 4]; ++k) EXPECT_EQ(given.grads[0][i * 3 + k], 0);
  }
}

TEST(crf_loss, is_finite_with_finite_gradients_at_extremes) {
  const std::vector<Real> extremes = {-1e30f, -1e4f, 0, 1e4f, 1e30f};
  for (size_t code = 0; code < 5 * 5 * 5 * 5; ++code) {
    const Problem p = Some(3, 1, 2);
    p.scores[0] = p.scores[5] = extremes[code % 5];
    p.transitions[1] = extremes[code / 5 % 5];
    p.start[0] = p.end[0] = extremes[code / 25 % 5];
    p.transitions[2] = p.scores[3] = extremes[code / 125];
    Threads threads;
    Tape tape(threads);
    std::vector<Var> v;
    for (const Tensor& input : Inputs(p)) v.push_back(tape.Differentiable(input));
    const Var loss = CrfLoss(tape, v[0], v[1], v[2], v[3], Tags{0, 1, 1}, {3, 1, {}, {}});
    ASSERT_TRUE(std::isfinite(tape.Value(loss)[0])) << code;
    tape.Backward(loss);
    for (Var var : v) {
      for (Real g : tape.Grad(var).values()) ASSERT_TRUE(std::isfinite(g)) << code;
    }
  }
}

TEST(crf_loss, of_nan_is_nan_and_of_nothing_0) {
  Problem p = Some(3, 1, 2);
  p.scores[2] = std::nan("");
  EXPECT_TRUE(std::isnan(Differentiate(LossOf({0, 1, 1}, {3, 1, {}, {}}), Inputs(p)).value[0]));
  EXPECT_EQ(Differentiate(LossOf({0, 1, 1}, {3, 1, {0}, {}}), Inputs(p)).value[0], 0);
  EXPECT_EQ(Differentiate(LossOf({}, {3, 0, {}, {}}), Inputs(Some(3, 0, 2))).value[0], 0);
}

TEST(viterbi, finds_the_best_of_all_sequences_of_tags) {
  for (uint64_t seed = 1; seed < 20; ++seed) {
    const Problem p = Some(5, 4, 3, seed);
    const CrfTags found = Viterbi(p.scores, p.transitions, p.start, p.end, kRagged);
    for (size_t row = 0; row < 4; ++row) {
      Tags tags;
      for (size_t t = 0; t < 5; ++t) {
        if (t < kRagged.lengths[row]) tags.push_back(found.tags[t * 4 + row]);
        EXPECT_EQ(found.tags[t * 4 + row] == kIgnore, t >= kRagged.lengths[row]);
      }
      if (tags.empty()) continue;
      double best = -std::numeric_limits<double>::infinity();
      for (const Tags& other : AllTags(tags.size(), 3)) best = std::max(best, ScoreOf(p, row, other));
      EXPECT_NEAR(found.scores[row], best, 1e-5);
      EXPECT_NEAR(ScoreOf(p, row, tags), best, 1e-5);
    }
  }
}

TEST(viterbi, gives_equal_scores_to_the_lower_tag) {
  const CrfTags found = Viterbi(Tensor({3, 1, 4}), Tensor({4, 4}), Tensor({4}), Tensor({4}), {3, 1, {}, {}});
  EXPECT_EQ(found.tags, (Tags{0, 0, 0}));
}

TEST(crf, learns_which_tags_follow_each_other) {
  // Steps say nothing: only the parameters can tell that tags go 0 1 2 0 1 2, from 0 on.
  Crf crf(3, "crf");
  const Sequence sequence{6, 1, {}, {}};
  const Tags tags = {0, 1, 2, 0, 1, 2};
  double loss = 0;
  for (int round = 0; round < 100; ++round) {
    Threads threads;
    Tape tape(threads);
    for (Parameter* parameter : crf.parameters()) parameter->grad.Fill(0);
    const Var value = crf.Loss(tape, tape.Constant(Tensor({6, 1, 3})), tags, sequence);
    loss = tape.Value(value)[0];
    if (round == 0) {
      EXPECT_NEAR(loss, 6 * std::log(3.), 1e-5);
    }
    tape.Backward(value);
    for (Parameter* parameter : crf.parameters()) {
      for (size_t i = 0; i < parameter->value.size(); ++i) parameter->value[i] -= Real{0.5} * parameter->grad[i];
    }
  }
  EXPECT_LT(loss, 0.1);
  EXPECT_EQ(crf.Decode(Tensor({6, 1, 3}), sequence).tags, tags);
  EXPECT_EQ(crf.parameters()[0]->name, "crf.transitions");
}

TEST(crf, refuses_what_does_not_fit) {
  const auto message = [](const Problem& p, const Tags& tags, const Sequence& sequence) -> std::string {
    Threads threads;
    Tape tape(threads);
    try {
      CrfLoss(tape, tape.Constant(p.scores), tape.Constant(p.transitions), tape.Constant(p.start), tape.Constant(p.end),
              tags, sequence);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const Sequence plain{2, 2, {}, {}};
  const Problem p = Some(2, 2, 3);
  EXPECT_EQ(message(p, {0, 1, 2, 0}, plain), "no error");
  EXPECT_EQ(message(p, {0, 1, 3, 0}, plain), "crf loss: a tag must be in [0, 3), but is 3");
  EXPECT_EQ(message(p, {0, 1, -1, 0}, plain), "crf loss: a tag must be in [0, 3), but is -1");
  EXPECT_EQ(message(p, {0, 1, 2}, plain), "crf loss: tags must be one a step and row (4), but is 3");
  EXPECT_EQ(message(p, {0, 1, 2, 0}, {2, 2, {2}, {}}), "crf loss: lengths must be one a row (2), but is 1");
  EXPECT_EQ(message(Some(3, 2, 3), {0, 1, 2, 0}, plain), "crf loss: scores must be [2, 2, K], but is [3, 2, 3]");
  EXPECT_EQ(message({p.scores, Tensor({3, 2}), p.start, p.end}, {0, 1, 2, 0}, plain),
            "crf loss: transitions must be of shape [3, 3], but is [3, 2]");
  EXPECT_THROW(Viterbi(p.scores, p.transitions, p.start, Tensor({2}), plain), Error);
  EXPECT_THROW(Crf(0, "crf"), Error);
}

}  // namespace crf_test
}  // namespace eddy
