// How text is cut into tokens, and put together again. Every cut can be undone exactly.
//
// characters: a token is a code point.
// bytes:      a token is a byte; those that are not printable ASCII are spelled <0x0A>.
// words:      a token is a word (letters, digits, and apostrophes or hyphens between them), a punctuation mark, or a white
//             space character. One space between two tokens that are not white space is left out; a token that follows
//             without a space is marked by a leading ## (as in WordPiece, Devlin 2019): Oh, "no" -> Oh ##, " ##no ##"
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "data/utf8.h"
#include "eddy/text_unit.h"

namespace eddy {

std::string_view TextUnitName(TextUnit unit);   // "characters", "bytes", "words"
TextUnit ParseTextUnit(std::string_view name);  // throws Error that names the nearest

// Throws Error for invalid UTF-8 and zero bytes unless the unit is bytes; `source` names the text in it.
void RequireText(std::string_view text, TextUnit unit, std::string_view source);

// Reads the tokens of a text in order: while (reader.Next()) Use(reader.token()). The text must have passed RequireText and
// outlive the reader.
class TokenReader {
 public:
  TokenReader(std::string_view text, TextUnit unit) : unit_(unit), rest_(text) {}
  TokenReader(const TokenReader&) = delete;  // tokens may lie in it
  TokenReader& operator=(const TokenReader&) = delete;

  // Whether there was another token; after the last one it is empty.
  bool Next() {
    if (unit_ != TextUnit::kCharacters) return NextByteOrWord();
    token_ = rest_.substr(0, CodePointBytes(rest_));
    rest_.remove_prefix(token_.size());
    return !token_.empty();
  }
  // Both are valid until Next is called.
  std::string_view token() const { return token_; }
  // Of words the one before, on which the text of the next depends; empty at the first, and of other units.
  std::string_view previous() const { return previous_; }

 private:
  bool NextByteOrWord();
  bool NextWord();

  TextUnit unit_;
  std::string_view rest_, token_, previous_;
  bool after_word_ = false;            // a token that is not white space came right before
  std::array<std::string, 2> marked_;  // in turn, the tokens that had to be spelled with a mark
  size_t turn_ = 0;
};

// The text that `token` adds when it follows `previous` (empty at the beginning), and its length in bytes.
std::string TokenText(TextUnit unit, std::string_view token, std::string_view previous);
size_t TokenBytes(TextUnit unit, std::string_view token, std::string_view previous);

}  // namespace eddy
