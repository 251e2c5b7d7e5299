// Examples from a .ts file, the text format of the UCR and UEA archives of time-series classification (Bagnall 2018):
//
//     # a comment
//     @problemName JapaneseVowels
//     @classLabel true 1 2 3
//     @data
//     1.86,1.89,1.94:-0.20,-0.19,-0.24:2
//
// A line after @data is an example: its columns between colons, each the numbers of one column over time, then its label
// where @classLabel is true. ? and NaN are missing values. Columns are named 1, 2, 3 ... An example that contradicts what
// the header says of it (@classLabel's classes, @univariate, @dimensions, @equalLength, @seriesLength) is a bad line; that
// there are missing values where @missing is false is but noted.
#pragma once

#include <string_view>

#include "data/examples.h"

namespace eddy {

// Labels are read where `fields.label` is not empty, and must then be there. Throws Error, naming the line, for a file with
// time stamps or of regression, and for what does not follow the format.
ExampleSet ParseTsFile(std::string_view text, std::string_view source, const ExampleFields& fields);

}  // namespace eddy
