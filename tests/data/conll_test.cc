#include "data/conll.h"

#include <gtest/gtest.h>

#include "model/temporary_directory.h"

namespace eddy {
namespace conll_test {

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
  EXPECT_ERROR(ParseConll("a\nb c\n", "t", false), "t line 2 must be of 1 column");
  EXPECT_ERROR(ParseConll("a X\n\xFF Y\n", "t", true), "t line 2 must be valid UTF-8");
  std::string endless;
  for (size_t i = 0; i <= kMostSequenceTokens; ++i) endless += "a X\n";
  EXPECT_ERROR(ParseConll("\n" + endless, "t", true), "from line 2 on");
}

// `count` sequences of a token.
std::string GoodTokens(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "a O\n\n";
  return text;
}

TEST(conll, a_few_bad_lines_are_skipped_and_told) {
  const TokenSet set = ParseConll(GoodTokens(200) + "b\nc \xFF\n", "t", true);
  EXPECT_EQ(set.sequences.size(), 200u);
  EXPECT_EQ(set.reading.skipped.count, 2u);
  EXPECT_EQ(set.reading.skipped.first, (Words{"t line 401 must be a token and its tag, but is of one column",
                                              "t line 402 must be valid UTF-8, but is something else"}));
  EXPECT_ERROR(ParseConll(GoodTokens(200) + "b\n", "t", true, {{}, {}, {.strict = true}}), "t line 401");
  EXPECT_ERROR(ParseConll(GoodTokens(10) + "b\nc\n", "t", true), "2 of 12 bad");
}

TEST(conll, comments_are_left_out_and_a_hash_is_a_token) {
  const TokenSet set = ParseConll("# newdoc id=0\n# text = a b\n# b\n# SYM\n# SYM\n\n## x\na X\n", "t", true);
  ASSERT_EQ(set.sequences.size(), 2u);
  EXPECT_EQ(set.sequences[0].tokens, (Words{"#", "#", "#"}));
  EXPECT_EQ(set.sequences[1].tokens, Words{"a"});
  EXPECT_EQ(ParseConll("# sent_id = 1\n# sent_id 7\na b X\n", "t", true).sequences[0].tokens, Words{"a"})
      << "of as many columns";
}

TEST(conll, columns_are_chosen_by_number) {
  const TokenSet set = ParseConll("1 Rosa NNP B-PER\n2 sings VBZ O\n", "t", true, {"2", "3", {}});
  EXPECT_EQ(set.sequences[0].tokens, (Words{"Rosa", "sings"}));
  EXPECT_EQ(set.sequences[0].tags, (Words{"NNP", "VBZ"}));
  EXPECT_EQ(set.reading.format, "a token a line, 4 columns: column 2 as the token, column 3 as its tag");
  EXPECT_ERROR(ParseConll("a X\n", "t", true, {"3", "", {}}), "from 1 to 2");
  EXPECT_ERROR(ParseConll("a X\n", "t", true, {"0", "", {}}), "from 1 to 2");
  EXPECT_ERROR(ParseConll("a X\n", "t", true, {"", "UPOS", {}}), "a number");
}

constexpr const char* kUniversal =
    "# newdoc\n# text = Damos el paso.\n1-2\tDámoslo\t_\t_\t_\t_\t_\t_\t_\t_\n"
    "1\tDamos\tdar\tVERB\tV\tMood=Ind\t0\troot\t_\t_\n2\tel paso\tel\tNOUN\tN\t_\t1\tobj\t_\t_\n"
    "2.1\tnada\t_\tX\t_\t_\t_\t_\t_\t_\n3\t#\t#\tSYM\tS\t_\t1\tpunct\t_\t_\n\n";

TEST(conll, of_universal_dependencies_is_read_by_the_names_of_its_columns) {
  const TokenSet set = ParseConll(kUniversal, "t", true);
  ASSERT_EQ(set.sequences.size(), 1u);
  EXPECT_EQ(set.sequences[0].tokens, (Words{"Damos", "el paso", "#"}));
  EXPECT_EQ(set.sequences[0].tags, (Words{"VERB", "NOUN", "SYM"}));
  EXPECT_EQ(set.reading.format, "CoNLL-U: FORM as the token, UPOS as its tag");
  EXPECT_EQ(ParseConll(kUniversal, "t", true, {"lemma", "XPOS", {}}).sequences[0].tokens[0], "dar");
  EXPECT_ERROR(ParseConll(kUniversal, "t", true, {"", "XPSO", {}}), "did you mean \"XPOS\"?");
  const TokenSet plus = ParseConll("# global.columns = ID FORM NER\n1\tRosa\tB-PER\n", "t", true, {"", "NER", {}});
  EXPECT_EQ(plus.sequences[0].tags, Words{"B-PER"});
}

TEST(conll, tags_become_a_further_column_only_of_what_was_read) {
  const std::string tagged = AppendTags(kUniversal, {{"A", "B", "C"}});
  EXPECT_NE(tagged.find("# newdoc\n"), std::string::npos);
  EXPECT_NE(tagged.find("1-2\tDámoslo\t_\t_\t_\t_\t_\t_\t_\t_\t_\n"), std::string::npos);
  EXPECT_NE(tagged.find("obj\t_\t_\tB\n"), std::string::npos);
  EXPECT_NE(tagged.find("punct\t_\t_\tC\n"), std::string::npos);
  EXPECT_EQ(AppendTags("a\nb c\nd\n", {{"A", "D"}}), "a A\nb c _\nd D\n");
}

TEST(conll, a_tag_that_looks_like_a_slip_is_noted) {
  const Words notes = ParseConll(GoodTokens(1500) + "a o\nb B-PER\n", "t", true).reading.notes;
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_NE(notes[0].find("\"B-PER\", of 1 token, on line 3002"), std::string::npos) << notes[0];
  EXPECT_NE(notes[1].find("\"o\", of 1 token, on line 3001 first, differs from \"O\" in case alone"), std::string::npos);
  EXPECT_TRUE(ParseConll(GoodTokens(10) + "b B-PER\n", "t", true).reading.notes.empty()) << "of few tokens";
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

}  // namespace conll_test
}  // namespace eddy
