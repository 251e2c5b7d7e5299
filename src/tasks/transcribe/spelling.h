// How transcripts are spelled: which classes of the network make a text, by characters or by subword pieces (data/pieces.h).
// Class 0 is the blank of connectionist temporal classification, which spells nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ragged.h"
#include "data/pieces.h"
#include "data/vocabulary.h"
#include "model/json.h"

namespace eddy {

inline constexpr std::string_view kBlankText = "<blank>";

struct LabelRange {
  size_t begin, end;  // [begin, end), not empty
};

class Spelling {
 public:
  Spelling() = default;
  // Of characters; a space is one of them. Throws Error where the first label is not the blank, or there is no other.
  explicit Spelling(Vocabulary labels);
  // Of pieces: the classes are the blank and all pieces that spell something. Throws Error where there are none.
  explicit Spelling(Pieces pieces);

  // Of transcripts: at most `most` of their characters, or pieces, learned of them.
  static Spelling OfCharacters(const Ragged<char>& texts, size_t most);
  static Spelling OfPieces(const Ragged<char>& texts, size_t most);

  size_t size() const { return labels_.size(); }  // V: classes, with the blank
  const Vocabulary& labels() const { return labels_; }
  const Pieces* pieces() const { return pieces_.get(); }  // none where characters are the unit
  const char* unit() const { return pieces_ ? "pieces" : "characters"; }

  std::vector<std::string> Cut(std::string_view text) const;  // into labels, of which some may not be known
  std::string Join(std::span<const int32_t> labels) const;    // the text that they spell

  // What a label adds to the word that is being spelled; a label before which a word ends is a space, or a piece with one in
  // front. A space alone adds nothing.
  bool EndsWord(int32_t label) const { return parts_[static_cast<size_t>(label)].ends_word; }
  const std::string& Letters(int32_t label) const { return parts_[static_cast<size_t>(label)].letters; }
  std::vector<int32_t> between_words() const;  // labels that stand between two words: a space, or none of pieces
  std::vector<LabelRange> WordsIn(std::span<const int32_t> labels) const;  // spaces alone are of none

 private:
  struct Part {
    bool ends_word = false;
    std::string letters;
  };

  void SetParts();

  Vocabulary labels_;
  std::shared_ptr<const Pieces> pieces_;
  std::vector<Part> parts_;  // of each label
};

// Under "characters", the labels, or "pieces", SentencePiece's model in base64.
void AddSpelling(Json& json, const Spelling& spelling);
Spelling SpellingFromJson(const Json& json);  // throws Error

}  // namespace eddy
