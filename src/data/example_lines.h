// Examples from JSON: lines of an object each, or one array of objects; see examples.h.
#pragma once

#include <string_view>

#include "data/examples.h"

namespace eddy {

// A text or label may be a number, true or false as well; a column is an array of numbers and nulls, or one number. A name
// that an object does not have, but for its dots, leads through the objects in it: rating.stars. An object that has a key
// twice is a bad one. Throws Error for an array that is not closed.
ExampleSet ParseExampleLines(std::string_view text, std::string_view source, const ExampleFields& fields);

}  // namespace eddy
