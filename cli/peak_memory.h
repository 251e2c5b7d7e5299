// The most memory that the program has had resident so far, in bytes.
#pragma once

#include <cstddef>

namespace eddy {

size_t PeakMemory();

}  // namespace eddy
