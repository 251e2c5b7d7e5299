// Tables whose rows are series of one column, as the UCR archive has them: a label, then the values of all steps, with tabs,
// commas, semicolons or any number of spaces between them, mostly without a header. Values missing at the end are none:
// series shorter than the longest are filled up so.
#pragma once

#include <string_view>

#include "data/examples.h"

namespace eddy {

// What ExampleFields leaves open of such a table: whether there is a header (a first line that has names where values would
// be), and which cell is the label: that of the name or number `fields.label`, the first where that is empty and there is
// no header. A label that is neither, where there is no header, is the name of the first. Throws Error for a name that the
// header does not have.
ExampleFields CompleteRowFields(std::string_view text, ExampleFields fields);

// Of completed fields. Labels such as 1.0000000e+00 are 1. Bad rows are those of another number of cells than the first,
// and those with a value that is no number.
ExampleSet ParseRowTable(std::string_view text, std::string_view source, const ExampleFields& fields);

}  // namespace eddy
