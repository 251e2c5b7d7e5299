// Examples from a folder that has a folder for each class, whose files are one example each: a text, or a table whose rows
// are steps.
#pragma once

#include <string>

#include "data/examples.h"

namespace eddy {

// Files are read in the order of their names; those that begin with a dot are left out. Where `fields.label` is empty, the
// folder's own files are the examples. A file that cannot be read is a bad line. Throws Error for a folder without examples.
ExampleSet ReadClassFolder(const std::string& path, const ExampleFields& fields);

}  // namespace eddy
