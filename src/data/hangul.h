// Korean syllables and their letters: a syllable is one code point, of which there are 11,172; its two or three letters are
// of 67 kinds. Unicode 15, section 3.12, with the letters as conjoining jamo.
#pragma once

#include <string>
#include <string_view>

namespace eddy {

// The letters of `character`, one code point, where it is a syllable; itself otherwise.
std::string HangulLetters(std::string_view character);

// Text with every run of letters that makes a syllable replaced by it.
std::string ComposeHangul(std::string_view text);

}  // namespace eddy
