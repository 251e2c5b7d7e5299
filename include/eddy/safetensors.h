// What is in a safetensors file, of whoever wrote it: the names, types, shapes and places of its arrays, for programs that
// read them themselves. Nothing is copied but that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

struct StoredArray {
  std::string name;
  std::string type;             // as the format calls it: "F32", "BF16", "I64"
  std::vector<uint64_t> shape;  // may be empty, or have zeros
  uint64_t begin = 0, end = 0;  // of its bytes, row-major and little-endian, counted from the start of the file
};

// All arrays of a file that is in memory, in the order of their bytes. Every length, offset and shape has been checked
// against the size of the file. Throws Error for what is no such file or is broken, and for headers above 32 MiB.
std::vector<StoredArray> ListSafetensors(std::string_view bytes);

}  // namespace eddy
EDDY_API_END
