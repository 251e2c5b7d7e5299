// What a voice takes a text to be made of: its letters, phonemes, or the phonemes that a model of spellings finds in its
// words.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tasks/speak/sounds.h"

namespace eddy {

struct VoiceAlphabet {
  bool letters = true;                                     // else phonemes
  std::shared_ptr<const SpellingSounds> sounds = nullptr;  // finds the phonemes of words; without it, texts are of phonemes

  bool reads_words() const { return letters || sounds != nullptr; }
  std::string unit() const { return letters ? "letters" : "phonemes"; }
};

// Whether it is a mark (of ASCII, Latin 1, general punctuation, and that of East Asia) or a space, and no letter.
bool IsMark(std::string_view code_point);

// Texts as symbols. What a word sounds like is kept for when it comes again.
class SymbolReader {
 public:
  // `edge` is the symbol of silence at both ends.
  SymbolReader(VoiceAlphabet alphabet, std::string_view edge);

  // The letters of a text in small letters, or its phonemes, between edges; phonemes that have them already get no others.
  // By sounds, spaces and marks between words are symbols as well. None for an empty text. Throws Error for letters and
  // digits that the model of spellings has not learned.
  std::vector<std::string> operator()(std::string_view text);

 private:
  std::vector<std::string> BySounds(std::string_view text);
  void AddWord(std::string& word, std::vector<std::string>& symbols);

  const VoiceAlphabet alphabet_;
  const std::string edge_;
  std::unordered_map<std::string, std::vector<std::string>> words_;
};

}  // namespace eddy
