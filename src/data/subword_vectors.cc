#include "data/subword_vectors.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "data/utf8.h"
#include "data/word_vectors.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr int32_t kMagic = 793712314, kVersion = 12;
constexpr size_t kMostWordBytes = 1 << 16;
constexpr int32_t kMostEntries = 1 << 28;

// FNV-1a in 32 bits of bytes as signed numbers, as fastText has it.
uint32_t Hash(std::string_view text) {
  uint32_t hash = 2166136261;
  for (const char byte : text) hash = (hash ^ static_cast<uint32_t>(static_cast<int8_t>(byte))) * 16777619;
  return hash;
}

}  // namespace

bool SubwordVectors::IsOne(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  int32_t magic = 0;
  file.read(reinterpret_cast<char*>(&magic), sizeof magic);
  return file && magic == kMagic;
}

template <typename T>
T SubwordVectors::Take() {
  T value{};
  file_.read(reinterpret_cast<char*>(&value), sizeof value);
  Require(bool(file_), "vectors", path_, "a whole file", "cut off");
  return value;
}

std::string SubwordVectors::TakeWord() {
  std::string word;
  for (int byte = file_.get(); byte != 0; byte = file_.get()) {
    const bool goes_on = byte != std::ifstream::traits_type::eof() && word.size() < kMostWordBytes;
    Require(goes_on, "vectors", path_, "a whole file", "cut off");
    word.push_back(static_cast<char>(byte));
  }
  return word;
}

SubwordVectors::SubwordVectors(const std::string& path) : path_(path), file_(path, std::ios::binary) {
  std::error_code error;
  size_ = std::filesystem::file_size(path, error);
  const auto sane = [&](bool holds, const std::string& what, int64_t is) {
    Require(holds && !error, "vectors", path, what, std::to_string(is));
  };
  Take<int32_t>();  // the magic number
  const auto version = Take<int32_t>();
  sane(version == kVersion, "of version 12 of fastText's format", version);
  const auto width = Take<int32_t>();
  sane(width >= 1 && width <= static_cast<int32_t>(kMostVectorWidth),
       fmt::format("of 1 to {} numbers a word", kMostVectorWidth), width);
  width_ = static_cast<size_t>(width);
  for (int skipped = 0; skipped < 7; ++skipped) Take<int32_t>();  // ws, epoch, minCount, neg, wordNgrams, loss, model
  const auto buckets = Take<int32_t>();
  sane(buckets >= 0, "of at least 0 buckets", buckets);
  buckets_ = static_cast<uint64_t>(buckets);
  shortest_ = Take<int32_t>();
  longest_ = Take<int32_t>();
  sane(shortest_ >= 0 && longest_ <= 1000, "of n-grams of up to 1000 characters", longest_);
  Take<int32_t>();  // lrUpdateRate
  Take<double>();   // t
  const auto entries = Take<int32_t>();
  sane(entries >= 0 && entries <= kMostEntries, "of a number of words that makes sense", entries);
  Take<int32_t>();  // words
  Take<int32_t>();  // labels
  Take<int64_t>();  // tokens
  const auto pruned = Take<int64_t>();
  sane(pruned <= 0, "of all its n-grams, not pruned", pruned);
  for (int32_t i = 0; i < entries; ++i) {  // words, then labels
    std::string word = TakeWord();
    Take<int64_t>();  // its count
    if (Take<int8_t>() != 0) continue;
    rows_.emplace(word, words_.size());
    words_.push_back(std::move(word));
  }
  const auto quantized = Take<uint8_t>();
  sane(quantized == 0, "of whole numbers, not quantized", quantized);
  const auto rows = Take<int64_t>(), columns = Take<int64_t>();
  sane(columns == width, fmt::format("of {} columns", width), columns);
  vectors_at_ = static_cast<uint64_t>(file_.tellg());
  const uint64_t fit = (size_ - vectors_at_) / (width_ * sizeof(float));
  sane(rows >= 0 && static_cast<uint64_t>(rows) <= fit && static_cast<uint64_t>(rows) >= words_.size(),
       fmt::format("of rows for {} words in its {} bytes", words_.size(), size_), rows);
  buckets_ = std::min(buckets_, static_cast<uint64_t>(rows) - words_.size());
}

void SubwordVectors::AddRow(uint64_t row, std::vector<double>& sum) {
  std::vector<float> values(width_);
  file_.seekg(static_cast<std::streamoff>(vectors_at_ + row * width_ * sizeof(float)));
  file_.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(width_ * sizeof(float)));
  Require(bool(file_), "vectors", path_, "a whole file", "cut off");
  for (size_t k = 0; k < width_; ++k) sum[k] += double{values[k]};
}

std::vector<float> SubwordVectors::Vector(const std::string& word) {
  std::vector<double> sum(width_);
  size_t count = 0;
  if (const auto known = rows_.find(word); known != rows_.end()) {
    AddRow(known->second, sum);
    ++count;
  }
  const std::string marked = word == "</s>" ? "" : "<" + word + ">";  // the end of a sentence has no subwords
  for (size_t begin = 0; buckets_ > 0 && begin < marked.size();) {
    size_t end = begin;
    for (int32_t n = 1; n <= longest_ && end < marked.size(); ++n) {
      end += std::max<size_t>(CodePointBytes(std::string_view(marked).substr(end)), 1);
      const bool mark_alone = n == 1 && (begin == 0 || end == marked.size());
      if (n < shortest_ || mark_alone) continue;
      AddRow(words_.size() + Hash(std::string_view(marked).substr(begin, end - begin)) % buckets_, sum);
      ++count;
    }
    begin += std::max<size_t>(CodePointBytes(std::string_view(marked).substr(begin)), 1);
  }
  if (count == 0) return {};
  std::vector<float> mean(width_);
  for (size_t k = 0; k < width_; ++k) mean[k] = static_cast<float>(sum[k] / static_cast<double>(count));
  return mean;
}

}  // namespace eddy
