// The number of blocks of a residual stack, checked before any is made.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "eddy/error.h"

namespace eddy {

inline void CheckBlocks(std::string_view operation, size_t blocks) {
  if (blocks < 1 || blocks > 1000) Fail(operation, "blocks", "between 1 and 1000", std::to_string(blocks));
}

}  // namespace eddy
