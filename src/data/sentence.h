// How a sentence is cut for a classifier: into words in lower case (ASCII letters are folded; a punctuation mark is a word,
// white space is none) or into characters as they are. Words and characters that are rare are the unknown one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/tokenizer.h"
#include "data/vocabulary.h"

namespace eddy {

// Throws Error for text that is not UTF-8, naming `place`, and for bytes as units.
std::vector<std::string> CutSentence(std::string_view text, TextUnit unit, std::string_view place);

void FoldCase(std::string& word);  // capital letters of ASCII become small ones

struct SentenceFormat {
  TextUnit unit = TextUnit::kWords;
  Vocabulary vocabulary;  // the unknown token first

  // At least one token: a sentence of none is one unknown token.
  std::vector<int32_t> Encode(const std::vector<std::string>& tokens) const;
};

// The vocabulary of sentences already cut: at most `most` tokens that occur at least `min_count` times.
Vocabulary SentenceVocabulary(const std::vector<std::vector<std::string>>& sentences, size_t min_count, size_t most);

}  // namespace eddy
