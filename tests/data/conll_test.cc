#include "data/conll.h"

#include <gtest/gtest.h>

#include "model/temporary_directory.h"

namespace eddy {
namespace {

using Words = std::vector<std::string>;

TEST(conll, a_blank_line_parts_sequences_and_the_first_and_last_columns_are_read) {
  const TokenSet set = ParseConll("\n\nRosa NNP B-PER\nsings\tVBZ  O \r\n \t\n\nLyon NNP B-LOC", "t", true);
  ASSERT_EQ(set.sequences.size(), 2u);
  EXPECT_EQ(set.sequences[0].tokens, (Words{"Rosa", "sings"}));
  EXPECT_EQ(set.sequences[0].tags, (Words{"B-PER", "O"}));
  EXPECT_EQ(set.sequences[0].line, 3u);
  EXPECT_EQ(set.sequences[1].tokens, Words{"Lyon"});
  EXPECT_EQ(set.sequences[1].line, 7u);
}

TEST(conll, tokens_alone_are_sequences_too_where_no_tags_are_wanted) {
  const TokenSet set = ParseConll("\xEF\xBB\xBFRosa\nsings\n", "t", false);
  ASSERT_EQ(set.sequences.size(), 1u);
  EXPECT_EQ(set.sequences[0].tokens, (Words{"Rosa", "sings"}));
  EXPECT_TRUE(set.sequences[0].tags.empty());
}

TEST(conll, what_is_no_table_of_tokens_is_an_error_that_names_the_line) {
  EXPECT_ERROR(ParseConll("", "t", true), "t must be with tokens");
  EXPECT_ERROR(ParseConll("\n \n\t\n", "t", true), "t must be with tokens");
  EXPECT_ERROR(ParseConll("a X\nb\n", "t", true), "t line 2 must be a token and its tag");
  EXPECT_ERROR(ParseConll("a X\n\nb Y Z\n", "t", true), "t line 3 must be of 2 columns");
  EXPECT_ERROR(ParseConll("a\nb c\n", "t", false), "t line 2 must be of 1 columns");
  EXPECT_ERROR(ParseConll("a X\n\xFF Y\n", "t", true), "t line 2 must be valid UTF-8");
  std::string endless;
  for (size_t i = 0; i <= kMostSequenceTokens; ++i) endless += "a X\n";
  EXPECT_ERROR(ParseConll("\n" + endless, "t", true), "from line 2 on");
}

TEST(conll, a_huge_line_is_a_token) {
  const std::string huge(1 << 20, 'x');
  EXPECT_EQ(ParseConll(huge + " O\n", "t", true).sequences[0].tokens[0], huge);
}

TEST(conll, tags_become_a_further_column_of_the_lines_as_they_are) {
  const std::string text = "\nRosa B-PER\r\nsings O \n\n\nLyon\tB-LOC\n\n";
  EXPECT_EQ(AppendTags(text, {{"B-PER", "I-PER"}, {"O"}}), "\nRosa B-PER B-PER\nsings O I-PER\n\n\nLyon\tB-LOC\tO\n\n");
}

TEST(conll, sentences_are_cut_into_words_and_marks_as_they_are_written) {
  const TokenSet set = ParseSentences("Rosa lives in Lyon.\n \nDoesn't she?\n", "t");
  ASSERT_EQ(set.sequences.size(), 2u);
  EXPECT_EQ(set.sequences[0].tokens, (Words{"Rosa", "lives", "in", "Lyon", "."}));
  EXPECT_EQ(set.sequences[1].tokens, (Words{"Doesn't", "she", "?"}));
  EXPECT_EQ(set.sequences[1].line, 3u);
  EXPECT_EQ(WriteConll(set, {{"A", "B", "C", "D", "E"}, {"F", "G", "H"}}),
            "Rosa A\nlives B\nin C\nLyon D\n. E\n\nDoesn't F\nshe G\n? H\n");
  EXPECT_ERROR(ParseSentences(" \n", "t"), "t must be with sentences");
  EXPECT_ERROR(ParseSentences("a\n\xC3", "t"), "t line 2");
}

}  // namespace
}  // namespace eddy
