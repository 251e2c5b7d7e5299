#include "data/encoding.h"

#include <gtest/gtest.h>

#include "data/conll.h"
#include "data/examples.h"
#include "data/pairs.h"
#include "data/text.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace encoding_test {

constexpr std::string_view kText = "Zoë says: “naïve” — 水 😀\n";

// UTF-16 or UTF-32 of what is in UTF-8.
std::string Wide(std::string_view text, size_t width, bool little) {
  std::string bytes;
  const auto put = [&](uint32_t unit) {
    for (size_t k = 0; k < width; ++k) bytes += static_cast<char>(unit >> 8 * (little ? k : width - 1 - k));
  };
  for (size_t i = 0; i < text.size();) {
    const auto first = static_cast<uint8_t>(text[i]);
    const size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t code = size == 1 ? first : first & (0xFF >> (size + 1));
    for (size_t k = 1; k < size; ++k) code = code << 6 | (static_cast<uint8_t>(text[i + k]) & 0x3F);
    i += size;
    if (width == 2 && code > 0xFFFF) {
      put(0xD800 + ((code - 0x10000) >> 10));
      code = 0xDC00 + ((code - 0x10000) & 0x3FF);
    }
    put(code);
  }
  return bytes;
}

void ExpectDecoded(const std::string& bytes, std::string_view text, std::string_view encoding) {
  const DecodedText decoded = DecodeText(bytes, "t");
  EXPECT_EQ(decoded.text, text);
  EXPECT_EQ(decoded.encoding, encoding);
}

TEST(encoding, is_told_by_its_mark) {
  const std::string mark = "\uFEFF";
  ExpectDecoded(std::string(kText), kText, "UTF-8");
  ExpectDecoded(mark + std::string(kText), kText, "UTF-8 with a byte order mark");
  ExpectDecoded(Wide(mark, 2, true) + Wide(kText, 2, true), kText, "UTF-16LE");
  ExpectDecoded(Wide(mark, 2, false) + Wide(kText, 2, false), kText, "UTF-16BE");
  ExpectDecoded(Wide(mark, 4, true) + Wide(kText, 4, true), kText, "UTF-32LE");
  ExpectDecoded(Wide(mark, 4, false) + Wide(kText, 4, false), kText, "UTF-32BE");
}

TEST(encoding, of_utf16_without_a_mark_is_told_by_its_zero_bytes) {
  for (const std::string_view text : {kText, std::string_view("a"), std::string_view("Привет, мир! Как дела?\n"),
                                      std::string_view("一个 人。\n他们 来 了\n")}) {
    ExpectDecoded(Wide(text, 2, true), text, "UTF-16LE");
    ExpectDecoded(Wide(text, 2, false), text, "UTF-16BE");
  }
}

TEST(encoding, of_single_bytes_is_latin_1_or_windows_1252) {
  ExpectDecoded("caf\xE9 cr\xE8me\n", "café crème\n", "Latin-1");
  ExpectDecoded("the caf\xE9 \x93quoted\x94 10 \x80\n", "the café “quoted” 10 €\n", "Windows-1252");
}

TEST(encoding, of_damaged_utf8_is_still_utf8) {
  ExpectDecoded("Zo\xC3\xAB na\xC3\xAFve caf\xFF\n", "Zo\xC3\xAB na\xC3\xAFve caf\xFF\n", "UTF-8");
}

TEST(encoding, that_is_none_of_these_is_an_error_that_names_the_place) {
  const auto decode = [](std::string_view bytes) { return DecodeText(std::string(bytes), "t"); };
  EXPECT_ERROR(decode(std::string_view("a text\nwith a \0 in it\n", 22)), "0x00 at byte 14, line 2");
  EXPECT_ERROR(decode(std::string_view("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16)), "0x00 at byte 8");
  EXPECT_ERROR(decode("\xF0\xD2\xC9\xD7\xC5\xD4 \xCD\xC9\xD2"), "another encoding");    // KOI8-R
  EXPECT_ERROR(decode("a table of words with \x81 in it"), "0x81 at byte 22, line 1");  // free in Windows-1252
  EXPECT_ERROR(decode("a binary \x02 file with \xE9 in it"), "0x02 at byte 9");
  EXPECT_ERROR(decode("\xFF\xFEx"), "UTF-16LE text, as its byte order mark says");
  EXPECT_ERROR(decode(Wide("\uFEFF", 2, false) + std::string("\xD8\x00\x00\x41", 4)), "UTF-16BE text");  // half a pair
  EXPECT_ERROR(RequireNoZero(std::string_view("a\n\0", 3), "t"), "a zero byte, at byte 2, line 2");
}

TEST(encoding, is_converted_and_told_by_every_reader) {
  const TemporaryDirectory directory;
  const auto write = [&](const char* name, std::string_view text) {
    WriteText(directory / name, Wide("\uFEFF", 2, true) + Wide(text, 2, true));
    return directory / name;
  };
  Reading reading;
  EXPECT_EQ(ReadTextFiles(std::vector<Data>{write("a.txt", kText)}, TextUnit::kCharacters, false, &reading), kText);
  EXPECT_EQ(reading.encoding, "UTF-16LE");
  EXPECT_EQ(ReadPairs({write("a.tsv", "Zoë\tzoe\n"), {}, {}}, &reading)[0].source, "Zoë");
  EXPECT_EQ(reading.encoding, "UTF-16LE");
  const TokenSet tokens = ReadConll(write("a.conll", "Zoë B-PER\n"), true);
  EXPECT_EQ(tokens.sequences[0].tokens[0], "Zoë");
  EXPECT_EQ(tokens.reading.encoding, "UTF-16LE");
  for (const std::string& path :
       {write("a.csv", "text,label\nZoë,a\n"), write("a.jsonl", "{\"text\":\"Zoë\",\"label\":\"a\"}")}) {
    const ExampleSet set = ReadExamples(path, {"text", {}, "label", "", true});
    EXPECT_EQ(set[0].text(), "Zoë");
    EXPECT_EQ(set.reading.encoding, "UTF-16LE");
  }
  std::filesystem::create_directories(directory / "folder/a");
  write("folder/a/1", "Zoë");
  EXPECT_EQ(ReadExamples(directory / "folder", {"text", {}, "class", "", true}).reading.encoding, "UTF-16LE");
}

}  // namespace encoding_test
}  // namespace eddy
