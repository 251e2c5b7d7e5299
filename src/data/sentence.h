// How a sentence is cut for a classifier: into words in lower case (ASCII letters are folded; a punctuation mark is a word,
// white space is none) or into characters as they are. Words and characters that are rare are the unknown one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/tokenizer.h"
#include "data/vocabulary.h"

namespace eddy {

// Throws Error for text that is not UTF-8, naming `place`, and for bytes as units.
std::vector<std::string> CutSentence(std::string_view text, TextUnit unit, std::string_view place);

using CutSentences = std::vector<std::vector<std::string>>;

// Sentences by number, each cut when it is asked for: cut all at once they would take some ten times their bytes.
class SentenceSource {
 public:
  using Cut = std::function<std::vector<std::string>(size_t)>;  // of 0 to size - 1

  SentenceSource(size_t size, Cut cut) : size_(size), cut_(std::move(cut)) {}
  SentenceSource(const CutSentences& sentences)  // which must outlive it
      : SentenceSource(sentences.size(), [&sentences](size_t i) { return sentences[i]; }) {}

  size_t size() const { return size_; }
  std::vector<std::string> operator[](size_t i) const { return cut_(i); }

 private:
  size_t size_;
  Cut cut_;
};

struct SentenceFormat {
  TextUnit unit = TextUnit::kWords;
  Vocabulary vocabulary;  // the unknown token first

  // At least one token: a sentence of none is one unknown token.
  std::vector<int32_t> Encode(const std::vector<std::string>& tokens) const;
};

// At most `most` tokens that occur at least `min_count` times.
Vocabulary SentenceVocabulary(const SentenceSource& sentences, size_t min_count, size_t most);

}  // namespace eddy
