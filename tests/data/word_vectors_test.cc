#include "data/word_vectors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "model/temporary_directory.h"

namespace eddy {
namespace word_vectors_test {

class WordVectorsTest : public testing::Test {
 protected:
  std::string Write(const std::string& bytes) const {
    std::ofstream(directory_ / "v", std::ios::binary) << bytes;
    return directory_ / "v";
  }
  TemporaryDirectory directory_;
};

std::string Same(std::string_view word) { return std::string(word); }
std::string Lower(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

template <typename T>
std::string Bytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

TEST_F(WordVectorsTest, text_with_and_without_a_header_and_binary_files_are_read_alike) {
  const std::string lines = "the 1 2\nof 0.5 -3e-1\nand 0 4\n";
  const std::string binary = "3 2\nthe " + Bytes(1.0f) + Bytes(2.0f) + "\nof " + Bytes(0.5f) + Bytes(-3e-1f) + "\nand " +
                             Bytes(0.0f) + Bytes(4.0f) + "\n";
  for (const std::string& file : {lines, "3 2\n" + lines, binary}) {
    const WordVectors read = ReadWordVectors(Write(file), {Same, {"and", "the"}, 0});
    EXPECT_EQ(read.width, 2u);
    EXPECT_EQ(read.words, (std::vector<std::string>{"the", "and"}));
    EXPECT_EQ(read.values, (std::vector<float>{1, 2, 0, 4}));
    EXPECT_EQ(ReadWordVectors(Write(file), {Same, {"and"}, 1}).words, (std::vector<std::string>{"the", "and"}));
  }
}

TEST_F(WordVectorsTest, the_word_that_is_spelled_like_its_form_is_taken_and_otherwise_the_first) {
  const std::string lines = "Apple 1\napple 2\nBERLIN 3\nBerlin 4\n. . 5\nbad\xFF 6\n";
  const WordVectors read = ReadWordVectors(Write(lines), {Lower, {"apple", "berlin", ". ."}, 10});
  EXPECT_EQ(read.words, (std::vector<std::string>{"apple", "berlin", ". ."}));
  EXPECT_EQ(read.values, (std::vector<float>{2, 3, 5}));
}

// Two words, "ab" and a label, and four buckets of n-grams of one and two characters.
std::string SubwordFile() {
  std::string file = Bytes(int32_t{793712314}) + Bytes(int32_t{12});
  for (const int32_t argument : {2, 5, 5, 1, 5, 1, 1, 2, 4, 1, 2, 100}) file += Bytes(argument);
  file += Bytes(1e-4);
  for (const int32_t count : {2, 1, 1}) file += Bytes(count);
  file += Bytes(int64_t{7}) + Bytes(int64_t{-1});
  file += std::string("ab") + '\0' + Bytes(int64_t{7}) + Bytes(int8_t{0});
  file += std::string("__label__x") + '\0' + Bytes(int64_t{1}) + Bytes(int8_t{1});
  file += Bytes(uint8_t{0}) + Bytes(int64_t{5}) + Bytes(int64_t{2});
  for (int i = 0; i < 10; ++i) file += Bytes(static_cast<float>(i));
  return file;
}

uint64_t Bucket(std::string_view ngram) {
  uint32_t hash = 2166136261;
  for (const char byte : ngram) hash = (hash ^ static_cast<uint8_t>(byte)) * 16777619;
  return hash % 4;
}

TEST_F(WordVectorsTest, words_of_a_file_of_subwords_are_the_mean_of_theirs_also_where_they_do_not_stand_in_it) {
  const auto mean = [](std::initializer_list<std::string_view> ngrams, bool known) {
    float sum = 0;  // of the first numbers: row r has 2 r and 2 r + 1
    for (const std::string_view ngram : ngrams) sum += 2 * static_cast<float>(1 + Bucket(ngram));
    return sum / static_cast<float>(ngrams.size() + known);
  };
  const WordVectors read = ReadWordVectors(Write(SubwordFile()), {Same, {"ab", "a"}, 0});
  EXPECT_EQ(read.words, (std::vector<std::string>{"ab", "a"}));
  ASSERT_EQ(read.values.size(), 4u);
  EXPECT_FLOAT_EQ(read.values[0], mean({"<a", "a", "ab", "b", "b>"}, true));
  EXPECT_FLOAT_EQ(read.values[2], mean({"<a", "a", "a>"}, false));
  EXPECT_FLOAT_EQ(read.values[3] - read.values[2], 1);
}

TEST_F(WordVectorsTest, what_is_no_file_of_vectors_is_an_error_that_says_where) {
  const auto read = [&](const std::string& bytes) { return ReadWordVectors(Write(bytes), {Same, {"the"}, 1}); };
  EXPECT_ERROR(ReadWordVectors(directory_ / "none", {Same, {}, 1}), "none");
  EXPECT_ERROR(ReadWordVectors(directory_ / "", {Same, {}, 1}), "vectors");
  EXPECT_ERROR(read(""), "empty");
  EXPECT_ERROR(read("the\n"), "1 to 4096 numbers");
  EXPECT_ERROR(read("the 1 2\nof 1\n"), "line 2");
  EXPECT_ERROR(read("the 1 2\nof 1 x\n"), "line 2");
  EXPECT_ERROR(read("the 1 nan\n"), "line 1");
  EXPECT_ERROR(read("2 2\nthe 1 2\nof 1\n"), "line 3");
  EXPECT_ERROR(read("9999999999999 99999\nthe 1 2\n"), "1 to 4096 numbers");
  EXPECT_ERROR(read("99999999999999 2\nthe " + Bytes(1.0f) + Bytes(-2.0f)), "cut off at word 2");
  EXPECT_ERROR(read("1 2\nthe " + Bytes(1.0f)), "cut off at word 1");
  EXPECT_ERROR(read("1 1\nthe " + Bytes(std::numeric_limits<float>::infinity())), "finite");
  EXPECT_ERROR(read("of 1 2\nto 1 2\n"), "of none of them");
  EXPECT_ERROR(read(std::string(100'000, 'x')), "vectors");
  const std::string whole = SubwordFile();
  for (size_t size = 4; size < whole.size(); ++size) EXPECT_ERROR(read(whole.substr(0, size)), "vectors");
  std::string hostile = whole;
  std::memset(hostile.data() + 64, 0x7F, 4);  // the number of words
  EXPECT_ERROR(read(hostile), "vectors");
}

TEST_F(WordVectorsTest, rows_are_put_in_at_the_size_that_the_others_have) {
  const Vocabulary words({"<unk>", "the", "of"});
  Tensor rows({3, 2});
  for (Real& value : rows.values()) value = 0.5f;
  const size_t found = PutVectors({2, {"of", "far"}, {3, 4, 0, 0}}, words, rows);
  EXPECT_EQ(found, 1u);
  EXPECT_EQ(rows[0], 0.5f);
  EXPECT_EQ(rows[2], 0.5f);
  const double factor = 0.5 / std::sqrt((9.0 + 16.0) / 4);
  EXPECT_FLOAT_EQ(rows[4], static_cast<Real>(3 * factor));
  EXPECT_FLOAT_EQ(rows[5], static_cast<Real>(4 * factor));
  Tensor wide({3, 4});
  EXPECT_ERROR(PutVectors({2, {"of"}, {3, 4}}, words, wide), "of 2 numbers");
}

}  // namespace word_vectors_test
}  // namespace eddy
