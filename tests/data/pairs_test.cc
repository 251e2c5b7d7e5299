#include "data/pairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "data/base64.h"
#include "data/hangul.h"
#include "data/side_format.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace pairs_test {

TEST(pairs, a_table_and_two_files_of_lines_give_the_same_pairs) {
  const PairSet table = ParsePairTable(
      "\xEF\xBB\xBF"
      "ein Hund\ta dog\r\n\n zwei \t two\n",
      "t.tsv");
  const PairSet lines = ParsePairLines("ein Hund\r\n\nzwei", "a dog\n \ntwo\n", {{}, "de", "en"});
  ASSERT_EQ(table.size(), 2u);
  ASSERT_EQ(lines.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(table[i].source, lines[i].source);
    EXPECT_EQ(table[i].target, lines[i].target);
  }
  EXPECT_EQ(table[1].source, "zwei");
}

TEST(pairs, what_is_no_pair_is_an_error_that_names_the_line) {
  EXPECT_ERROR(ParsePairTable("a\tb\nc\n", "t.tsv"), "t.tsv line 2");
  EXPECT_ERROR(ParsePairTable("a\tb\nc\td\te\n", "t.tsv"), "2 tabs");
  EXPECT_ERROR(ParsePairTable("a\tb\n\tc\n", "t.tsv"), "empty on one side");
  EXPECT_ERROR(ParsePairTable("a\t \n", "t.tsv"), "t.tsv line 1");
  EXPECT_ERROR(ParsePairTable("a\t\xFF\n", "t.tsv"), "UTF-8");
  EXPECT_ERROR(ParsePairTable(" \n\n", "t.tsv"), "without any");
  EXPECT_ERROR(ParsePairTable("a\t" + std::string(kMostSideBytes + 1, 'b'), "t.tsv"), "t.tsv line 1");
  const PairFiles files{{}, "de", "en"};
  EXPECT_ERROR(ParsePairLines("a\nb\n", "c\n", files), "en must be of 2 lines");
  EXPECT_ERROR(ParsePairLines("a\n\n", "c\nd\n", files), "de line 2");
  EXPECT_ERROR(ParsePairLines("\n", "\n", files), "de and en");
  EXPECT_ERROR(ParseLines("", "x"), "empty");
  EXPECT_EQ(ParseLines("a \n\nb", "x"), (std::vector<std::string>{"a", "", "b"}));
}

// `count` good lines.
std::string GoodPairs(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "a\tb\n";
  return text;
}

TEST(pairs, a_few_bad_lines_are_skipped_and_told) {
  Reading reading;
  const std::string bad = "\tc\n", long_line = std::string(kMostSideBytes + 1, 'b') + "\tc\n", broken = "a\t\xC3\n";
  EXPECT_EQ(ParsePairTable(GoodPairs(300) + bad + long_line + broken, "t.tsv", &reading).size(), 300u);
  EXPECT_EQ(reading.skipped.count, 3u);
  EXPECT_EQ(reading.skipped.of, 303u);
  EXPECT_EQ(reading.skipped.first[0], "t.tsv line 301 must be a pair of texts, but is empty on one side");
  EXPECT_ERROR(ParsePairTable(GoodPairs(299) + bad + bad + bad + bad, "t.tsv"), "4 of 303 bad: t.tsv line 300 must be");
  EXPECT_ERROR(ParsePairTable(GoodPairs(300) + bad, "t.tsv", nullptr, {.strict = true}), "t.tsv line 301");
  std::string from = "x\n", to = "\n";
  for (size_t i = 0; i < 100; ++i) from += "a\n", to += "b\n";
  EXPECT_EQ(ParsePairLines(from, to, {{}, "de", "en"}, &reading).size(), 100u);
  EXPECT_EQ(reading.skipped.first[0], "en line 1 must be a pair of texts, but is empty on one side");
}

TEST(pairs, a_third_column_is_left_out_where_all_lines_have_it_and_is_bad_otherwise) {
  Reading reading;
  const PairSet pairs = ParsePairTable("a\tb\tCC-BY 1\nc\td\tCC-BY 2\n", "t.tsv", &reading);
  EXPECT_EQ(pairs[1].target, "d");
  EXPECT_EQ(reading.notes, (std::vector<std::string>{"of 3 columns the first two are read"}));
  EXPECT_EQ(ParsePairTable(GoodPairs(100) + "a\tb\tc\n", "t.tsv", &reading).size(), 100u);
  EXPECT_EQ(reading.skipped.count, 1u);
}

TEST(pairs, a_header_is_no_pair) {
  for (const char* header : {"source\ttarget", "Word\tPronunciation\tid", "EN\tDE", "de-CH\ten_GB"}) {
    Reading reading;
    const std::string rest = std::count(header, header + strlen(header), '\t') == 2 ? "a\tb\tc\n" : "a\tb\n";
    EXPECT_EQ(ParsePairTable(header + std::string("\n") + rest + rest, "t.tsv", &reading).size(), 2u) << header;
    EXPECT_NE(reading.notes.back().find("is a header"), std::string::npos);
  }
  for (const char* pair : {"it\tes", "word\tWort", "text\ttext", "a\tsource"}) {
    EXPECT_EQ(ParsePairTable(pair, "t.tsv").size(), 1u) << pair;
  }
}

TEST(pairs, those_taken_out_and_those_that_are_left_keep_their_order) {
  PairSet pairs = {{"a", "1"}, {"bb", "2"}, {"c", "333"}, {"d", "4"}};
  const PairSet taken = pairs.TakeOut(std::vector<size_t>{1, 3});
  ASSERT_EQ(taken.size(), 2u);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(taken[0].source, "bb");
  EXPECT_EQ(taken[1].target, "4");
  EXPECT_EQ(pairs[0].target, "1");
  EXPECT_EQ(pairs[1].target, "333");
}

TEST(pairs, a_zero_byte_is_no_text) {
  EXPECT_ERROR(ParsePairTable(std::string_view("a\tb\nc\0\td", 8), "t.tsv"), "zero byte, at byte 5, line 2");
}

TEST(sides, are_cut_and_joined_without_loss) {
  for (const char* text : {"Oh, \"no\" - it's 3.50!", "x", "\xEC\x84\x9C\xEC\x9A\xB8 \xEA\xB0\x80", "a  b"}) {
    for (const SideUnit unit : {SideUnit::kWords, SideUnit::kCharacters}) {
      EXPECT_EQ(JoinSide(CutSide(text, unit), unit), text);
    }
  }
  EXPECT_EQ(JoinSide(CutSide(" a\xCB\x90  j \n", SideUnit::kSymbols), SideUnit::kSymbols), "a\xCB\x90 j");
}

TEST(sides, a_korean_syllable_is_read_as_its_letters) {
  EXPECT_EQ(HangulLetters("\xEA\xB0\x81"), "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8");  // U+AC01 = U+1100 U+1161 U+11A8
  EXPECT_EQ(HangulLetters("\xED\x9E\xA3"), "\xE1\x84\x92\xE1\x85\xB5\xE1\x87\x82");  // the last, U+D7A3
  EXPECT_EQ(HangulLetters("a"), "a");
  EXPECT_EQ(CutSide("\xEA\xB0\x80", SideUnit::kCharacters).size(), 2u);  // without a last letter
  EXPECT_EQ(ComposeHangul("x\xE1\x84\x80\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA7"), "x\xE1\x84\x80\xEA\xB0\x80\xE1\x86\xA7");
}

TEST(sides, short_symbols_with_spaces_between_them_are_told_from_words) {
  EXPECT_EQ(CharactersOrSymbols(Ragged<char>{"a\xCB\x90 t j", "k a n t"}), SideUnit::kSymbols);
  EXPECT_EQ(CharactersOrSymbols(Ragged<char>{"Amsterdam", "New York City"}), SideUnit::kCharacters);
  EXPECT_EQ(CharactersOrSymbols(Ragged<char>{"cat", "a"}), SideUnit::kCharacters);
}

TEST(sides, a_symbol_spelled_like_a_special_token_is_unknown) {
  const SideFormat format = MakeSideFormat({"a <end> b", "a <unk>"}, SideUnit::kSymbols, 1, 100);
  EXPECT_EQ(format.vocabulary.tokens(), (std::vector<std::string>{"<unk>", "<end>", "a", "b"}));
  EXPECT_EQ(format.Encode("a <end> c"), (std::vector<int32_t>{2, 0, 0, 1}));
}

TEST(pieces, are_the_same_for_the_same_texts_and_spell_them) {
  const Ragged<char> texts = {"lower and lowest", "newer and newest", "wider and widest", "the newest, the lowest"};
  const Pieces pieces = Pieces::Learn(texts, 60);
  EXPECT_EQ(Pieces::Learn(texts, 60).bytes(), pieces.bytes());
  const std::vector<std::string> tokens = pieces.tokens();
  EXPECT_EQ(tokens[0], "<unk>");
  EXPECT_EQ(tokens[1], "<end>");
  EXPECT_LE(tokens.size(), 60u);
  const std::vector<std::string> cut = pieces.Cut("the lowest");
  EXPECT_LT(cut.size(), 10u) << "frequent parts are one piece";
  EXPECT_EQ(JoinPieces(cut), "the lowest");
  EXPECT_EQ(Pieces(DecodeBase64(EncodeBase64(pieces.bytes()))).Cut("the lowest"), cut);
}

TEST(pieces, fewer_are_learned_of_little_and_what_is_no_model_is_an_error) {
  EXPECT_LT(Pieces::Learn({"ab", "ab"}, 8000).tokens().size(), 20u);
  EXPECT_ERROR(Pieces("no model"), "SentencePiece");
  EXPECT_ERROR(Pieces(""), "SentencePiece");
}

TEST(base64, is_that_of_the_standard_and_comes_back) {
  EXPECT_EQ(EncodeBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(EncodeBase64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(EncodeBase64("foob"), "Zm9vYg==");
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i * 7);
    EXPECT_EQ(DecodeBase64(EncodeBase64(bytes)), bytes);
  }
  for (const char* wrong : {"Zm9v!", "Zm9vYg=", "Zg=a", "Zh==", "=", "Z"}) EXPECT_ERROR(DecodeBase64(wrong), "base64");
}

}  // namespace pairs_test
}  // namespace eddy
