// How text is cut into tokens, and put together again. Every cut can be undone exactly.
//
// characters: a token is a code point.
// bytes:      a token is a byte; those that are not printable ASCII are spelled <0x0A>.
// words:      a token is a word (letters, digits, and apostrophes or hyphens between them), a punctuation mark, or a white
//             space character. One space between two tokens that are not white space is left out; a token that follows
//             without a space is marked by a leading ## (as in WordPiece, Devlin 2019): Oh, "no" -> Oh ##, " ##no ##"
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "eddy/text_unit.h"

namespace eddy {

std::string_view TextUnitName(TextUnit unit);   // "characters", "bytes", "words"
TextUnit ParseTextUnit(std::string_view name);  // throws Error that names the nearest

// Throws Error for invalid UTF-8 and zero bytes unless the unit is bytes; `source` names the text in it.
void RequireText(std::string_view text, TextUnit unit, std::string_view source);

// Calls visit(token) for each token in order; the view is valid during the call. Returns early when visit returns false.
// The text must have passed RequireText.
void Tokenize(std::string_view text, TextUnit unit, const std::function<bool(std::string_view token)>& visit);

// The text that `token` adds when it follows `previous` (empty at the beginning).
std::string TokenText(TextUnit unit, std::string_view token, std::string_view previous);

}  // namespace eddy
