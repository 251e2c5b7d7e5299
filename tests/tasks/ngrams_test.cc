#include "floors/ngrams.h"

#include <gtest/gtest.h>

#include "eddy/error.h"
#include "floors/ngram_classifier.h"

namespace eddy {
namespace ngrams_test {

TEST(ngrams, of_a_sentence_are_its_words_and_pairs_each_once_where_it_first_stands) {
  Ngrams ngrams;
  ngrams.Learn({"a", "b", "a", "b"});
  EXPECT_EQ(ngrams.names(), (std::vector<std::string>{"a", "b", "a\nb", "b\na"}));
  const std::vector<PlacedNgram> found = ngrams.Of({"c", "a", "b", "b", "a"});
  ASSERT_EQ(found.size(), 4u);
  const std::vector<uint32_t> places = {1, 2, 1, 3};
  for (uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(found[i].number, i);
    EXPECT_EQ(found[i].place, places[i]);
    EXPECT_EQ(found[i].is_pair, i >= 2);
  }
  EXPECT_TRUE(ngrams.Of({}).empty());
}

TEST(ngrams, are_the_same_by_their_names_which_differ) {
  const Ngrams ngrams({"a", "b", "a\nb"});
  EXPECT_EQ(ngrams.Of({"a", "b"}).size(), 3u);
  EXPECT_THROW(Ngrams({"a", "a"}), Error);
}

TEST(ngrams, that_say_most_are_left_by_a_limit) {
  const CutSentences train = {{"good", "x"}, {"good", "y"}, {"good"}, {"bad", "x"}, {"bad", "y"}, {"bad"}};
  const std::vector<int32_t> targets = {0, 0, 0, 1, 1, 1};
  Threads threads;
  const NgramClassifier all = FitNgrams(train, targets, 2, threads);
  const NgramClassifier two = WithMost(all, train, 2);
  EXPECT_EQ(two.ngrams.names(), (std::vector<std::string>{"good", "bad"}));
  EXPECT_EQ(two.weights.size(), 4u);
  EXPECT_EQ(two.bias, all.bias);
  EXPECT_EQ(NgramLogOdds(two, CutSentences{{"good"}}), NgramLogOdds(all, CutSentences{{"good"}}));
  EXPECT_EQ(WithMost(all, train, 100).ngrams.names(), all.ngrams.names());
}

}  // namespace ngrams_test
}  // namespace eddy
