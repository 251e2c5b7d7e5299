#include "tasks/classify/word_start.h"

#include <gtest/gtest.h>

#include <cmath>

namespace eddy {
namespace word_start_test {

EncodedExamples Sentences(const std::vector<std::vector<int32_t>>& sentences) {
  EncodedExamples examples;
  for (const std::vector<int32_t>& tokens : sentences) examples.AddSentence(tokens);
  return examples;
}

TEST(word_start, a_class_s_number_is_half_its_log_count_ratio) {
  const EncodedExamples examples = Sentences({{0, 1, 1}, {0, 2}, {1}});
  const std::vector<int32_t> targets = {0, 1, 0};
  Tensor vectors({3, 8});
  StartFromRatios(vectors, examples, targets, 2);
  // Class 0 has words 0 1 1 (once a sentence), class 1 has 0 2; each count is one more, each sum three more.
  EXPECT_NEAR(vectors[1 * 8], 0.5 * std::log((3. / 6) / (1. / 5)), 1e-6);
  EXPECT_NEAR(vectors[2 * 8], 0.5 * std::log((1. / 6) / (2. / 5)), 1e-6);
  for (size_t word = 0; word < 3; ++word) {
    EXPECT_NEAR(vectors[word * 8 + 1], -vectors[word * 8], 1e-6)
        << "what speaks for one of two classes speaks against the other";
    for (size_t i = 2; i < 8; ++i) EXPECT_EQ(vectors[word * 8 + i], 0) << "the rest stays as it was";
  }
}

TEST(word_start, of_more_classes_than_a_quarter_of_the_vector_the_first_are_set) {
  const EncodedExamples examples = Sentences({{0}, {1}, {0, 1}});
  Tensor vectors({2, 4});
  StartFromRatios(vectors, examples, std::vector<int32_t>{0, 1, 2}, 3);
  EXPECT_NE(vectors[0], 0);
  EXPECT_EQ(vectors[1], 0);
}

}  // namespace word_start_test
}  // namespace eddy
