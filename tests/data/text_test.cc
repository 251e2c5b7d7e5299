#include "data/text.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "data/utf8.h"
#include "eddy/error.h"
#include "eddy/random.h"

namespace eddy {
namespace text_test {

// The message of the Error that `run` throws, or "".
template <class Run>
std::string Message(const Run& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> Tokens(std::string_view text, TextUnit unit) {
  std::vector<std::string> tokens;
  for (TokenReader reader(text, unit); reader.Next();) {
    EXPECT_EQ(reader.previous(), unit != TextUnit::kWords || tokens.empty() ? "" : tokens.back());
    tokens.emplace_back(reader.token());
  }
  return tokens;
}

TEST(Utf8, the_first_wrong_byte_is_found_wherever_it_stands) {
  for (size_t before = 0; before < 40; ++before) {
    std::string text(before, 'a');
    if (before >= 3) text.replace(before / 2, 2, "é");
    EXPECT_EQ(InvalidUtf8(text), text.size());
    EXPECT_EQ(InvalidUtf8(text + "\xC3" + std::string(40 - before, 'b')), before);
    EXPECT_EQ(InvalidUtf8(text + "\xE2\x82"), before) << "cut off";
  }
}

std::string Untokenized(const std::vector<std::string>& tokens, TextUnit unit) {
  std::string text, previous;
  for (const std::string& token : tokens) {
    const std::string added = TokenText(unit, token, previous);
    EXPECT_EQ(TokenBytes(unit, token, previous), added.size());
    text += added;
    previous = token;
  }
  return text;
}

TEST(Tokenizer, characters_are_code_points) {
  EXPECT_EQ(Tokens("aé€😀", TextUnit::kCharacters), (std::vector<std::string>{"a", "é", "€", "😀"}));
}

TEST(Tokenizer, bytes_are_spelled_so_that_a_vocabulary_is_valid_text) {
  EXPECT_EQ(Tokens("a \n\xC3", TextUnit::kBytes), (std::vector<std::string>{"a", " ", "<0x0A>", "<0xC3>"}));
}

TEST(Tokenizer, words_split_off_punctuation_and_keep_inner_apostrophes) {
  EXPECT_EQ(
      Tokens("Oh, \"don't\"!\nWell-known: 3 # 4", TextUnit::kWords),
      (std::vector<std::string>{"Oh", "##,", "\"", "##don't", "##\"", "##!", "\n", "Well-known", "##:", "3", "#", "4"}));
}

TEST(Tokenizer, every_cut_can_be_undone) {
  const std::vector<std::string_view> pieces = {"a", "word", " ", "  ", "\n", "\t", "#", "##",    ",",
                                                "'", "-",    "é", "“",  "水", "😀",  "_", "<unk>", "9"};
  Random random(3);
  for (int trial = 0; trial < 2000; ++trial) {
    std::string text;
    for (uint64_t i = random.Below(12); i > 0; --i) text += pieces[random.Below(pieces.size())];
    for (const TextUnit unit : {TextUnit::kCharacters, TextUnit::kBytes, TextUnit::kWords}) {
      EXPECT_EQ(Untokenized(Tokens(text, unit), unit), text) << TextUnitName(unit);
    }
  }
}

TEST(Tokenizer, a_wrong_unit_is_told_the_nearest) {
  EXPECT_EQ(ParseTextUnit("words"), TextUnit::kWords);
  EXPECT_NE(Message([] { ParseTextUnit("wrods"); }).find("did you mean words?"), std::string::npos);
}

TEST(Vocabulary, knows_its_special_tokens_and_refuses_repetitions) {
  const Vocabulary vocabulary({"<end>", "<unk>", "a"});
  EXPECT_EQ(vocabulary.end(), 0);
  EXPECT_EQ(vocabulary.unknown(), 1);
  EXPECT_EQ(vocabulary.Find("a"), 2);
  EXPECT_EQ(vocabulary.Find("b"), kNoToken);
  EXPECT_EQ(vocabulary.FindOrUnknown("b"), 1);
  EXPECT_THROW(Vocabulary({"a", "a"}), Error);
  EXPECT_THROW(Vocabulary(std::vector<std::string>{}), Error);
}

TEST(Text, the_last_tenth_of_a_stream_is_held_out_and_the_vocabulary_is_of_the_rest) {
  const TextSplit split = SplitText("aaaaaaabbbaaaaaaaaxc", {}, "test");
  EXPECT_EQ(split.format.vocabulary.tokens(), (std::vector<std::string>{"<unk>", "a", "b"}));
  EXPECT_EQ(split.train.tokens.size(), 18u);
  EXPECT_EQ(split.train.predicted(), 17u);
  EXPECT_EQ(split.train.unknown, 0u);
  EXPECT_EQ(split.valid.tokens, (TokenStore{0, 0}));
  EXPECT_EQ(split.valid.unknown, 1u) << "of the predicted ones";
  EXPECT_EQ(split.valid.bytes, 1u);
  EXPECT_EQ(split.format.Decode(split.train.tokens.Copy()), "aaaaaaabbbaaaaaaaa");
}

TEST(Text, in_lines_every_line_is_a_sequence_that_ends_with_the_end_token) {
  TextOptions options;
  options.lines = true;
  options.valid = 0.3;
  const TextSplit split = SplitText("ab\r\n\nb\na", options, "test");
  EXPECT_EQ(split.format.vocabulary.tokens(), (std::vector<std::string>{"<end>", "<unk>", "b", "a"}));
  EXPECT_EQ(split.train.tokens, (TokenStore{3, 2, 0, 2, 0}));
  EXPECT_EQ(split.train.ends, (std::vector<size_t>{3, 5}));
  EXPECT_EQ(split.train.boundary, 0);
  EXPECT_EQ(split.train.predicted(), 5u);
  EXPECT_EQ(split.train.bytes, 5u);
  EXPECT_EQ(split.valid.tokens, (TokenStore{3, 0}));
  EXPECT_EQ(split.format.Decode(split.train.tokens.Copy()), "ab\nb\n");
}

TEST(Text, a_held_out_file_of_its_own_is_encoded_by_the_training_vocabulary) {
  const TextSplit split = SplitText("abab", "abë", {}, "train", "valid");
  EXPECT_EQ(split.train.tokens.size(), 4u);
  EXPECT_EQ(split.valid.unknown, 1u);
  EXPECT_EQ(split.valid.unknown_bytes, 2u);
}

TEST(Text, rare_words_and_those_beyond_the_limit_are_unknown) {
  TextOptions options;
  options.unit = TextUnit::kWords;
  options.most_tokens = 2;
  const TextSplit split = SplitText("a a a b b c c c c once", "a b c", options, "train", "valid");
  EXPECT_EQ(split.format.vocabulary.tokens(), (std::vector<std::string>{"<unk>", "c", "a"}));
  EXPECT_EQ(split.train.unknown, 3u);
}

TEST(Text, bytes_take_any_file_and_have_no_unknown_token) {
  TextOptions options;
  options.unit = TextUnit::kBytes;
  const TextSplit split = SplitText("\xFF\xFE\x00\x01", "\x80\x81", options, "train", "valid");
  EXPECT_EQ(split.format.vocabulary.size(), 256u);
  EXPECT_EQ(split.format.Decode(split.valid.tokens.Copy()), "\x80\x81");
}

TEST(Text, bytes_counted_are_those_that_the_predicted_tokens_spell) {
  TextOptions options;
  options.unit = TextUnit::kWords;
  options.min_count = 1;
  const std::string text = "Ein Wort, noch  eins;\nschön!";
  const TextSplit split = SplitText(text, text, options, "train", "valid");
  EXPECT_EQ(split.valid.bytes, text.size() - 3);
}

TEST(Text, a_prompt_may_be_empty_and_keeps_what_was_typed_for_its_unknown_tokens) {
  const TextFormat format = SplitText("ababab", "ab", {}, "train", "valid").format;
  EXPECT_TRUE(format.EncodePrompt("").tokens.empty());
  const Prompt prompt = format.EncodePrompt("aëb");
  EXPECT_EQ(prompt.tokens.size(), 3u);
  EXPECT_EQ(prompt.pieces, (std::vector<std::string>{"a", "ë", "b"}));
  EXPECT_EQ(prompt.unknown, 1u);
}

TEST(Text, invalid_utf8_is_an_error_that_tells_where_and_suggests_bytes) {
  const std::string message = Message([] { SplitText("ab\ncd\xFFzzzzzzzzzzzzz", {}, "book.txt"); });
  EXPECT_NE(message.find("book.txt"), std::string::npos) << message;
  EXPECT_NE(message.find("0xFF at byte 5, line 2"), std::string::npos) << message;
  EXPECT_NE(message.find("bytes"), std::string::npos) << message;
  for (const std::string_view bad :
       {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xF0\x80\x80\x80"}) {
    EXPECT_THROW(SplitText(std::string("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") + std::string(bad), {}, "x"), Error);
  }
}

TEST(Text, a_zero_byte_is_no_text_but_a_byte) {
  const std::string text = std::string(20, 'a') + '\0' + std::string(20, 'b');
  EXPECT_NE(Message([&] { SplitText(text, {}, "x"); }).find("a zero byte, at byte 20, line 1"), std::string::npos);
  TextOptions bytes;
  bytes.unit = TextUnit::kBytes;
  EXPECT_NO_THROW(SplitText(text, bytes, "x"));
}

TEST(Text, what_is_too_short_to_split_and_options_out_of_range_are_errors) {
  EXPECT_THROW(SplitText("", {}, "x"), Error);
  EXPECT_THROW(SplitText("abc", {}, "x"), Error);
  EXPECT_THROW(SplitText("abc", "a", {}, "x", "y"), Error);
  TextOptions lines;
  lines.lines = true;
  EXPECT_THROW(SplitText("one line\n\n", lines, "x"), Error);
  EXPECT_THROW(SplitText("one line", "\n\n", lines, "x", "y"), Error);
  TextOptions share;
  for (const double valid : {0.0, 1.0, -1.0, std::nan("")}) {
    share.valid = valid;
    EXPECT_THROW(SplitText("aaaaaaaaaaaaaaaaaaaaaaaaa", share, "x"), Error);
  }
}

class TextFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("eddy_text_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Write(const std::string& name, std::string_view content) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::filesystem::path folder_;
};

TEST_F(TextFiles, several_files_are_one_text_without_their_byte_order_marks) {
  const std::vector<Data> paths = {Write("a", "\xEF\xBB\xBFone"), Write("b", "\xEF\xBB\xBFtwo\n")};
  EXPECT_EQ(ReadTextFiles(paths, TextUnit::kCharacters, false), "onetwo\n");
  EXPECT_EQ(ReadTextFiles(paths, TextUnit::kCharacters, true), "one\ntwo\n");
  EXPECT_EQ(ReadTextFiles(paths, TextUnit::kBytes, false).size(), 13u);
}

TEST_F(TextFiles, a_file_that_is_missing_empty_or_a_directory_is_an_error_that_names_it) {
  const auto message = [](const std::string& path) { return Message([&] { ReadTextSplit(std::vector{path}, "", {}); }); };
  EXPECT_EQ(message(folder_ / "none"), "read: " + (folder_ / "none").string() + " must be an existing file, but is missing");
  EXPECT_NE(message(folder_).find("a directory"), std::string::npos);
  EXPECT_NE(message(Write("empty", "")).find("empty"), std::string::npos);
  EXPECT_NE(message(Write("file", "x") + "/below").find("must be a readable file"), std::string::npos);
}

}  // namespace text_test
}  // namespace eddy
