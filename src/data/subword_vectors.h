// fastText's .bin files: vectors of words and of their subwords (Bojanowski, Grave, Joulin and Mikolov 2017). A word's
// vector is the mean of its own and those of the n-grams of its characters, "<" before and ">" behind it; a word that does
// not stand in the file has those of its n-grams.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eddy {

class SubwordVectors {
 public:
  static bool IsOne(const std::string& path);  // by its first bytes

  // Reads the words; the vectors stay in the file. Throws Error for a file that is cut off, quantized, or of sizes that make
  // no sense.
  explicit SubwordVectors(const std::string& path);

  size_t width() const { return width_; }
  const std::vector<std::string>& words() const { return words_; }  // the most frequent first
  std::vector<float> Vector(const std::string& word);               // [width]; empty where nothing of it is known

 private:
  template <typename T>
  T Take();
  std::string TakeWord();
  void AddRow(uint64_t row, std::vector<double>& sum);

  const std::string path_;
  std::ifstream file_;
  uint64_t size_ = 0;  // of the file in bytes
  size_t width_ = 0;
  int32_t shortest_ = 0, longest_ = 0;  // n-grams, in characters
  uint64_t buckets_ = 0;                // into which they are hashed
  uint64_t vectors_at_ = 0;             // in the file
  std::vector<std::string> words_;
  std::unordered_map<std::string, uint64_t> rows_;
};

}  // namespace eddy
