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

using VisitToken = std::function<void(std::string_view)>;  // it is valid until the call returns

// Visits the tokens in their order. Throws Error for text that is not UTF-8, naming `place`, and for bytes as units.
void VisitSentence(std::string_view text, TextUnit unit, std::string_view place, const VisitToken& visit);
// All of them.
std::vector<std::string> CutSentence(std::string_view text, TextUnit unit, std::string_view place);

using CutSentences = std::vector<std::vector<std::string>>;

// Sentences by number, each cut when it is asked for: cut all at once they would take some ten times their bytes.
class SentenceSource {
 public:
  using VisitTokens = std::function<void(size_t, const VisitToken&)>;  // of the sentences 0 to size - 1

  SentenceSource(size_t size, VisitTokens visit) : size_(size), visit_(std::move(visit)) {}
  SentenceSource(const CutSentences& sentences)  // which must outlive it
      : SentenceSource(sentences.size(), [&sentences](size_t i, const VisitToken& visit) {
          for (const std::string& token : sentences[i]) visit(token);
        }) {}

  size_t size() const { return size_; }
  void Visit(size_t i, const VisitToken& visit) const { visit_(i, visit); }
  std::vector<std::string> operator[](size_t i) const;

 private:
  size_t size_;
  VisitTokens visit_;
};

struct SentenceFormat {
  TextUnit unit = TextUnit::kWords;
  Vocabulary vocabulary;  // the unknown token first

  // At least one token: a sentence of none is one unknown token.
  std::vector<int32_t> Encode(const std::vector<std::string>& tokens) const;
  std::vector<int32_t> Encode(std::string_view text, std::string_view place) const;  // cut as it is visited
};

// At most `most` tokens that occur at least `min_count` times.
Vocabulary SentenceVocabulary(const SentenceSource& sentences, size_t min_count, size_t most);

}  // namespace eddy
