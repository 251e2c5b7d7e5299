// --vectors: a network of words starts from vectors that were learned elsewhere. What its tasks have in common.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "data/word_vectors.h"
#include "eddy/parameter.h"
#include "options/option_table.h"

namespace eddy {

void AddVectors(OptionTable& table, std::string& file, bool& frozen);  // --vectors FILE, --freeze-vectors

// The vectors in `file` of `words`, which are looked up by their form, and of others of the file, which join them as far as
// `most_words` goes: so words that training does not show have a meaning, too. Throws Error (data/word_vectors.h).
WordVectors VectorsFor(const std::string& file, const std::function<std::string(std::string_view)>& form, size_t most_words,
                       Vocabulary& words);

// What of them decides the result of training.
std::string HashOf(const WordVectors& vectors);

// Puts them into the rows of an embedding, which stay as they are if `frozen`. Returns a line that tells of them.
std::string StartFromVectors(const WordVectors& vectors, const std::string& file, const Vocabulary& words, bool frozen,
                             Parameter& embedding);

}  // namespace eddy
