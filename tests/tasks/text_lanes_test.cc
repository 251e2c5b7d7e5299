#include <gtest/gtest.h>

#include <map>

#include "eddy/loss.h"
#include "tasks/text/lanes.h"

namespace eddy {
namespace text_lanes_test {

// Tokens are all different, so that each can be followed.
Corpus Stream(size_t size) {
  Corpus corpus;
  for (size_t i = 0; i < size; ++i) corpus.tokens.push_back(static_cast<int32_t>(i));
  corpus.ends = {size};
  return corpus;
}

Corpus Lines(const std::vector<size_t>& lengths) {
  Corpus corpus;
  corpus.boundary = 1'000'000;
  for (size_t length : lengths) {
    for (size_t i = 0; i < length; ++i) corpus.tokens.push_back(static_cast<int32_t>(corpus.tokens.size()));
    corpus.ends.push_back(corpus.tokens.size());
  }
  return corpus;
}

// How often each token is predicted; checks that each follows its own context or the boundary after a reset.
std::map<int32_t, int> Predicted(const TextBatch& batch, int32_t boundary) {
  std::map<int32_t, int> counts;
  for (size_t i = 0; i < batch.targets.size(); ++i) {
    const int32_t target = batch.targets[i];
    if (target == kIgnore) continue;
    ++counts[target];
    if (batch.inputs[i] == boundary) {
      EXPECT_TRUE(batch.sequence.resets[i]);
    } else {
      EXPECT_EQ(batch.inputs[i], target - 1);
    }
  }
  return counts;
}

TEST(TextLanes, a_sample_is_spread_over_the_text_and_as_large_as_asked_for) {
  const Corpus corpus = Stream(1'000'000);
  for (double tokens : {20'000.0, 300'000.0}) {
    const std::vector<Piece> pieces = SampledPieces(corpus, tokens);
    EXPECT_NEAR(static_cast<double>(CountedTokens(pieces)), tokens, 2100);
    const auto widest = static_cast<size_t>(1.3e6 / static_cast<double>(pieces.size()));
    for (size_t i = 1; i < pieces.size(); ++i) {
      EXPECT_GE(pieces[i].counted, pieces[i - 1].end);
      EXPECT_LE(pieces[i].counted - pieces[i - 1].counted, widest);
    }
  }
  EXPECT_EQ(CountedTokens(SampledPieces(corpus, 1e9)), corpus.predicted());
  EXPECT_EQ(SampledPieces(corpus, 0).size(), 1u);
  EXPECT_EQ(CountedTokens(SampledPieces(Lines({3, 3, 3, 3}), 6)), 6u);
}

TEST(TextLanes, measuring_predicts_every_token_once) {
  for (const Corpus& corpus : {Stream(1), Stream(2), Stream(97), Lines({1, 5, 3, 20, 1}), Lines({4})}) {
    for (size_t lanes : {1, 3, 8}) {
      const std::vector<Piece> pieces = MeasuringPieces(corpus, lanes, 4, 3);
      size_t next = 0, total = 0;
      TextLanes reader(corpus, lanes);
      std::map<int32_t, int> counts;
      for (;;) {
        const TextBatch batch =
            reader.Read(5, [&](Piece& piece) { return next < pieces.size() && (piece = pieces[next++], true); });
        if (batch.sequence.steps == 0) break;
        total += batch.counted;
        for (const auto& [token, count] : Predicted(batch, corpus.boundary)) counts[token] += count;
      }
      EXPECT_EQ(total, corpus.predicted());
      EXPECT_EQ(counts.size(), corpus.predicted());
    }
  }
}

TEST(TextLanes, training_predicts_every_token_once_an_epoch_and_wastes_nothing) {
  for (const Corpus& corpus : {Stream(401), Lines({7, 13, 30, 50, 100, 200})}) {
    TrainingPieces pieces(corpus, 4, 3);
    TextLanes reader(corpus, 1);
    for (int epoch = 0; epoch < 3; ++epoch) {
      const TextBatch batch = reader.Read(400, [&](Piece& piece) { return piece = pieces.Next(), true; });
      const std::map<int32_t, int> counts = Predicted(batch, corpus.boundary);
      EXPECT_EQ(batch.counted, 400u);
      EXPECT_EQ(counts.size(), 400u) << "epoch " << epoch;
    }
  }
}

TEST(TextLanes, go_on_from_where_they_were_stored) {
  const Corpus corpus = Lines({7, 13, 30, 50, 100, 200});
  TrainingPieces pieces(corpus, 4, 3);
  TextLanes reader(corpus, 4);
  const auto next = [](TrainingPieces& from) { return [&from](Piece& piece) { return piece = from.Next(), true; }; };
  for (int i = 0; i < 30; ++i) reader.Read(9, next(pieces));
  TrainingPieces other_pieces(corpus, 4, 3);
  TextLanes other(corpus, 4);
  other_pieces.FromJson(pieces.ToJson());
  other.FromJson(reader.ToJson());
  for (int i = 0; i < 30; ++i) {
    const TextBatch a = reader.Read(9, next(pieces)), b = other.Read(9, next(other_pieces));
    EXPECT_EQ(a.inputs, b.inputs);
    EXPECT_EQ(a.targets, b.targets);
    EXPECT_EQ(a.sequence.resets, b.sequence.resets);
  }
}

}  // namespace text_lanes_test
}  // namespace eddy
