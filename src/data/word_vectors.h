// Vectors of words that were learned elsewhere, from what other tools write: word2vec (Mikolov 2013), text and binary; GloVe
// (Pennington 2014); fastText (Bojanowski 2017), .vec and .bin. From a .bin every word has a vector, made of its subwords
// where it does not stand there. Which of them a file is, its beginning tells.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "data/vocabulary.h"
#include "eddy/tensor.h"

namespace eddy {

inline constexpr size_t kMostVectorWidth = 4096;

struct WordVectors {
  size_t width = 0;
  std::vector<std::string> words;  // as they are looked up, each once, in the file's order; those of subwords behind
  std::vector<float> values;       // [words, width]
};

struct WantedWords {
  std::function<std::string(std::string_view)> form;  // how a word is looked up, such as in lower case
  std::unordered_set<std::string> words;              // forms that are wanted wherever they stand
  size_t others = 0;                                  // and at most so many others, the file's first, its most frequent
};

// Of words of one form, that which is spelled like it is read, else the first. Words that are not UTF-8 are left out. A file
// is read in one pass; memory is that of the words kept. Throws Error for a file that is none of these, is cut off, has
// lines of different widths (by number), numbers that are not finite, and none of the wanted words.
WordVectors ReadWordVectors(const std::string& path, const WantedWords& wanted);

// Puts the vectors into the rows [V, width] of their words, all times one factor, by which their mean square becomes that of
// the rows before. The other rows stay as they are. Returns how many rows were found.
size_t PutVectors(const WordVectors& vectors, const Vocabulary& words, Tensor& rows);

}  // namespace eddy
