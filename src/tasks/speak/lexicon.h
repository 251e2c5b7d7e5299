// Words and their phonemes, one a line with a tab between, as `eddy train translate` learns from them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/side_format.h"

namespace eddy {

using Lexicon = std::unordered_map<std::string, std::vector<std::string>>;

// Words in small letters; of a word that comes twice the first phonemes count. Throws Error that names `name` and the line
// for what is not of this form, and for a file without words.
Lexicon ParseLexicon(std::string_view text, SideUnit unit, const std::string& name);

}  // namespace eddy
