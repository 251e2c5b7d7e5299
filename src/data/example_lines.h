// Examples from JSON lines; see examples.h.
#pragma once

#include <string_view>

#include "data/examples.h"

namespace eddy {

// Each line that is not blank is an object. A text or label may be a number, true or false as well; a column is an array of
// numbers and nulls, or one number. Throws Error that names the line.
ExampleSet ParseExampleLines(std::string_view text, std::string_view source, const ExampleFields& fields);

}  // namespace eddy
