#include "metrics/word_errors.h"

#include <gtest/gtest.h>

#include <cmath>

#include "decode/word_model.h"
#include "eddy/error.h"

namespace eddy {
namespace word_errors_test {

using Words = std::vector<std::string>;

TEST(word_errors, are_the_fewest_that_make_one_text_of_the_other) {
  std::vector<TokenPair> pairs;
  const ErrorCounts counts =
      CountErrors({"the", "cat", "sat", "up", "down", "here"}, {"a", "cat", "sat", "down", "here", "now"}, &pairs);
  EXPECT_EQ(counts.right, 6U);
  EXPECT_EQ(counts.replaced, 1U);
  EXPECT_EQ(counts.inserted, 1U);
  EXPECT_EQ(counts.deleted, 1U);
  EXPECT_DOUBLE_EQ(counts.rate(), 0.5);
  EXPECT_EQ(pairs,
            (std::vector<TokenPair>{
                {"a", "the"}, {"cat", "cat"}, {"sat", "sat"}, {"", "up"}, {"down", "down"}, {"here", "here"}, {"now", ""}}));
  EXPECT_EQ(CountErrors({}, {"a"}).deleted, 1U);
  EXPECT_EQ(CountErrors({"a", "b"}, {}).inserted, 2U);
  EXPECT_TRUE(std::isnan(CountErrors({"a"}, {}).rate()));
}

TEST(word_errors, intervals_hold_the_rate_and_shrink_with_more_texts) {
  std::vector<ErrorCounts> texts;
  for (size_t i = 0; i < 400; ++i) texts.push_back({.right = 10, .replaced = i % 4 == 0 ? 4U : 0U});
  const Interval many = RateInterval(texts), few = RateInterval(std::span(texts).first(40));
  EXPECT_LT(many.low, 0.1);
  EXPECT_GT(many.high, 0.1);
  EXPECT_LT(many.high - many.low, few.high - few.low);
  // Of 400 texts, the mean of draws with deviation 0.1732 has a deviation of 0.00866.
  EXPECT_NEAR(many.high - many.low, 2 * 1.96 * 0.00866, 0.004);
  EXPECT_TRUE(std::isnan(RateInterval({}).low));
}

// Of log10: p(a) = -0.5 with back-off -0.2, p(b | a) = -0.1.
constexpr const char* kArpa = R"(a remark

\data\
ngram 1=4
ngram 2=2

\1-grams:
-1.0	<s>	-0.3
-0.7	</s>
-0.5	a	-0.2
-0.9	b

\2-grams:
-0.1	a b
-0.4	<s> a

\end\
)";

TEST(word_models, of_arpa_files_back_off) {
  const WordModel model = WordModel::ParseArpa(kArpa, "w.arpa");
  const double ten = std::log(10.0);
  WordModel::Context context = model.Start();
  EXPECT_NEAR(model.Score(context, "a"), -0.4 * ten, 1e-9);
  EXPECT_NEAR(model.Score(context, "b"), -0.1 * ten, 1e-9);
  EXPECT_NEAR(model.Score(context, "b"), -0.9 * ten, 1e-9) << "b has no back-off weight";
  context = model.Start();
  EXPECT_NEAR(model.Score(context, "b"), (-0.3 - 0.9) * ten, 1e-9);
  EXPECT_NEAR(model.End(model.Start()), (-0.3 - 0.7) * ten, 1e-9);
  EXPECT_NEAR(model.Score(context, "never"), (-1.0 - 1.0) * ten, 1e-9) << "a tenth of the rarest";
  EXPECT_TRUE(model.Knows("a"));
  EXPECT_FALSE(model.Knows("never"));
}

TEST(word_models, that_are_damaged_are_refused) {
  const std::string arpa = kArpa;
  EXPECT_THROW(WordModel::ParseArpa(arpa.substr(0, arpa.size() - 7), "w.arpa"), Error);
  std::string broken = arpa;
  broken.replace(broken.find("-0.9"), 4, "what");
  EXPECT_THROW(WordModel::ParseArpa(broken, "w.arpa"), Error);
  EXPECT_THROW(WordModel::Read(Data::Text(" \n \n", "w.txt")), Error);
}

TEST(word_models, learned_of_text_are_distributions) {
  const WordModel model = WordModel::Learn(Words{"a b a", "a b c", "c a b"}, "w.txt");
  for (const Words& before : {Words{}, Words{"a"}, Words{"a", "b"}, Words{"c", "never"}}) {
    WordModel::Context context = model.Start();
    for (const std::string& word : before) model.Score(context, word);
    double sum = std::exp(model.End(context));
    for (const char* word : {"a", "b", "c", "never"}) {
      WordModel::Context copy = context;
      sum += std::exp(model.Score(copy, word));
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  }
  WordModel::Context after = model.Start(), other = model.Start();
  model.Score(after, "a");
  model.Score(other, "a");
  EXPECT_GT(model.Score(after, "b"), model.Score(other, "c"));
}

}  // namespace word_errors_test
}  // namespace eddy
