// Sentences behind their label, a line each, as fastText reads them:
//
//     __label__positive a fine place
#pragma once

#include <string_view>

#include "data/examples.h"

namespace eddy {

inline constexpr std::string_view kLabelPrefix = "__label__";

// `fields` names what is read in errors only, but for its label, which is empty where lines may have none. A line with
// several labels is a bad one.
ExampleSet ParseLabelLines(std::string_view text, std::string_view source, const ExampleFields& fields);

}  // namespace eddy
