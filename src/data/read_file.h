// Whole files as memory, for the readers of text and CSV.
#pragma once

#include <string>

#include "eddy/data.h"

namespace eddy {

// Offsets into a file fit 32 bits, and a reader's tables are a small multiple of the file.
inline constexpr size_t kMostFileBytes = size_t{1} << 30;

// The bytes of a file (or pipe). Throws Error, with the path and the reason, when it is missing, a directory, not readable,
// empty, or larger than kMostFileBytes.
std::string ReadFile(const std::string& path);

// The same, of data in memory too. Throws Error as above.
std::string ReadBytes(const Data& data);

}  // namespace eddy
