// A text as the sentences that are spoken one after another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eddy {

// The lines of a text, and of words also the sentences of a line, each with its full stop, question or exclamation mark.
// Empty ones are left out.
std::vector<std::string> SentencesOf(std::string_view text, bool words);

}  // namespace eddy
