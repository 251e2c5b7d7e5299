// Words and pairs of words of sentences that have been cut (data/sentence.h), or characters and their pairs, by number.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "data/sentence.h"

namespace eddy {

struct PlacedNgram {
  uint32_t number = 0;
  uint32_t place = 0;  // in the sentence, of the word or of the first of the pair, where it first stands
  bool is_pair = false;
};

class Ngrams {
 public:
  Ngrams() = default;
  // As names() gives them. Throws Error for one that is there twice.
  explicit Ngrams(const std::vector<std::string>& names);

  // Those of a sentence, each once, in the order of their numbers. Unknown ones are left out, or learned.
  std::vector<PlacedNgram> Of(const std::vector<std::string>& sentence) const;
  std::vector<PlacedNgram> Learn(const std::vector<std::string>& sentence);

  size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }  // two words with a line end between, which none has

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, uint32_t> numbers_;
};

}  // namespace eddy
