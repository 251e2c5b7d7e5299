// eddy bench reduce: what the network between processes gives, and what training on more machines would gain.
#pragma once

#include <CLI/CLI.hpp>

namespace eddy {

void AddBenchReduce(CLI::App& bench);

}  // namespace eddy
