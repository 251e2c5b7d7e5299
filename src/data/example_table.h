// Examples from a table; see examples.h.
#pragma once

#include <string_view>

#include "data/csv.h"
#include "data/examples.h"

namespace eddy {

// `separator` as in CsvFormat. Throws Error.
ExampleSet ParseExampleTable(std::string_view text, std::string_view source, const ExampleFields& fields,
                             char separator = '\0');
ExampleSet ExamplesOf(const CsvTable& table, const ExampleFields& fields);

}  // namespace eddy
