// Text in whatever encoding it was saved, as UTF-8. Every reader of text goes through here; what is read as bytes does not.
//
// Recognised are UTF-8, UTF-16 and UTF-32 by their byte order marks; UTF-8 without one; UTF-16 without one by where its
// zero bytes stand; and, of what is none of these, Latin-1 (ISO 8859-1) and its superset Windows-1252, where letters beyond
// ASCII are few, as in the languages that these are for. Other encodings cannot be told from each other without a model of
// languages, and are refused rather than guessed. UTF-8 with a few bytes damaged stays as it is: a reader of lines skips
// these lines, others refuse it.
#pragma once

#include <string>
#include <string_view>

#include "eddy/data.h"

namespace eddy {

struct DecodedText {
  std::string text;      // UTF-8 without a byte order mark, but for damaged bytes
  std::string encoding;  // "UTF-8", "UTF-8 with a byte order mark", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE",
                         // "Latin-1", "Windows-1252"
};

// Throws Error, naming the byte and the line, for zero bytes and for what is none of the encodings above. UTF-8 is moved,
// not copied.
DecodedText DecodeText(std::string bytes, std::string_view source);
DecodedText ReadDecoded(const Data& data);  // throws Error, also as ReadFile does

// Throws Error for text in memory with a zero byte, which is no text; `source` names it.
void RequireNoZero(std::string_view text, std::string_view source);

}  // namespace eddy
