#include "data/word_vectors.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <unordered_map>

#include "data/excerpt.h"
#include "data/subword_vectors.h"
#include "data/utf8.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostVectorWordBytes = 4096;

// The vectors that are kept, of the words as a file gives them.
class Keeper {
 public:
  Keeper(const std::string& path, const WantedWords& wanted, size_t width)
      : path_(path), wanted_(wanted), kept_{width, {}, {}} {
    Require(width >= 1 && width <= kMostVectorWidth, "vectors", path,
            fmt::format("of 1 to {} numbers a word", kMostVectorWidth), std::to_string(width));
  }

  // Whether the vector of this word is worth reading.
  bool Wants(std::string_view word) {
    if (word.empty() || InvalidUtf8(word) < word.size()) return false;
    form_ = wanted_.form(word);
    const auto known = places_.find(form_);
    if (known != places_.end()) return !known->second.exact && form_ == word;
    return wanted_.words.contains(form_) || others_ < wanted_.others;
  }

  // Of the word last asked for.
  void Keep(std::string_view word, const std::vector<float>& vector, const std::string& place) {
    for (const float value : vector) {
      if (!std::isfinite(value)) Fail("vectors", place, "of finite numbers", std::to_string(value));
    }
    const auto [at, fresh] = places_.try_emplace(form_, Place{kept_.words.size(), false});
    at->second.exact = form_ == word;
    if (fresh) {
      others_ += !wanted_.words.contains(form_);
      kept_.words.push_back(form_);
      kept_.values.insert(kept_.values.end(), vector.begin(), vector.end());
    } else {
      std::copy(vector.begin(), vector.end(), kept_.values.begin() + static_cast<ptrdiff_t>(at->second.row * kept_.width));
    }
  }

  bool Has(const std::string& form) const { return places_.contains(form); }
  size_t width() const { return kept_.width; }

  WordVectors Take() {
    bool any = false;
    for (const std::string& word : kept_.words) any = any || wanted_.words.contains(word);
    Require(any || wanted_.words.empty(), "vectors", path_, "of words that the data have", "of none of them");
    return std::move(kept_);
  }

 private:
  struct Place {
    size_t row;
    bool exact;  // spelled like the form
  };

  const std::string& path_;
  const WantedWords& wanted_;
  WordVectors kept_;
  std::unordered_map<std::string, Place> places_;  // of forms
  std::string form_;
  size_t others_ = 0;
};

// The numbers at the end of a line, `width` of them behind a word and a space; none where it is not such a line.
bool ParseVector(std::string_view line, size_t width, std::string_view& word, std::vector<float>& vector) {
  vector.resize(width);
  for (size_t i = width; i-- > 0;) {
    const size_t space = line.find_last_of(" \t");
    if (space == std::string_view::npos || space == 0) return false;
    const std::string_view number = line.substr(space + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), vector[i]);
    if (error != std::errc() || end != number.data() + number.size()) return false;
    line = line.substr(0, space);
  }
  word = line;
  return true;
}

void TrimEnd(std::string& line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.pop_back();
}

// "V D", with which word2vec's and fastText's files begin.
std::optional<size_t> HeaderWidth(const std::string& line) {
  size_t count = 0, width = 0;
  const char* const end = line.data() + line.size();
  const auto first = std::from_chars(line.data(), end, count);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, width);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return width;
}

// A line that holds more than text can: what follows a header in word2vec's binary form.
bool LooksBinary(std::ifstream& file, size_t width) {
  const std::streampos here = file.tellg();
  std::string line(kMostVectorWordBytes + 32 * width, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<size_t>(file.gcount()));
  file.clear();
  file.seekg(here);
  line.resize(std::min(line.find('\n'), line.size()));
  TrimEnd(line);
  std::string_view word;
  std::vector<float> vector;
  return !ParseVector(line, width, word, vector);
}

WordVectors ReadBinary(std::ifstream& file, const std::string& path, Keeper keeper, size_t count) {
  const size_t width = keeper.width();
  std::vector<float> vector(width);
  for (size_t i = 0; i < count; ++i) {
    std::string word;
    for (int byte = file.get(); byte != ' '; byte = file.get()) {
      const bool fits = byte != std::ifstream::traits_type::eof() && word.size() < kMostVectorWordBytes;
      Require(fits, "vectors", path, fmt::format("of the {} words that it says", count),
              fmt::format("cut off at word {}", i + 1));
      if (byte != '\n') word.push_back(static_cast<char>(byte));
    }
    file.read(reinterpret_cast<char*>(vector.data()), static_cast<std::streamsize>(width * sizeof(float)));
    Require(bool(file), "vectors", path, fmt::format("of the {} words that it says", count),
            fmt::format("cut off at word {}", i + 1));
    if (keeper.Wants(word)) keeper.Keep(word, vector, fmt::format("{} word {}", path, i + 1));
  }
  return keeper.Take();
}

WordVectors ReadLines(std::ifstream& file, const std::string& path, Keeper keeper, size_t number) {
  std::vector<float> vector;
  std::string_view word;
  for (std::string line; std::getline(file, line); ++number) {
    TrimEnd(line);
    if (line.empty()) continue;
    const size_t most = kMostVectorWordBytes + 32 * keeper.width();
    if (line.size() > most || !ParseVector(line, keeper.width(), word, vector)) {
      Fail("vectors", fmt::format("{} line {}", path, number), fmt::format("a word and {} numbers", keeper.width()),
           Excerpt(line));
    }
    if (keeper.Wants(word)) keeper.Keep(word, vector, fmt::format("{} line {}", path, number));
  }
  return keeper.Take();
}

WordVectors ReadSubwords(const std::string& path, const WantedWords& wanted) {
  SubwordVectors model(path);
  Keeper keeper(path, wanted, model.width());
  for (const std::string& word : model.words()) {
    if (keeper.Wants(word)) keeper.Keep(word, model.Vector(word), path);
  }
  std::vector<std::string> absent;
  for (const std::string& form : wanted.words) {
    if (!keeper.Has(form)) absent.push_back(form);
  }
  std::sort(absent.begin(), absent.end());
  for (const std::string& form : absent) {
    const std::vector<float> vector = model.Vector(form);
    if (!vector.empty() && keeper.Wants(form)) keeper.Keep(form, vector, path);
  }
  return keeper.Take();
}

double MeanSquare(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += double{value} * double{value};
  return sum / static_cast<double>(values.size());
}

}  // namespace

WordVectors ReadWordVectors(const std::string& path, const WantedWords& wanted) {
  if (SubwordVectors::IsOne(path)) return ReadSubwords(path, wanted);
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail("vectors", path, "a readable file", std::strerror(errno));
  std::string first;
  first.resize(kMostVectorWordBytes + 32 * kMostVectorWidth);
  file.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<size_t>(file.gcount()));
  file.clear();
  Require(!first.empty(), "vectors", path, "a readable file of words and their vectors", "empty, or a folder");
  first.resize(std::min(first.find('\n'), first.size()));
  const std::string header = first;
  TrimEnd(first);
  if (const std::optional<size_t> width = HeaderWidth(first)) {
    file.seekg(static_cast<std::streamoff>(header.size() + 1));
    Keeper keeper(path, wanted, *width);
    if (!LooksBinary(file, *width)) return ReadLines(file, path, std::move(keeper), 2);
    return ReadBinary(file, path, std::move(keeper), std::stoull(first));
  }
  file.seekg(0);
  size_t width = 0;
  for (size_t at = first.find_first_of(" \t"); at != std::string::npos; at = first.find_first_of(" \t", at + 1)) ++width;
  return ReadLines(file, path, Keeper(path, wanted, width), 1);
}

size_t PutVectors(const WordVectors& vectors, const Vocabulary& words, Tensor& rows) {
  const size_t width = vectors.width;
  Require(rows.dim(1) == width, "vectors", "the rows", fmt::format("of {} numbers", width), std::to_string(rows.dim(1)));
  const double was = MeanSquare(rows.values()), is = MeanSquare(vectors.values);
  const double factor = is > 0 ? std::sqrt(was / is) : 1;
  size_t found = 0;
  for (size_t i = 0; i < vectors.words.size(); ++i) {
    const int32_t row = words.Find(vectors.words[i]);
    if (row == kNoToken) continue;
    ++found;
    for (size_t k = 0; k < width; ++k) {
      rows[static_cast<size_t>(row) * width + k] = static_cast<Real>(factor * double{vectors.values[i * width + k]});
    }
  }
  return found;
}

}  // namespace eddy
