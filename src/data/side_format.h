// How one side of a pair is cut into tokens, and put together again.
//
// words:       as in tokenizer.h; cut and joined without loss
// characters:  a token is a code point, but of a Korean syllable each of its letters is one (hangul.h)
// symbols:     what stands between white space, such as phonemes
// pieces:      subword units (pieces.h)
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

namespace eddy {

enum class SideUnit { kWords, kCharacters, kSymbols, kPieces };

std::string_view SideUnitName(SideUnit unit);   // "words", "characters", "symbols", "pieces"
SideUnit ParseSideUnit(std::string_view name);  // throws Error

// `text` is UTF-8. Pieces are not cut without knowing which: SideFormat::Cut() does.
std::vector<std::string> CutSide(std::string_view text, SideUnit unit);
std::string JoinSide(std::span<const std::string> tokens, SideUnit unit);

// Symbols where texts are of short ones with spaces between them, as phonemes are written; characters otherwise.
SideUnit CharactersOrSymbols(const Ragged<char>& texts);

struct SideFormat {
  SideUnit unit = SideUnit::kWords;
  Vocabulary vocabulary;                           // the unknown token, the end token, then the others
  std::shared_ptr<const Pieces> pieces = nullptr;  // where they are the unit

  std::vector<std::string> Cut(std::string_view text) const;
  std::vector<int32_t> Encode(std::string_view text) const;  // closed by the end token
};

// Of pieces, all of which are the vocabulary.
SideFormat PieceFormat(Pieces pieces);

// The vocabulary of texts: at most `most` tokens that occur at least `min_count` times.
SideFormat MakeSideFormat(const Ragged<char>& texts, SideUnit unit, size_t min_count, size_t most);

}  // namespace eddy
