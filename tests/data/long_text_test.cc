// A text that is read by blocks is the text that is read at once.
#include "data/long_text.h"

#include <gtest/gtest.h>

#include "data/token_pages.h"
#include "data/token_store.h"
#include "data/tokenizer.h"
#include "eddy/random.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace long_text_test {

constexpr size_t kBlock = LongText::kBlockBytes;

// Characters of 1 to 4 bytes, drawn.
std::string TextOf(size_t least_bytes, uint64_t seed) {
  const std::vector<std::string> characters = {"a", "e", "\n", " ", "ß", "Ω", "€", "語", "𝄞"};
  Random random(seed);
  std::string text;
  while (text.size() < least_bytes) text += characters[random.Below(characters.size())];
  return text;
}

void LookAtAll(LongText& text) {
  std::vector<LongText::Block> seen;
  for (size_t block = 0; block < text.blocks(); ++block) seen.push_back(text.LookAt(block));
  text.Know(seen);
}

TEST(LongText, its_blocks_are_the_text_and_no_character_is_cut) {
  const TemporaryDirectory directory;
  for (const TextUnit unit : {TextUnit::kCharacters, TextUnit::kBytes}) {
    for (const size_t bytes : {size_t{1}, kBlock - 1, kBlock, kBlock + 1, 3 * kBlock + 2, 5 * kBlock}) {
      for (uint64_t seed = 0; seed < 8; ++seed) {
        const std::string whole = TextOf(bytes, seed);
        WriteText(directory / "a", whole.substr(0, whole.size() / 3));
        WriteText(directory / "b", whole.substr(whole.size() / 3));
        std::vector<Data> files = {directory / "a", directory / "b"};
        if (whole.size() < 3) files = {directory / "b"};
        LongText text(files, unit);
        LookAtAll(text);
        EXPECT_EQ(text.bytes(), whole.size());
        std::string read;
        size_t tokens = 0;
        for (size_t block = 0; block < text.blocks(); ++block) {
          EXPECT_EQ(text.FirstToken(block), tokens);
          const std::string characters = text.Read(block);
          for (TokenReader reader(characters, unit); reader.Next();) ++tokens;
          read += characters;
        }
        EXPECT_TRUE(read == whole) << bytes;
        EXPECT_EQ(text.tokens(), tokens);
      }
    }
  }
}

TEST(LongText, a_view_has_the_tokens_of_the_text) {
  const TemporaryDirectory directory;
  const std::string whole = TextOf(7 * kBlock + 5, 1);
  WriteText(directory / "text", "\xEF\xBB\xBF" + whole);
  const auto text = std::make_shared<LongText>(std::vector<Data>{directory / "text"}, TextUnit::kCharacters);
  LookAtAll(*text);
  EXPECT_TRUE(text->has_mark());
  const Vocabulary vocabulary({std::string(Vocabulary::kUnknown), "a", "ß", "語", "\n"});
  std::vector<int32_t> expected;
  for (TokenReader reader(whole, TextUnit::kCharacters); reader.Next();) {
    expected.push_back(vocabulary.FindOrUnknown(reader.token()));
  }
  const auto pages = std::make_shared<const TokenPages>(text, vocabulary);
  const TokenStore view(pages, 10, pages->size());
  ASSERT_EQ(view.size(), expected.size() - 10);
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    const size_t at = random.Below(view.size());
    EXPECT_EQ(view[at], expected[at + 10]);
  }
  EXPECT_EQ(view.Copy(5, 40'000), std::vector<int32_t>(expected.begin() + 15, expected.begin() + 40'010));
}

TEST(LongText, what_is_no_text_is_refused_wherever_it_is) {
  const TemporaryDirectory directory;
  const auto error = [&](const std::string& bytes) {
    WriteText(directory / "text", bytes);
    return ErrorOf([&] {
      LongText text({directory / "text"}, TextUnit::kCharacters);
      LookAtAll(text);
    });
  };
  const std::string plain(3 * kBlock, 'x');
  for (const size_t at : {size_t{0}, size_t{5}, kBlock - 1, kBlock, kBlock + 1, 2 * kBlock - 1, 3 * kBlock - 1}) {
    for (const char wrong : {'\0', '\xFF', '\x80', '\xC3', '\xF0'}) {
      std::string bytes = plain;
      bytes[at] = wrong;
      EXPECT_NE(error(bytes).find("UTF-8 text"), std::string::npos) << at;
      EXPECT_NE(error(bytes).find("at byte " + std::to_string(at)), std::string::npos) << error(bytes);
    }
  }
  EXPECT_EQ(error(plain), "");
  EXPECT_NE(error(plain + "\xE8\xAA").find("at byte"), std::string::npos) << "an end in the middle of a character";
  EXPECT_NE(error("").find("empty"), std::string::npos);
  EXPECT_ERROR(LongText({directory / "missing"}, TextUnit::kBytes), "missing must be a readable file");
}

TEST(LongText, a_file_that_changes_is_noticed) {
  const TemporaryDirectory directory;
  const std::string whole = TextOf(4 * kBlock, 2);
  const std::vector<Data> files = {directory / "text"};
  WriteText(directory / "text", whole);
  LongText text(files, TextUnit::kCharacters);
  LookAtAll(text);
  const std::string hash = text.hash();
  std::string other = whole;
  other[other.find('a', 2 * kBlock + 100)] = 'e';
  WriteText(directory / "text", other);
  text.Read(0);
  EXPECT_ERROR(text.Read(2), "the text that it was at the beginning");
  LookAtAll(text);
  EXPECT_NE(text.hash(), hash);
  WriteText(directory / "text", whole.substr(0, kBlock));
  EXPECT_ERROR(text.Read(3), "as long as it was");
}

}  // namespace long_text_test
}  // namespace eddy
