#include "floors/ngram.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eddy/random.h"

namespace eddy {
namespace ngram_test {

Corpus Stream(std::vector<int32_t> tokens) {
  Corpus corpus;
  for (const int32_t token : tokens) corpus.tokens.push_back(token);
  corpus.ends = {corpus.tokens.size()};
  return corpus;
}

Corpus Lines(const std::vector<std::vector<int32_t>>& lines, int32_t end) {
  Corpus corpus;
  corpus.boundary = end;
  for (const auto& line : lines) {
    for (const int32_t token : line) corpus.tokens.push_back(token);
    corpus.tokens.push_back(end);
    corpus.ends.push_back(corpus.tokens.size());
  }
  return corpus;
}

double Nats(const std::vector<NgramScore>& scores, int order, Smoothing smoothing) {
  for (const NgramScore& score : scores) {
    if (score.order == order && score.smoothing == smoothing) return score.nats;
  }
  return NAN;
}

TEST(Ngram, witten_bell_is_the_interpolation_worked_by_hand) {
  // Training: 0 0 1; V = 2. Unigram: c(0) = 2, c(1) = 1, two types: p(0) = (2 + 2/2) / 5 = .6, p(1) = (1 + 2/2) / 5 = .4.
  // After 0: c(0) = c(1) = 1, two types: p(1|0) = (1 + 2 * .4) / 4 = .45.
  const auto scores = ScoreNgrams(Stream({0, 0, 1}), Stream({0, 1}), 2);
  EXPECT_NEAR(Nats(scores, 1, Smoothing::kWittenBell), -std::log(.4), 1e-12);
  EXPECT_NEAR(Nats(scores, 2, Smoothing::kWittenBell), -std::log(.45), 1e-12);
  EXPECT_NEAR(Nats(scores, 3, Smoothing::kWittenBell), -std::log(.45), 1e-12) << "a context never seen falls back";
}

TEST(Ngram, a_line_begins_with_a_fresh_context_and_must_predict_its_end) {
  // Training: the lines "0", "0"; V = 2, end = 1. After the boundary 0 came twice, one type. Unigram: two types, 2 and 2.
  const auto scores = ScoreNgrams(Lines({{0}, {0}}, 1), Lines({{0}}, 1), 2);
  const double unigram = (2 + 2 * .5) / 6;
  const double bigram = (2 + 1 * unigram) / 3;
  EXPECT_NEAR(Nats(scores, 1, Smoothing::kWittenBell), -std::log(unigram), 1e-12);
  EXPECT_NEAR(Nats(scores, 2, Smoothing::kWittenBell), -std::log(bigram), 1e-12) << "both 0 and the end";
}

TEST(Ngram, pieces_of_a_text_are_scored_as_the_whole) {
  std::vector<int32_t> tokens;
  for (size_t i = 0; i < 3000; ++i) tokens.push_back(static_cast<int32_t>(i * i % 7 % 3));
  const Corpus corpus = Stream(tokens);
  const std::vector<Piece> pieces = {{1, 900, 1}, {890, 2000, 900}, {1990, 3000, 2000}};
  const NgramScore whole = BestNgram(corpus, corpus, 3), parts = BestNgram(corpus, corpus, 3, pieces);
  EXPECT_EQ(parts.Name(), whole.Name());
  EXPECT_NEAR(parts.nats, whole.nats, 1e-9) << "each piece reads what an n-gram needs before its own tokens";
  ASSERT_EQ(parts.piece_nats.size(), 3u);
  const NgramScore last = BestNgram(corpus, corpus, 3, std::span(pieces).subspan(2));
  EXPECT_NEAR(last.nats * 1000, parts.piece_nats[2], 1e-9);
}

// The sum over all next tokens of the probability, from scores of held-out sequences that differ in the last token only.
double SumOverNext(const Corpus& train, const std::vector<int32_t>& context, size_t vocabulary, int order,
                   Smoothing smoothing) {
  const auto total = static_cast<double>(context.size());
  double before = 0;  // -ln p of the context after its first token
  if (context.size() > 1) before = Nats(ScoreNgrams(train, Stream(context), vocabulary), order, smoothing) * (total - 1);
  double sum = 0;
  for (size_t token = 0; token < vocabulary; ++token) {
    std::vector<int32_t> tokens = context;
    tokens.push_back(static_cast<int32_t>(token));
    sum += std::exp(before - Nats(ScoreNgrams(train, Stream(tokens), vocabulary), order, smoothing) * total);
  }
  return sum;
}

TEST(Ngram, probabilities_of_the_next_token_sum_to_one_in_every_order) {
  Random random(7);
  std::vector<int32_t> tokens(300);
  for (int32_t& token : tokens) token = static_cast<int32_t>(random.Below(random.Below(5) + 1));
  const Corpus train = Stream(tokens);
  for (const Smoothing smoothing : {Smoothing::kWittenBell, Smoothing::kKneserNey}) {
    for (int order = 1; order <= kMostNgramOrder; ++order) {
      for (const std::vector<int32_t>& context : {std::vector<int32_t>{0, 1, 0, 2, 1}, {5, 5}, {3}, {0, 0, 0, 0}}) {
        EXPECT_NEAR(SumOverNext(train, context, 6, order, smoothing), 1, 1e-9) << order;
      }
    }
  }
}

TEST(Ngram, a_deterministic_sequence_is_predicted_better_by_higher_orders) {
  std::vector<int32_t> tokens;
  for (int i = 0; i < 500; ++i) tokens.insert(tokens.end(), {0, 0, 0, 1});
  const auto scores = ScoreNgrams(Stream(tokens), Stream(tokens), 2);
  EXPECT_LT(Nats(scores, 4, Smoothing::kWittenBell), .05);
  EXPECT_GT(Nats(scores, 3, Smoothing::kWittenBell), .3);
  EXPECT_EQ(scores.size(), 10u);
  const NgramScore best = BestNgram(Stream(tokens), Stream(tokens), 2);
  for (const NgramScore& score : scores) EXPECT_LE(best.nats, score.nats);
}

TEST(Ngram, tokens_never_seen_in_training_cost_something_finite) {
  const auto scores = ScoreNgrams(Stream({0, 0, 0, 0}), Stream({7, 8, 9}), 10);
  for (const NgramScore& score : scores) {
    EXPECT_TRUE(std::isfinite(score.nats)) << score.Name();
    EXPECT_GT(score.nats, std::log(10)) << score.Name();
  }
}

}  // namespace ngram_test
}  // namespace eddy
