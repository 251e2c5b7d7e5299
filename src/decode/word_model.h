// A language model of words that guides the search for what was said: one of the usual ARPA files (its n-grams with
// back-off), or interpolated Kneser-Ney learned of lines of text (floors/ngram.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/data.h"

namespace eddy {

class WordModel {
 public:
  // The last words of a text, as the model remembers them.
  using Context = std::vector<int32_t>;

  // What begins with \data\, after any remarks, is an ARPA file; anything else text, a sentence a line. Throws Error for a
  // file that is damaged or has no words.
  static WordModel Read(const Data& data);
  static WordModel ParseArpa(std::string_view text, const std::string& name);
  static WordModel Learn(std::span<const std::string> sentences, const std::string& name);
  ~WordModel();
  WordModel(WordModel&&) noexcept;

  Context Start() const;
  // The natural logarithm of p(word | context); moves `context` on. Words that the model does not know have the share that
  // it gives to unknown ones, or, where it gives none, less than that of any word.
  double Score(Context& context, std::string_view word) const;
  double End(Context context) const;  // of the text's end

  bool Knows(std::string_view word) const;
  size_t words() const;

 private:
  class Impl;
  class Arpa;
  class Learned;
  explicit WordModel(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace eddy
